"""The `q` of lists of records: words, and what the statements linked with a record have."""

from unittest.mock import patch

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from statements.publishing import standing
from statements.search.engines import TookTooLong
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_place,
    make_text,
)

# What is found of each noun.
RENTS = {
    "events": ["rent-strike"],
    "organisations": ["tenants"],
    "demands": ["lower-rents"],
    "people": ["amina"],
}
BREAD = {
    "events": ["bread-strike"],
    "organisations": ["bakers"],
    "demands": ["free"],
    "people": ["boris"],
}
NONE = dict.fromkeys(RENTS, [])
BOTH = {noun: sorted(RENTS[noun] + BREAD[noun]) for noun in RENTS}


class RecordListTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        france, belarus = make_place("FR"), make_place("BY")
        cls.tenants = make_organisation("Tenants of Example", slug="tenants", country=france)
        cls.bakers = make_organisation("Bakers of Example", slug="bakers", country=belarus)
        cls.rents = make_event("Rent strike", slug="rent-strike")
        cls.rents.places.set([france])
        cls.bread = make_event("Bread strike", slug="bread-strike")
        cls.about_rents = make_text(
            "No evictions",
            slug="no-evictions",
            organisations=[cls.tenants],
            events=[cls.rents],
            places=[belarus],
            tags=["housing", "strike"],
        )
        make_text("Keine Räumungen", language="de", statement=cls.about_rents.statement)
        cls.about_bread = make_text(
            "Bread", slug="bread", organisations=[cls.bakers], events=[cls.bread], tags=["strike"]
        )
        cls.amina = make_person("Amina Example", slug="amina")
        cls.boris = make_person("Boris Example", slug="boris")
        cls.carla = make_person("Carla Example", slug="carla", shown_as="initials")
        make_naming(cls.about_rents, cls.amina)
        make_naming(cls.about_rents, cls.carla)
        cls.lower = make_demand("Lower the rents", slug="lower-rents")
        make_demand_made(cls.about_rents, demand=cls.lower)
        free = make_demand("Free the baker", slug="free", people=[cls.boris], kind="release")
        make_demand_made(cls.about_bread, demand=free)

    def found(self, query):
        """What the pages and the interface for programs list, by noun: the same."""
        found = {}
        for noun in RENTS:
            page = self.client.get(f"/{noun}/", {"q": query}).context["page"]
            found[noun] = sorted(row.slug for row in page.rows)
            results = self.client.get(f"/api/v1/{noun}/", {"q": query}).json()["results"]
            self.assertEqual(sorted(one["slug"] for one in results), found[noun])
        return found

    def test_a_record_has_what_its_statements_have(self):
        for query, expected in {
            "tag:housing": RENTS,
            "tag:strike": BOTH,
            "tag:strike tag:housing": RENTS,
            "lang:de": RENTS,
            "lang:en lang:de": RENTS,
            "org:tenants": RENTS,
            "org:bakers": BREAD,
            'org:"of Example"': BOTH,
            "from:FR": RENTS,
            "from:belarus": BREAD,
            "tag:strike from:BY": BREAD,
            "tag:housing from:BY": NONE,
            "lang:fr": NONE,
            "tag:nothing": NONE,
        }.items():
            with self.subTest(query):
                self.assertEqual(self.found(query), expected)

    def test_after_a_minus_it_is_left_out(self):
        for query, expected in {
            "-tag:housing": BREAD,
            "-lang:de": BREAD,
            "-lang:en": NONE,
            "-org:bakers": RENTS,
            "-from:FR": BREAD,
            "tag:strike -tag:housing": BREAD,
            "-tag:nothing": BOTH,
        }.items():
            with self.subTest(query):
                self.assertEqual(self.found(query), expected)

    def test_with_words_both_hold(self):
        for query, expected in {
            "strike tag:housing": ["rent-strike"],
            "strike -tag:housing": ["bread-strike"],
            "strike tag:strike": ["bread-strike", "rent-strike"],
            "bread tag:housing": [],
            "tag:strike -bread": ["rent-strike"],
            "-bread": ["rent-strike"],
        }.items():
            with self.subTest(query):
                self.assertEqual(self.found(query)["events"], expected)

    def test_a_filter_costs_a_few_queries(self):
        for noun in RENTS:
            with CaptureQueriesContext(connection) as plain:
                self.client.get(f"/{noun}/", {"q": "strike"})
            with CaptureQueriesContext(connection) as filtered:
                self.client.get(f"/{noun}/", {"q": "strike tag:housing -lang:fr"})
            # What each means, and which fit; PostgreSQL is told a limit of time before and after.
            more = {"postgresql": 9, "sqlite": 3}[connection.vendor]
            self.assertLessEqual(len(filtered), len(plain) + more, noun)

    def test_of_events_their_own_places_count(self):
        for query, expected in {
            "place:FR": ["rent-strike"],
            "place:BY": [],
            "-place:france": ["bread-strike"],
        }.items():
            with self.subTest(query):
                self.assertEqual(self.found(query)["events"], expected)
        self.assertEqual(self.found("place:BY")["organisations"], ["tenants"])

    def test_what_the_editors_demand_is_not_the_organisations(self):
        theirs = make_demand("Open the archive", slug="archive")
        make_demand_made(self.about_rents, demand=theirs, voice="editors")

        self.assertEqual(self.found("org:tenants")["demands"], ["lower-rents"])
        self.assertEqual(self.found("tag:housing")["demands"], ["archive", "lower-rents"])

    def test_drafts_and_what_was_withdrawn_link_nothing(self):
        make_text("Draft", tags=["secret"], events=[self.bread], published=False)
        self.about_rents.statement.tags.add("secret")
        draft = make_text(
            "Entwurf", language="fr", statement=self.about_bread.statement, published=False
        )
        make_naming(draft, self.amina)

        self.assertEqual(self.found("tag:secret"), RENTS)
        self.assertEqual(self.found("-tag:secret"), BREAD)
        self.assertEqual(self.found("org:bakers lang:fr"), NONE)
        self.assertEqual(self.found("tag:strike -tag:housing")["people"], ["boris"])

        standing.change_standing(self.about_rents.statement, "withdrawn", note="Example reason.")
        self.assertEqual(self.found("tag:secret"), NONE)

    def test_who_is_not_named_in_full_is_not_found(self):
        self.assertEqual(self.found("tag:housing")["people"], ["amina"])
        self.assertEqual(self.found("-tag:housing")["people"], ["boris"])

    def test_what_nothing_answers_to_is_said(self):
        for noun in RENTS:
            with self.subTest(noun):
                page = self.client.get(f"/{noun}/", {"q": "tag:nothing place:<b>"})
                self.assertContains(page, "Nothing here is known as “nothing”.")
                self.assertContains(page, "Nothing here is known as “&lt;b&gt;”.")
                self.assertNotContains(
                    self.client.get(f"/{noun}/", {"q": "tag:housing nowhere"}), "is known as"
                )

    def test_another_word_is_offered_where_it_names_something(self):
        page = self.client.get("/events/", {"q": "strilke -bread"})
        self.assertContains(page, '<a href="?q=strike%20-bread" dir="auto">strike -bread</a>')
        # It is a word of a statement, and no person's.
        page = self.client.get("/people/", {"q": "strilke"})
        self.assertNotContains(page, "Did you mean")
        page = self.client.get("/people/", {"q": "tag:strike Aminna"})
        self.assertContains(page, '<a href="?q=tag%3Astrike%20amina" dir="auto">')

    def test_a_space_may_follow_the_colon(self):
        self.assertEqual(self.found("tag: housing"), RENTS)
        self.assertEqual(self.found('-org: "Tenants of Example"'), BREAD)
        self.assertEqual(self.found("tag: from:BY"), self.found("tag from:BY"))
        self.assertEqual(self.found("strike org: -tag:housing")["events"], [])

    def test_a_search_that_took_too_long_is_not_nothing_found(self):
        for noun in RENTS:
            with (
                self.subTest(noun),
                patch("statements.reading.searched.finding.records", side_effect=TookTooLong),
            ):
                page = self.client.get(f"/{noun}/", {"q": "strike"})
                self.assertContains(page, "the search was stopped")
                self.assertNotContains(page, "fits that")

    def test_more_than_is_looked_through_is_said(self):
        words = "only the newest of them are listed"
        for noun in RENTS:
            with self.subTest(noun), patch("statements.search.finding.MOST_RECORDS", 1):
                query = "example" if noun in ("people", "organisations") else "the OR strike"
                page = self.client.get(f"/{noun}/", {"q": query})
                self.assertContains(page, words)
                self.assertEqual(len(page.context["page"].rows), 1)
            self.assertNotContains(self.client.get(f"/{noun}/", {"q": query}), words)
