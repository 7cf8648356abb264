from django.test import TestCase

from statements.dates import PartialDate
from statements.models import Authorship
from statements.publishing import links
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_organisation,
    make_person,
    make_place,
    make_text,
)


class OrganisationPageTests(TestCase):
    def setUp(self):
        self.union = make_organisation("Union", slug="union")

    def get(self, path="/organisations/union/"):
        return self.client.get(path)

    def sign(self, text, name=""):
        Authorship.objects.create(
            statement=text.statement,
            organisation=self.union,
            role="signatory",
            name_as_printed=name,
        )
        links.links_changed(text.statement)

    def test_it_lists_what_it_issued_and_what_it_signed_as_printed(self):
        make_text("Issued", organisations=[self.union])
        self.sign(make_text("Signed"), "The Union, local branch")
        make_text("By others", organisations=[make_organisation()])

        page = self.get()

        self.assertEqual([row.title for row in page.context["rows"]], ["Issued"])
        self.assertEqual(
            [(one.title, one.name_as_printed) for one in page.context["signed"]],
            [("Signed", "The Union, local branch")],
        )
        self.assertNotContains(page, "By others")

    def test_it_shows_what_it_demands_and_not_what_the_editors_do(self):
        text = make_text(
            introduction="<p>Free them!</p>",
            body="<p>Lower the rents! Rents down!</p>",
            organisations=[self.union],
        )
        rents = make_demand("Lower rents")
        make_demand_made(text, "Lower the rents!", demand=rents)
        make_demand_made(text, "Rents down!", demand=rents)
        make_demand_made(
            text, "Free them!", demand=make_demand(), voice="editors", field="introduction"
        )

        demands = self.get().context["demands"]

        self.assertEqual(
            [[words.words for claim in claims for words in claim.words] for claims in demands],
            [["Lower the rents!", "Rents down!"]],
        )

    def test_it_shows_names_dates_family_and_website(self):
        family = make_organisation("Federation", slug="federation")
        union = make_organisation(
            "Профсоюз",
            slug="profsoyuz",
            language="ru",
            acronym="ПС",
            classification="union",
            parent=family,
            country=make_place("RU"),
            website="https://www.example.org/about",
            founded=PartialDate.parse("1991"),
            is_example=True,
        )
        union.names.create(language="en", name="The Union")
        union.names.create(language="de", name="Gewerkschaft", used_until=PartialDate.parse("2004"))
        make_organisation("Branch", slug="branch", parent=union)
        make_organisation("Secret sister", parent=family)
        make_text(organisations=[union])

        page = self.get("/organisations/profsoyuz/")

        for words in (
            '<h1 lang="en" dir="ltr">The Union</h1>',
            '<bdi lang="ru" dir="ltr">Профсоюз</bdi>',
            '<bdi lang="de" dir="ltr">Gewerkschaft</bdi>',
            'until <time datetime="2004">2004</time>',
            "ПС",
            "Organisation: trade union",
            'href="/places/RU/">Russia</a>',
            'href="/organisations/federation/"',
            'href="/organisations/branch/"',
            '<time datetime="1991">1991</time>',
            'rel="noopener noreferrer nofollow" dir="ltr">example.org</a>',
            "Invented example",
        ):
            self.assertContains(page, words)
        self.assertNotContains(page, "Secret")

    def test_drafts_show_nothing(self):
        make_text(organisations=[self.union])
        draft = make_text("Secret", organisations=[self.union], published=False)
        self.sign(make_text("Secret too", published=False))
        make_demand_made(draft, demand=make_demand("Secret demand"))

        self.assertNotContains(self.get(), "Secret")

    def test_withheld_names_stand_neither_in_titles_nor_in_signatures(self):
        person = make_person("Cyril Obscure", shown_as="withheld")
        text = make_text("For Cyril Obscure")
        text.namings.create(person=person, spelling="Cyril Obscure")
        self.sign(text, "Friends of Cyril Obscure")

        page = self.get()

        self.assertContains(page, "Friends of [name withheld]")
        self.assertNotContains(page, "Obscure")

    def test_one_that_is_not_public_is_not_found(self):
        self.assertEqual(self.get().status_code, 404)

    def test_the_number_of_queries_is_the_same_for_one_statement_and_for_three(self):
        for number in (1, 3):
            for _each in range(number):
                text = make_text(
                    body="<p>Now!</p>",
                    organisations=[self.union, make_organisation()],
                    events=[make_event()],
                    places=[make_place("FR")],
                )
                make_demand_made(text, "Now!", demand=make_demand(people=[make_person()]))
                self.sign(make_text())
                make_organisation(parent=self.union)
            with self.subTest(number=number), self.assertNumQueries(13):
                self.get()


class OrganisationListTests(TestCase):
    def test_they_stand_by_name_with_what_they_issued(self):
        first = make_organisation("Action", acronym="ACT", country=make_place("FR"))
        second = make_organisation("Bund", language="de")
        second.names.create(language="en", name="Alliance")
        make_text(organisations=[second])
        make_text(organisations=[first, second])
        make_organisation("Secret")

        page = self.client.get("/organisations/")

        self.assertEqual(
            [(row.name_shown, row.statement_count) for row in page.context["page"].rows],
            [("Action", 1), ("Alliance", 2)],
        )
        for words in ("(ACT)", "France", '<bdi lang="de" dir="ltr">Bund</bdi>', "2 statements"):
            self.assertContains(page, words)
        self.assertNotContains(page, "Secret")

    def test_the_number_of_queries_does_not_depend_on_the_rows(self):
        for number in (1, 3):
            for _each in range(number):
                make_text(organisations=[make_organisation(country=make_place("FR"))])
            with self.subTest(number=number), self.assertNumQueries(2):
                self.client.get("/organisations/")

    def test_an_empty_list_says_so(self):
        self.assertContains(self.client.get("/organisations/"), "No organisation is published yet.")
