import json
import re
import tempfile
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import SimpleTestCase, override_settings

from solidarity import settings as production

# What is asked here is the same on any database.
pytestmark = pytest.mark.once

# What the editor's bundle holds and a site must not serve (R-CO6).
NEVER_SERVED = re.compile(
    r"/samples/|/exportpdf/|/preview/|/wsc/|/scayt/|/codesnippetgeshi/|/adobeair/|/flash/"
    r"|/devtools/|galleriffic|bender|\.md$|ckeditor_uploader"
)


class CollectedTests(SimpleTestCase):
    def test_files_of_the_editor_that_are_not_used_are_not_collected(self):
        with (
            tempfile.TemporaryDirectory() as folder,
            override_settings(STATIC_ROOT=folder),
        ):
            call_command("collectstatic", verbosity=0, interactive=False)
            files = [path.relative_to(folder).as_posix() for path in Path(folder).rglob("*.*")]

        self.assertIn("ckeditor/ckeditor/ckeditor.js", files)
        self.assertIn("ckeditor/ckeditor/plugins/divarea/plugin.js", files)
        self.assertEqual(
            [name for name in files if name.startswith("ckeditor") and NEVER_SERVED.search(name)],
            [],
        )

    def test_collected_styles_are_one_file_whose_fonts_are_there(self):
        with (
            tempfile.TemporaryDirectory() as folder,
            override_settings(STATIC_ROOT=folder, STORAGES=production.STORAGES),
        ):
            call_command("collectstatic", verbosity=0, interactive=False)
            paths = json.loads((Path(folder) / "staticfiles.json").read_text())["paths"]
            css = (Path(folder) / paths["css/site.css"]).read_text()
            fonts = re.findall(r'url\("\.\./(fonts/[^"]+)"\)', css)

            self.assertNotIn("@import", css)
            for part in ("--paper:", ".masthead", ".demand", "@media print"):
                self.assertIn(part, css)
            self.assertEqual(len(fonts), 8)
            for font in fonts:
                self.assertTrue((Path(folder) / font).is_file(), font)
