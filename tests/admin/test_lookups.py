from django.test import TestCase

from statements.admin.lookups import containing, named_like
from statements.models import Organisation
from tests.factories import make_organisation


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
