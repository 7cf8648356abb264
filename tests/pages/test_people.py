from datetime import date
from unittest import mock

from django.test import SimpleTestCase, TestCase

from statements.dates import PartialDate
from statements.models import Person, PersonUpdate
from statements.models.custody import custody
from statements.publishing import links, slugs
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_source,
    make_text,
    make_update,
)
from tests.pages.shown import words_of


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

    @mock.patch("statements.pages.people.MOST_DEMANDS", 2)
    def test_demands_for_which_the_page_has_no_room_are_counted_and_led_to(self):
        self.make_demanded(), self.make_demanded()
        make_demand("Of a draft", people=[self.person])
        self.assertNotContains(self.get(), "?person=")

        self.make_demanded()

        page = self.get()
        self.assertEqual(len(page.context["demands"]), 2)
        self.assertContains(page, "These are the newest 2 of 3.")
        self.assertContains(page, 'href="/demands/?person=amina"')
        german = self.get("/de/people/amina/")
        self.assertContains(german, 'href="/de/demands/?person=amina"')
        listed = self.client.get("/demands/?person=amina").context["page"].rows
        self.assertEqual(len(listed), 3)
        with mock.patch("statements.pages.people.MOST_COUNTED", 2):
            self.assertContains(self.get(), "These are the newest 2 of more than 2.")
        Person.objects.filter(pk=self.person.pk).update(shown_as="initials")
        by_number = f"~{self.person.pk}"
        page = self.get(f"/people/{by_number}/")
        self.assertContains(page, f'href="/demands/?person={by_number}"')

    def test_that_others_are_named_with_a_person_is_said_where_not_all_have_room(self):
        for name in ("Bo", "Cy"):
            demand = make_demand(people=[self.person, make_person(name)])
            make_demand_made(make_text(), demand=demand)
        others = "and others, who stand with these demands"
        self.assertNotContains(self.get(), others)

        with mock.patch("statements.pages.people.MOST_NAMED_WITH", 1):
            page = self.get()

        self.assertContains(page, others)
        self.assertContains(page, ">Bo</bdi>")
        self.assertNotContains(page, ">Cy</bdi>")

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
            with self.subTest(number=number), self.assertNumQueries(14):
                self.get()

    def test_what_became_of_somebody_is_told_with_sources_and_the_days_are_counted(self):
        make_naming(make_text(), self.person)
        make_update(self.person, "arrested", "2020-08-12", quotation="They took her.")
        make_update(self.person, "on-trial", "2020-12")
        make_update(self.person, "released", "2021-02")

        page = self.get()

        self.assertEqual(
            [str(one.update) for one in page.context["entries"]],
            ["released, February 2021", "on trial, December 2020", "arrested, 12 August 2020"],
        )
        self.assertContains(page, "They took her.")
        self.assertContains(page, "Example Gazette")
        self.assertIn(
            "In custody 173 to 200 days from 12 August 2020 to February 2021", words_of(page)
        )

    def test_who_is_held_still_is_counted_to_today_and_the_page_says_how_old_that_is(self):
        make_naming(make_text(), self.person)
        make_update(self.person, "detained", "2020-08")
        make_update(self.person, "sentenced", "2021-03-01")

        with mock.patch("django.utils.timezone.localdate", return_value=date(2021, 9, 1)):
            page = self.get()

        self.assertIn(
            "366 to 396 days since August 2020 , counted to today: no release is known here, and"
            " the last entry is of 1 March 2021",
            words_of(page),
        )

    def test_entries_show_no_name_that_the_page_does_not(self):
        other = make_person("Cyril Obscure", shown_as="withheld")
        self.make_demanded(people=[other])
        source = make_source(title="The case of Amina Okoye", url="https://example.org/amina")
        make_update(
            self.person, "arrested", source=source, quotation="Amina Okoye and Cyril Obscure"
        )
        Person.objects.filter(pk=self.person.pk).update(shown_as="initials")

        page = self.get(f"/people/~{self.person.pk}/")

        self.assertContains(page, "Arrested")
        for part in ("mina", "koye", "Obscure"):
            self.assertNotContains(page, part)


class SearchTests(TestCase):
    def found(self, query):
        page = self.client.get(f"/people/?{query}")
        return [str(one) for one in page.context["page"].rows]

    def test_one_spelling_finds_all_and_those_alone_who_are_named_in_full(self):
        amina = make_public_person("Amína Okoye")
        amina.names.create(language="ru", name="Амина Окойе")
        amina.names.create(language="ar", name="أمينة أوكوي")
        make_public_person("Bo Example")
        hidden = make_public_person("Amina Obscure", shown_as="initials")
        hidden.names.create(language="ru", name="Амина Обскура")
        for person in (amina, hidden):
            links.record_saved(person)

        for query in ("q=amina", "q=OKOYE+Am", "q=амина", "q=Окойе", "q=اوكوي"):
            with self.subTest(query):
                self.assertEqual(self.found(query), ["Amína Okoye"])
        self.assertEqual(self.found("q=Obscure"), [])
        self.assertEqual(self.found("q=Okoye+Example"), [])

    def test_people_are_filtered_by_state_and_by_the_year_of_its_change(self):
        for name, state, day in (
            ("Ada", "released", "2021-05-01"),
            ("Bo", "released", "2022-05"),
            ("Cy", "detained", "2021-05-01"),
        ):
            make_update(make_public_person(name), state, day)

        self.assertEqual(self.found("state=released"), ["Ada", "Bo"])
        self.assertEqual(self.found("state=released&year=2021"), ["Ada"])
        self.assertEqual(self.found("state=none&year=x"), ["Ada", "Bo", "Cy"])
        with mock.patch("statements.pages.people.LISTED", 1):
            first = self.client.get("/people/?state=released")
        self.assertIn("state=released", first.context["page"].older)


class CustodyTests(SimpleTestCase):
    def told(self, *entries, today=date(2021, 1, 1)):
        updates = [
            PersonUpdate(pk=number, state=state, happened=PartialDate.parse(day))
            for number, (state, day) in enumerate(entries, 1)
        ]
        return [one.days(today) for one in custody(updates)]

    def test_days_are_as_exact_as_the_dates(self):
        for entries, expected in (
            ([("arrested", "2020-12-31")], [(1, 1)]),
            ([("arrested", "2020-12")], [(1, 31)]),
            ([("arrested", "before 2020-12-31")], [(2, None)]),
            ([("arrested", "after 2020-12-30")], [(None, 1)]),
            ([("detained", "2020-12-01"), ("detained", "2020-12-05")], [(31, 31)]),
            ([("sentenced", "2020-12-01")], []),
            ([("arrested", "2020-01-01"), ("disappeared", "2020-02-01")], []),
            ([("arrested", "2020-01-01"), ("released", "2020-01-01")], [(0, 0)]),
            (
                [
                    ("arrested", "2020-01-01"),
                    ("released", "2020-01-11"),
                    ("arrested", "2020-12-31"),
                ],
                [(1, 1), (10, 10)],
            ),
        ):
            with self.subTest(entries):
                self.assertEqual(self.told(*entries), expected)


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
