"""The texts of a statement name each other, each in its language and direction."""

from urllib.parse import quote

from django.test import TestCase

from statements.publishing import workflow
from tests.factories import make_text
from tests.pages.shown import words_of


class TranslationTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.text = make_text("No evictions", language="de", slug="keine")
        cls.version = cls.text.live_revision
        cls.arabic = make_text(
            "لا للإخلاء",
            language="ar",
            slug="لا",
            statement=cls.text.statement,
            authority="unofficial",
            translator="Example Circle",
            translated_from=cls.version,
        )
        make_text("Draft", language="fr", statement=cls.text.statement, published=False)

    def test_texts_name_each_other_and_drafts_are_not_named(self):
        response = self.client.get("/statements/keine/")

        address = f"/statements/{quote('لا')}/"
        self.assertContains(
            response, f'<link rel="alternate" hreflang="ar" href="http://testserver{address}">'
        )
        self.assertContains(
            response, f'<a href="{address}" lang="ar" dir="rtl" hreflang="ar">العربية</a>'
        )
        self.assertIn(
            "Unofficial translation from version 1 in German by Example Circle Version",
            words_of(response),
        )
        self.assertNotContains(response, 'hreflang="fr"')

    def test_a_reader_of_another_language_is_told_of_the_text_in_theirs(self):
        german = self.client.get("/de/statements/keine/")
        arabic = self.client.get("/ar/statements/keine/")

        address = f"/ar/statements/{quote('لا')}/"
        self.assertNotContains(german, '<aside class="slip notice')
        self.assertContains(arabic, f'<a href="{address}" hreflang="ar">')

    def test_the_text_it_was_translated_from_is_offered_once(self):
        german = self.client.get(f"/de/statements/{quote('لا')}/")

        self.assertContains(german, '<a href="/de/statements/keine/" hreflang="de">', count=1)

    def test_a_translation_says_what_it_is_and_when_it_is_out_of_date(self):
        before = words_of(self.client.get(self.arabic.get_absolute_url()))
        revision = workflow.save_words(
            self.text, {"title": "No evictions!"}, based_on=self.version.pk
        )
        workflow.publish(revision, change="typographical")
        after = words_of(self.client.get(self.arabic.get_absolute_url()))

        told = "It was translated from version 1, which a later one has replaced."
        self.assertNotIn(told, before)
        self.assertIn(told, after)
        self.assertIn("out of date", words_of(self.client.get("/statements/keine/")))

    def test_foreign_words_bear_their_language_and_direction(self):
        response = self.client.get(self.arabic.get_absolute_url())

        self.assertContains(response, '<h1 lang="ar" dir="rtl">لا للإخلاء</h1>')
        self.assertContains(response, '<div class="words" lang="ar" dir="rtl">')
