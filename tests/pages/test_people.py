from django.test import TestCase

from statements.models import Person
from statements.publishing import workflow
from tests.factories import make_naming, make_person, make_text


def make_public_person(name, **fields):
    person = make_person(name, **fields)
    make_naming(make_text(body=f"<p>Free {name}!</p>"), person)
    return person


class AddressTests(TestCase):
    def show_as(self, person, shown_as):
        Person.objects.filter(pk=person.pk).update(shown_as=shown_as)

    def test_a_person_shown_by_initials_has_an_address_without_the_name(self):
        person = make_public_person("Amina Okoye", slug="amina-okoye", shown_as="initials")

        page = self.client.get(f"/people/~{person.pk}/")

        self.assertEqual(page.status_code, 200)
        self.assertNotContains(page, "mina")
        self.assertNotContains(page, "koye")
        self.assertEqual(self.client.get("/people/amina-okoye/").status_code, 404)

    def test_no_former_address_leads_to_a_person_whose_name_is_not_shown(self):
        person = make_public_person("Amina Okoye", slug="amina")
        person.refresh_from_db()
        workflow.change_slug(person, "amina-okoye")
        self.assertRedirects(
            self.client.get("/people/amina/"), "/people/amina-okoye/", status_code=301
        )

        for shown_as in ("initials", "withheld"):
            self.show_as(person, shown_as)
            self.assertEqual(self.client.get("/people/amina/").status_code, 404)

    def test_a_link_by_number_goes_on_when_the_name_is_shown_again(self):
        person = make_public_person("Amina Okoye", slug="amina-okoye")

        self.assertRedirects(
            self.client.get(f"/de/people/~{person.pk}/"),
            "/de/people/amina-okoye/",
            status_code=301,
        )

    def test_somebody_whose_name_is_withheld_has_no_page_at_all(self):
        person = make_public_person("Amina Okoye", slug="amina-okoye", shown_as="withheld")

        for path in (f"/people/~{person.pk}/", "/people/amina-okoye/", "/people/~x/", "/people/~/"):
            self.assertEqual(self.client.get(path).status_code, 404, path)
