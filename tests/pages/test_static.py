import json
import re
import tempfile
from pathlib import Path

from django.core.management import call_command
from django.test import SimpleTestCase, override_settings

from solidarity import settings as production


class JoinedStyleTests(SimpleTestCase):
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
