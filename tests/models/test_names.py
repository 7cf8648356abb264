from django.test import TestCase

from statements.models import Person
from tests.factories import make_person


class NameTests(TestCase):
    def shown(self, language):
        return Person.objects.named(language).get().name_shown

    def test_the_name_is_the_one_in_the_readers_language_else_its_own(self):
        make_person("Amina Example").names.create(language="ru", name="Амина Пример")

        self.assertEqual(
            [self.shown(language) for language in ("ru", "de")], ["Амина Пример", "Amina Example"]
        )

    def test_another_spelling_in_its_own_language_does_not_displace_its_own_name(self):
        make_person("Amina Example", language="en").names.create(
            language="en", name="Ameena Example"
        )

        self.assertEqual(self.shown("en"), "Amina Example")
