import pytest
from django.test import TestCase
from django.urls import reverse

from statements.admin.lookups import containing, named_like
from statements.models import Organisation
from tests.admin.posting import EditorCase
from tests.factories import make_organisation, make_source

# What is asked here is the same on any database.
pytestmark = pytest.mark.once


class SearchTests(TestCase):
    def setUp(self):
        self.movement = make_organisation(
            "Российское социалистическое движение", language="ru", acronym="РСД"
        )
        self.movement.names.create(language="en", name="Russian Socialist Movement", acronym="RSM")
        self.movement.names.create(language="ar", name="الحركة الاشتراكية الروسية")
        make_organisation("Союз докеров", language="ru")

    def found(self, term):
        return list(
            named_like(Organisation.objects.all(), term, ("name", "acronym"), ("name", "acronym"))
        )

    def test_a_record_is_found_by_any_name_in_any_script_and_case(self):
        for term in (
            "социалистическое",
            "СОЦИАЛИСТИЧЕСКОЕ российское",
            "рсд",
            "rsm",
            "movement RUSSIAN",
            "الاشتراكية",
        ):
            with self.subTest(term=term):
                self.assertEqual(self.found(term), [self.movement])

    def test_every_word_must_stand_in_the_names(self):
        self.assertEqual(self.found("движение докеров"), [])

    def test_an_empty_term_finds_everything(self):
        self.assertEqual(len(self.found("  ")), 2)
        self.assertEqual(Organisation.objects.filter(containing("", "name")).count(), 2)


class SourceTests(EditorCase):
    def test_sources_of_one_publication_are_told_apart_in_the_look_up(self):
        make_source(title="No evictions", url="https://www.example.org/2020/no-evictions/")
        make_source(title="", published="2020-08", url="https://example.net/%D9%84%D8%A7?id=1")
        make_source(title="", published=None, url="")
        address = reverse("admin:autocomplete")
        asked = {"app_label": "statements", "model_name": "statement", "field_name": "source"}

        answer = self.client.get(address, asked | {"term": "gazette"})

        self.assertEqual(
            [one["text"] for one in answer.json()["results"]],
            [
                "\u2068Example Gazette\u2069",
                "\u2068Example Gazette\u2069, August 2020, example.net/لا",
                "\u2068Example Gazette\u2069, \u2068No evictions\u2069, 12 August 2020,"
                " example.org/2020/no-evictions",
            ],
        )
