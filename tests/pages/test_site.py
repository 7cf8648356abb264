from html import unescape

import pytest
from django.test import SimpleTestCase, TestCase

from statements.models import SiteSettings

# What is asked here is the same on any database.
pytestmark = pytest.mark.once


class SiteTextTests(TestCase):
    def test_before_anybody_wrote_them_the_pages_say_what_the_software_does(self):
        self.assertContains(self.client.get("/about/"), "Each demand stands beside the exact words")
        self.assertContains(self.client.get("/privacy/"), "Reading here sets no cookie")

    def test_what_editors_wrote_is_shown_cleaned_in_its_language(self):
        site = SiteSettings.objects.create(pk=1, contact_email="us@example.org")
        site.texts.create(
            language="en",
            name="Our archive",
            about="<p>We are <strong>nobody</strong>.</p><script>alert(1)</script>",
            privacy="<p>We keep nothing.</p>",
        )

        for prefix in ("", "/de"):
            about = self.client.get(f"{prefix}/about/")
            self.assertContains(about, "<p>We are <strong>nobody</strong>.</p>")
            self.assertContains(about, '<div class="prose" lang="en" dir="ltr">')
            self.assertContains(about, "mailto:us@example.org")
            self.assertNotContains(about, "alert")
            self.assertContains(self.client.get(f"{prefix}/privacy/"), "We keep nothing.")

    def test_the_foot_of_a_page_says_what_holds_now(self):
        site = SiteSettings.objects.create(pk=1)
        texts = site.texts.create(language="en", name="One <archive>")
        for name in ("One &lt;archive&gt;", "Another"):
            texts.name = unescape(name)
            texts.save()
            for prefix, tags in (("", "Tags"), ("/de", "Schlagwörter"), ("/ar", "الوسوم")):
                foot = self.client.get(f"{prefix}/about/").content.decode().split("<footer")[1]
                with self.subTest(name, prefix=prefix):
                    self.assertIn(f'<p class="serif"><bdi>{name}</bdi></p>', foot)
                    self.assertIn(f'<a href="{prefix}/tags/">{tags}</a>', foot)
        for closed in (True, False):
            SiteSettings.objects.update(submissions_closed=closed)
            foot = self.client.get("/about/").content.decode().split("<footer")[1]
            self.assertEqual("Submit a statement" in foot, not closed)

    def test_reading_sets_no_cookie(self):
        for path in ("/about/", "/privacy/", "/healthz"):
            self.assertEqual(dict(self.client.get(path).cookies), {}, path)


class HealthTests(SimpleTestCase):
    def test_the_process_answers_without_asking_the_database(self):
        response = self.client.get("/healthz")

        self.assertEqual((response.status_code, response.content), (200, b"ok\n"))
