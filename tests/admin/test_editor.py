import json

import pytest
from django.db import connection
from django.test import SimpleTestCase, override_settings

from statements import markup
from statements.admin.editor import RichTextWidget
from tests.admin.posting import LIST, EditorCase, posted_from
from tests.factories import make_text

# What is asked here is the same on any database.
pytestmark = pytest.mark.once


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


class EditorWidgetTests(EditorCase):
    def test_only_cleaned_markup_reaches_the_editor(self):
        text = make_text()
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE statements_revision SET body = %s WHERE id = %s",
                [
                    "<p onclick='x()'>A</p><script>alert(1)</script><img src=x>",
                    text.working_revision_id,
                ],
            )

        page = self.client.get(self.page(text))

        self.assertContains(page, "&lt;p&gt;A&lt;/p&gt;")
        self.assertNotContains(page, "alert(1)")
        self.assertNotContains(page, "x()")

    def test_the_policy_is_weaker_only_where_the_editor_is(self):
        text = make_text()

        policies = {
            address: self.client.get(address)["Content-Security-Policy"]
            for address in (LIST, f"{LIST}add/", self.page(text))
        }

        self.assertNotIn("unsafe-inline", policies[LIST])
        for address in (f"{LIST}add/", self.page(text)):
            self.assertIn("script-src 'self';", policies[address])
            self.assertIn("style-src 'self' 'unsafe-inline'", policies[address])

    @override_settings(RICH_TEXT_WIDGET="django.forms.Textarea")
    def test_a_plain_text_area_serves_as_well(self):
        text = make_text(language="ar", body="<p>Words</p>")

        page = self.client.get(self.page(text))

        self.assertContains(page, 'data-part="body"')
        self.assertContains(page, "&lt;p&gt;Words&lt;/p&gt;")
        self.assertNotContains(page, "ckeditor")
        data = posted_from(page) | {"body": "One.\n\nTwo.", "_continue": "1"}
        self.client.post(self.page(text), data)
        text.refresh_from_db()
        self.assertEqual(text.working_revision.body, "<p>One.</p>\n<p>Two.</p>")
