from unittest.mock import patch

from django.test import TestCase

from statements.models import Demand, Place
from statements.publishing import links, standing, workflow
from tests.factories import (
    make_addressee,
    make_demand,
    make_demand_made,
    make_event,
    make_organisation,
    make_person,
    make_place,
    make_source,
    make_text,
)


def make_made(demand, words="Now!", voice="organisation", field="body", **fields):
    """A statement by an organisation of its own that makes a demand in these words."""
    fields = {"organisations": [make_organisation()], field: f"<p>{words}</p>"} | fields
    text = make_text(**fields)
    make_demand_made(text, words, demand=demand, voice=voice, field=field)
    return text


class DemandPageTests(TestCase):
    def get(self, path="/demands/rents/"):
        return self.client.get(path)

    def test_it_shows_who_makes_it_in_which_words(self):
        demand = make_demand("Lower the rents", slug="rents")
        french = make_made(
            demand,
            "Baissez les loyers !",
            title="Appel",
            language="fr",
            organisations=[make_organisation("Ligue", slug="ligue")],
        )
        make_text("Appeal", statement=french.statement, body="<p>Lower!</p>")

        page = self.get()

        [claim] = page.context["claims"]
        [words] = claim.words
        self.assertEqual(
            (words.words, words.language, words.part, words.version),
            ("Baissez les loyers !", "fr", "body", 1),
        )
        self.assertContains(page, "Voice: the organisation")
        self.assertContains(page, 'href="/organisations/ligue/"')
        self.assertContains(page, "Made by 1 organisation")
        self.assertContains(page, f'href="{words.url}">See these words in the statement</a>')
        address, _hash, anchor = words.url.partition("#")
        self.assertContains(self.client.get(address), f'id="{anchor}">Baissez les loyers !</mark>')

    def test_the_editors_voice_says_so_and_counts_for_no_organisation(self):
        union = make_organisation("Union")
        demand = make_demand(slug="rents")
        make_made(
            demand,
            voice="editors",
            field="introduction",
            issued="before 2020-08-09",
            source=make_source("2020-08-12"),
            organisations=[union],
        )

        page = self.get()

        self.assertContains(page, "Voice: the editors")
        self.assertContains(page, "Made in the editors’ words alone")
        self.assertContains(page, "12 August 2020")
        self.assertNotContains(page, "Union</bdi>")

    def test_an_invented_statement_is_marked_once_beside_its_words(self):
        demand = make_demand("Open the gates")
        union = make_organisation(is_example=True)
        text = make_text(body="<p>Open them.</p>", is_example=True, organisations=[union])
        make_demand_made(text, "Open them", demand=demand)

        page = self.client.get(demand.get_absolute_url())

        self.assertContains(page, '<span class="sample">Invented example</span>', 1)

    def test_it_says_to_whom_and_in_which_other_languages(self):
        addressee = make_addressee("the council", contacts="1 Example Street\nmail@example.org")
        addressee.names.create(language="de", name="der Stadtrat")
        demand = make_demand("Lower the rents", slug="rents", addressee=addressee)
        demand.names.create(language="de", name="Mieten senken")
        make_made(demand, events=[make_event("Rent strike")])

        in_english, in_german = self.get(), self.get("/de/demands/rents/")

        self.assertContains(in_english, '<bdi lang="de" dir="ltr">Mieten senken</bdi>')
        self.assertContains(in_english, "1 Example Street<br>mail@example.org")
        self.assertContains(in_english, "Rent strike")
        self.assertContains(in_german, '<h1 lang="de" dir="ltr">Mieten senken</h1>')
        self.assertContains(in_german, "der Stadtrat")
        self.assertContains(in_german, '<bdi lang="en" dir="ltr">Lower the rents</bdi>')

    def test_persons_concerned_are_unknown_and_no_name_leaks(self):
        known = make_person("Bo Example")
        short = make_person("Amina Okoye", shown_as="initials")
        hidden = make_person("Cyril Obscure", shown_as="withheld")
        demand = make_demand(
            "Free Bo Example, Amina Okoye and Cyril Obscure",
            slug="free",
            people=[known, short, hidden],
        )
        demand.names.create(
            language="de", name="Freiheit für Bo Example, Amina Okoye, Cyril Obscure"
        )
        make_made(demand, "Free Bo Example, Amina Okoye and Cyril Obscure!")

        page = self.get("/demands/free/")

        self.assertContains(page, "Free Bo Example, A. O. and [name withheld]")
        self.assertContains(page, f'href="/people/~{short.pk}/"')
        self.assertContains(page, "</svg> Unknown</span>", count=3)
        for part in ("Amina", "Okoye", "Cyril", "Obscure"):
            self.assertNotContains(page, part)
            self.assertNotContains(self.get("/demands/"), part)

    def test_a_demand_that_no_statement_makes_any_more_conceals_names_too(self):
        hidden = make_person("Cyril Obscure", shown_as="withheld")
        demand = make_demand("Free Cyril Obscure", slug="free", people=[hidden])
        text = make_made(demand)
        text.statement.demands_made.all().delete()
        links.links_changed(text.statement)

        page = self.get("/demands/free/")

        self.assertContains(page, "No published statement makes this demand at present.")
        self.assertNotContains(page, "Obscure")

    def test_drafts_make_no_demand(self):
        demand = make_demand("Lower the rents", slug="rents")
        make_made(demand, "Secret words", title="Secret title", published=False)
        self.assertEqual(self.get().status_code, 404)
        make_made(demand)

        self.assertNotContains(self.get(), "Secret")

    def test_a_quotation_that_only_a_draft_has_is_not_shown(self):
        demand = make_demand(slug="rents")
        text = make_made(demand, "Pay now!")
        workflow.save_words(
            text,
            {"title": "T", "body": "<p>Secret words</p>"},
            based_on=text.working_revision_id,
        )
        make_demand_made(text, "Secret words", demand=demand)

        self.assertNotContains(self.get(), "Secret")

    def test_a_demand_by_authors_who_are_not_named_is_not_the_editors(self):
        make_made(make_demand(slug="rents"), organisations=[])

        page = self.get()

        self.assertContains(page, "Who makes it is not named here")
        self.assertNotContains(page, "editors’ words")

    def test_the_number_of_queries_is_the_same_for_one_statement_and_for_three(self):
        person = make_person()
        demand = make_demand(slug="rents", people=[person], addressee=make_addressee())
        for number in (1, 3):
            for _each in range(number):
                make_made(demand, events=[make_event()])
            with self.subTest(number=number), self.assertNumQueries(12):
                self.get()

    @patch("statements.pages.demands.SHOWN", 3)
    def test_older_statements_are_on_the_next_page(self):
        demand = make_demand(slug="rents")
        for year in range(2000, 2004):
            make_made(demand, issued=str(year))

        first = self.get()
        second = self.get("/demands/rents/" + first.context["page"].older)

        self.assertEqual(len(first.context["claims"]), 3)
        self.assertEqual([str(claim.day) for claim in second.context["claims"]], ["2000"])


