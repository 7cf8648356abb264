import json

from django.test import SimpleTestCase

from statements import markup
from statements.admin.editor import RichTextWidget


class EditorConfigurationTests(SimpleTestCase):
    """What the editor in the page is really told: R-CO5."""

    def config(self):
        context = RichTextWidget(attrs={"data-part": "body"}).get_context("body", "", {"id": "b"})
        return json.loads(context["widget"]["config"])

    def test_its_own_filter_allows_what_cleaning_allows(self):
        allowed = self.config()["allowedContent"]

        self.assertEqual(set(allowed), markup.TAGS)
        self.assertEqual(allowed["a"], {"attributes": "dir,href,lang,title"})
        self.assertEqual(allowed["span"], {"attributes": "dir,lang"})

    def test_nothing_in_it_calls_others_uploads_or_opens_frames(self):
        config = self.config()
        removed = set(config["removePlugins"].split(","))

        self.assertLessEqual(
            {
                *("scayt", "wsc", "exportpdf", "iframe", "iframedialog", "embed", "embedsemantic"),
                *("embedbase", "autoembed", "flash", "forms", "preview", "print", "templates"),
                *("smiley", "about", "newpage", "save", "codesnippetgeshi", "devtools"),
                *("docprops", "sourcedialog", "stylesheetparser", "uploadimage", "contextmenu"),
                *("liststyle", "tabletools", "tableselection"),
            },
            removed,
        )
        self.assertEqual(
            set(config["extraPlugins"].split(",")), {"divarea", "passages", "tidypaste"}
        )
        self.assertEqual(
            {name: config[name] for name in ("versionCheck", "fullPage", "customConfig")},
            {"versionCheck": False, "fullPage": False, "customConfig": ""},
        )
        self.assertEqual([name for name in config if "upload" in name.lower()], [])

    def test_nobody_has_a_button_for_the_source(self):
        buttons = [button for group in self.config()["toolbar"] for button in group]

        self.assertNotIn("Source", buttons)
        self.assertIn("Bold", buttons)
