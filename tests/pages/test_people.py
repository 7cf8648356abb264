from django.test import TestCase

from statements.models import Person
from statements.publishing import slugs
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_text,
)


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
        slugs.change_slug(person, "amina-okoye")
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


class PersonPageTests(TestCase):
    def setUp(self):
        self.person = make_person("Amina Okoye", slug="amina")

    def get(self, path="/people/amina/"):
        return self.client.get(path)

    def make_demanded(self, words="Free Amina Okoye!", *, people=(), **fields):
        text = make_text(body=f"<p>{words}</p>", **fields)
        demand = make_demand("Free her", people=[self.person, *people])
        make_demand_made(text, words, demand=demand)
        return text

    def test_it_shows_what_statements_say_and_that_unknown_is_unknown(self):
        other, hidden = make_person("Bo Example"), make_person("Cyril Obscure", shown_as="withheld")
        self.make_demanded("Free Amina Okoye and Bo!", people=[other, hidden], title="Appeal")
        named = make_text("Letter", body="<p>Aminy Okoye.</p>", issued="2021-01-01", language="pl")
        make_naming(named, self.person, "Aminy Okoye")
        self.person.names.create(language="ru", name="Амина Окойе")

        page = self.get()

        self.assertContains(page, "Unknown” says what this archive knows")
        [claim] = page.context["claims"]
        self.assertEqual([words.words for words in claim.words], ["Free Amina Okoye and Bo!"])
        self.assertEqual(
            [(row.title, [one.name for one in names]) for row, names in page.context["rows"]],
            [("Letter", ["Aminy Okoye"]), ("Appeal", [])],
        )
        self.assertContains(page, '<bdi lang="ru" dir="ltr">Амина Окойе</bdi>')
        self.assertEqual([str(one) for one in page.context["named_with"]], ["Bo Example"])
        self.assertNotContains(page, "Obscure")

    def test_initials_are_all_that_is_shown_of_a_name(self):
        self.person.names.create(language="de", name="Aminah Okoje")
        self.person.names.create(language="ru", name="Амина Окойе")
        text = self.make_demanded("Free Amina Okoye!", title="For Amina Okoye", slug="appeal")
        make_naming(text, self.person, "Amina Okoye")
        make_naming(text, self.person, "Amine Okoyes")
        Person.objects.update(shown_as="initials")

        for path in ("/people/~{}/", "/de/people/~{}/", "/ar/people/~{}/", "/people/"):
            page = self.get(path.format(self.person.pk))
            self.assertContains(page, "A. O.")
            for part in ("mina", "koye", "mine", "Окойе", "koje", "amina"):
                self.assertNotContains(page, part, msg_prefix=path)

    def test_drafts_show_nothing(self):
        make_naming(make_text("Public"), self.person)
        self.make_demanded("Secret words", title="Secret title", published=False)
        make_naming(make_text("Secret letter", published=False), self.person, "Secret Amina")

        self.assertNotContains(self.get(), "Secret")

    def test_the_number_of_queries_is_the_same_for_one_statement_and_for_three(self):
        for number in (1, 3):
            for _each in range(number):
                text = self.make_demanded(
                    organisations=[make_organisation()],
                    events=[make_event()],
                    people=[make_person()],
                )
                make_naming(text, self.person)
                self.person.names.create(language="ru", name=f"Амина {text.pk}")
            with self.subTest(number=number), self.assertNumQueries(12):
                self.get()


class PersonListTests(TestCase):
    def test_those_without_a_full_name_stand_last_whatever_their_name(self):
        zoe = make_public_person("Zoe Example")
        first = make_public_person("Amina Okoye", shown_as="initials")
        bo = make_public_person("Bo Example")
        make_public_person("Cyril Obscure", shown_as="withheld")
        make_person("Secret")

        page = self.client.get("/people/")

        self.assertEqual([row.pk for row in page.context["page"].rows], [bo.pk, zoe.pk, first.pk])
        for part in ("Amina", "Okoye", "amina", "Obscure", "Secret"):
            self.assertNotContains(page, part)

    def test_the_number_of_queries_does_not_depend_on_the_rows(self):
        for number in (1, 3):
            for each in range(number):
                make_public_person(f"Person {number} {each}")
            with self.subTest(number=number), self.assertNumQueries(3):
                self.client.get("/people/")

    def test_an_empty_list_says_so(self):
        self.assertContains(self.client.get("/people/"), "Nobody is listed yet.")