class DemandListTests(TestCase):
    def test_the_newest_is_first_and_each_says_who_makes_it(self):
        old, new = make_demand("Old"), make_demand("New", addressee=make_addressee("the council"))
        make_made(old, issued="2020-01-01")
        make_made(new, issued="2021-01-01")
        make_made(old, issued="2022-01-01")
        make_demand("Secret")

        page = self.client.get("/demands/")

        self.assertEqual(
            [(row.wording, row.organisation_count) for row in page.context["page"].rows],
            [("New", 1), ("Old", 2)],
        )
        self.assertContains(page, "the council")
        self.assertContains(page, "made by 2 organisations")
        self.assertNotContains(page, "Secret")

    def test_a_demand_whose_statements_were_all_taken_back_names_nobody(self):
        text = make_made(make_demand("Lower the rents"), organisations=[make_organisation("Union")])
        standing.change_standing(text.statement, "withdrawn", note="No longer.")

        page = self.client.get("/demands/")

        self.assertContains(page, "Lower the rents")
        self.assertContains(page, "who makes it is not named here")
        self.assertNotContains(page, "Union")

    def test_the_number_of_queries_does_not_depend_on_the_rows(self):
        for number in (1, 3):
            for _each in range(number):
                make_made(
                    make_demand(
                        people=[make_person()], addressee=make_addressee(country=make_place("FR"))
                    )
                )
            with self.subTest(number=number), self.assertNumQueries(11):
                self.client.get("/demands/")
        self.assertEqual((Demand.objects.count(), Place.objects.filter(code="FR").count()), (4, 1))

    def test_an_empty_list_says_so(self):
        self.assertContains(self.client.get("/demands/"), "No demand is published yet.")
