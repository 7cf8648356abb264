"""The page that searches everything."""

from django.db import connection
from django.test import TestCase

from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_organisation,
    make_place,
    make_text,
)

# With an event, an organisation and a demand. PostgreSQL is told a limit of time and asked how
# common words are.
QUERIES = {"postgresql": 29, "sqlite": 15}


class SearchPageTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.strike = make_event("Rent strike", slug="rent-strike")
        cls.union = make_organisation(
            "Tenants of Example", slug="tenants", acronym="TEX", country=make_place("FR")
        )
        cls.text = make_text(
            "No evictions",
            slug="no-evictions",
            body="<p>The tenants &amp; their <b>friends</b> strike for lower rents.</p>",
            organisations=[cls.union],
            events=[cls.strike],
            places=[make_place("FR")],
            tags=["housing"],
            issued="2020-08-09",
        )
        cls.other = make_text(
            "A strike of bakers", slug="bakers", body="<p>Bread!</p>", issued="2019-01-01"
        )
        cls.demand = make_demand("Lower the rents", slug="lower-rents")
        make_demand_made(cls.text, demand=cls.demand)

    def get(self, query, **more):
        return self.client.get("/search/", {"q": query, **more})

    def titles(self, query, **more):
        hits = self.get(query, **more).context["results"].hits
        return ["".join(piece.text for piece in hit.title) for hit in hits]

    def test_every_kind_on_one_page(self):
        response = self.get("strike")

        self.assertContains(response, '<a href="/events/rent-strike/"')
        # The words in the title come first, though it is older.
        html = response.content.decode()
        self.assertLess(html.index("/statements/bakers/"), html.index("/statements/no-evictions/"))
        self.assertContains(response, "2 statements")
        self.assertContains(response, '<mark class="hit">strike</mark> for lower rents')
        self.assertContains(response, "tenants &amp; their friends")
        self.assertContains(response, '<meta name="robots" content="noindex, follow">')

    def test_operators_are_filters(self):
        for query in (
            "strike tag:housing",
            "strike place:FR",
            "strike place:france",
            "strike org:tex",
            "strike from:fr",
            "rents lang:en tag:housing",
            "org:tenants",
        ):
            response = self.get(query)
            with self.subTest(query):
                self.assertContains(response, "/statements/no-evictions/")
                self.assertNotContains(response, "/statements/bakers/")
        self.assertContains(self.get("strike tag:nothing"), "Nothing here is known as “nothing”")

    def test_of_two_of_a_kind_both_hold(self):
        make_text("Bread and housing", tags=["bread", "housing"])
        make_text("Never shown", tags=["secret"], published=False)
        shown = {
            "tag:housing tag:bread": ["Bread and housing"],
            "tag:housing tag:secret": [],
            "lang:en lang:fr": [],
        }
        for query, titles in shown.items():
            with self.subTest(query):
                self.assertEqual(self.titles(query), titles)

    def test_operators_after_a_minus_leave_out(self):
        text = make_text("Kein strike", language="de", issued="2021-01-01")
        make_text("No strike", statement=text.statement, published=False)
        for query in (
            "strike -tag:housing",
            "-place:FR strike",
            "strike -place:france",
            "strike -from:fr -tag:nothing",
            "strike -org:tex",
            'strike -org:"tenants of example"',
        ):
            with self.subTest(query):
                self.assertEqual(self.titles(query), ["Kein strike", "A strike of bakers"])
        self.assertEqual(self.titles("strike -lang:en"), ["Kein strike"])
        self.assertEqual(self.titles("strike -lang:de -tag:housing"), ["A strike of bakers"])
        self.assertEqual(self.titles("lang:en -tag:housing"), ["A strike of bakers"])
        self.assertEqual(self.titles("tag:housing -lang:en"), [])

    def test_what_is_left_out_stays_among_the_words(self):
        response = self.get('strike -org:"tenants  of example" lang:en -tag:nothing')

        self.assertEqual(response.context["words"], 'strike -org:"tenants of example" -tag:nothing')
        self.assertEqual([one.name for one in response.context["chosen"]], ["language"])

    def test_with_statements_left_out_only_statements_are_searched(self):
        self.assertNotContains(self.get("strike -tag:housing"), "/events/rent-strike/")

    def test_what_is_unknown_leaves_out_nothing(self):
        make_text("Never shown", tags=["secret"], published=False)
        for query in ("strike", "strike -tag:nothing", "strike -tag:secret", "strike -lang:?"):
            response = self.get(query)
            with self.subTest(query):
                self.assertContains(response, "2 statements")
                self.assertContains(response, '<a href="/events/rent-strike/"')

    def test_what_is_left_out_alone_finds_nothing(self):
        for query in ("-bread", "-tag:housing", "-tag:nothing", "-lang:de -org:tex"):
            with self.subTest(query):
                response = self.get(query)
                self.assertEqual(response.context["results"].hits, [])
                self.assertContains(response, "There is no word to look for")

    def test_mistyped(self):
        response = self.get("evicktions")

        self.assertContains(response, "Did you mean:")
        self.assertContains(response, "?q=evictions")

    def test_another_form_of_a_word_is_not_mistyped(self):
        make_text("Unions detained")
        make_text("Streiks", language="de")
        for query in ("union", "detain", "Streik", "detaining OR streiken"):
            with self.subTest(query):
                self.assertNotContains(self.get(query), "Did you mean:")
        self.assertContains(self.get("detainted"), "?q=detained")

    def test_list(self):
        response = self.client.get("/statements/", {"q": "bread"})
        self.assertContains(response, "/statements/bakers/")
        self.assertNotContains(response, "/statements/no-evictions/")

    def test_queries_are_as_many_whatever_is_found(self):
        def strike(number):
            union = make_organisation(f"Strikers {number}", country=make_place("FR"))
            text = make_text(
                f"Strike {number}",
                organisations=[union],
                events=[make_event(f"Strike of {number}")],
                places=[make_place("FR")],
            )
            make_text(statement=text.statement, language="fr")
            make_demand_made(text, demand=make_demand(f"Strike for {number}"))

        strike(0)
        # What is written once is written now.
        self.get("strike")
        with self.assertNumQueries(QUERIES[connection.vendor]):
            self.get("strike")
        for number in range(1, 6):
            strike(number)
        with self.assertNumQueries(QUERIES[connection.vendor]):
            self.get("strike")
