"""The `q` of lists of records: words, and what the statements linked with a record have."""

from unittest import skipUnless
from unittest.mock import patch

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from statements.models import Authorship, Event
from statements.publishing import links, standing
from statements.reading.searched import Search
from statements.search import workflow as index
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
            # What each means; of events, what those that fit are parts of.
            self.assertEqual(len(filtered) - len(plain), 4 if noun == "events" else 2, noun)

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
        self.assertEqual(self.found("org:bakers"), BREAD)
        self.assertEqual(self.found("org:bakers lang:fr"), NONE)
        self.assertEqual(self.found("tag:strike -tag:housing")["people"], ["boris"])

        standing.change_standing(self.about_rents.statement, "withdrawn", note="Example reason.")
        self.assertEqual(self.found("tag:secret"), NONE)

    def test_what_is_not_public_itself_links_nothing(self):
        for record in (self.tenants, self.lower):
            type(record).objects.filter(pk=record.pk).update(public_since=None)
        make_demand_made(self.about_rents, demand=self.lower, people=[])
        hidden = make_demand("Kept", slug="kept", people=[self.boris])
        make_demand_made(self.about_rents, demand=hidden)
        for record in (self.tenants, self.lower, hidden):
            type(record).objects.filter(pk=record.pk).update(public_since=None)

        # With what is there to be found, the country is one that may be named.
        make_text("Together", organisations=[make_organisation(country=self.tenants.country)])

        self.assertEqual(self.found("tag:housing")["people"], ["amina"])
        self.assertEqual(self.found("from:FR")["demands"], [])
        self.assertEqual(self.found("-from:FR")["demands"], ["free"])

    def test_a_demand_is_from_where_those_are_who_make_it_in_their_own_name(self):
        theirs = make_demand("Open the archive", slug="archive")
        make_demand_made(self.about_rents, demand=theirs, voice="editors")

        self.assertEqual(self.found("from:FR")["demands"], ["lower-rents"])
        self.assertEqual(self.found("-from:FR")["demands"], ["archive", "free"])

    def test_who_signed_has_not_issued(self):
        signed = make_organisation("Signatories of Example", slug="signatories")
        Authorship.objects.create(
            statement=self.about_rents.statement, organisation=signed, role="signatory"
        )
        links.links_changed(self.about_rents.statement)

        self.assertEqual(self.found("tag:housing"), RENTS)
        self.assertEqual(self.found("-tag:housing")["organisations"], ["bakers", "signatories"])

    def test_who_issues_with_others_is_not_those(self):
        make_text("Together", organisations=[self.tenants, self.bakers])

        self.assertEqual(self.found("org:bakers")["organisations"], ["bakers"])
        self.assertEqual(self.found("from:BY")["organisations"], ["bakers"])

    def test_an_event_has_what_its_parts_have(self):
        whole = make_event("Year of strikes", slug="year", public_since="2020-01-01T00:00Z")
        part = make_event("Autumn", slug="autumn", parent=whole, public_since="2020-01-01T00:00Z")
        Event.objects.filter(pk=self.rents.pk).update(parent=part)

        self.assertEqual(self.found("tag:housing")["events"], ["autumn", "rent-strike", "year"])
        self.assertEqual(self.found("-tag:housing")["events"], ["bread-strike"])
        page = self.client.get("/events/", {"q": "tag:housing"})
        self.assertContains(page, "Part of:", 2)
        self.assertNotContains(page, "stand under it")

        Event.objects.filter(pk=part.pk).update(public_since=None)
        self.assertEqual(self.found("tag:housing")["events"], ["rent-strike"])
        self.assertNotContains(self.client.get("/events/", {"q": "tag:housing"}), "Part of:")

    def test_one_or_another(self):
        self.assertEqual(self.found("tag:housing OR org:bakers"), BOTH)
        self.assertEqual(self.found("tag:housing OR tag:nothing"), RENTS)
        self.assertEqual(self.found("tag:strike lang:de OR tag:nothing"), RENTS)

    def test_beside_other_filters_of_a_list_and_on_further_pages(self):
        for noun, asked, expected in (
            ("events", {"q": "tag:strike", "place": "FR"}, ["rent-strike"]),
            ("demands", {"q": "tag:strike", "kind": "release"}, ["free"]),
            ("people", {"q": "tag:strike", "state": "unknown"}, ["amina", "boris"]),
            ("people", {"q": "tag:strike", "state": "released"}, []),
        ):
            page = self.client.get(f"/{noun}/", asked).context["page"]
            self.assertEqual(sorted(row.slug for row in page.rows), expected)
        with patch("statements.pages.organisations.LISTED", 1):
            first = self.client.get("/organisations/", {"q": "tag:strike"}).context["page"]
            second = self.client.get(f"/organisations/{first.older}").context["page"]
        self.assertEqual([row.slug for row in (*first.rows, *second.rows)], ["bakers", "tenants"])

    def test_words_are_cut_after_the_filters_and_not_before(self):
        make_event("Strike of others", slug="others", public_since="2020-01-01T00:00Z")
        index.records_changed(Event, list(Event.objects.values_list("pk", flat=True)))
        with patch("statements.search.finding.MOST_RECORDS", 1):
            for query in ("strike tag:housing", "-nobody tag:housing", "tag:housing"):
                page = self.client.get("/events/", {"q": query})
                self.assertEqual([row.slug for row in page.context["page"].rows], ["rent-strike"])
                self.assertNotContains(page, "only the newest of them are listed")
            # The newest of them.
            page = self.client.get("/events/", {"q": "tag:strike"})
            self.assertEqual([row.slug for row in page.context["page"].rows], ["bread-strike"])
            self.assertContains(page, "only the newest of them are listed")

    def test_who_is_not_named_in_full_is_not_found(self):
        free = make_demand("Free her", slug="free-her", people=[self.carla], kind="release")
        gone = make_person("Dora Example", slug="dora", shown_as="withheld")
        make_naming(self.about_rents, gone)
        make_demand_made(self.about_rents, demand=free)
        self.assertEqual(self.found("tag:housing")["people"], ["amina"])
        self.assertEqual(self.found("-tag:housing")["people"], ["boris"])

    def test_what_nothing_answers_to_is_said(self):
        for noun in RENTS:
            for query in ("tag:nothing place:<b>", "-tag:nothing -place:<b>"):
                with self.subTest(noun, query=query):
                    page = self.client.get(f"/{noun}/", {"q": query, "state": "raised"})
                    self.assertContains(page, "Nothing here is known as “nothing” (filter: Tag).")
                    self.assertContains(page, "Nothing here is known as “&lt;b&gt;” (filter")
                self.assertNotContains(
                    self.client.get(f"/{noun}/", {"q": "tag:housing nowhere"}), "is known as"
                )

    def test_another_word_is_offered_where_it_finds_something(self):
        for noun, asked, offered in (
            ("events", {"q": "strilke -bread"}, "?q=strike+-bread"),
            ("events", {"q": "strilke", "place": "FR"}, "?q=strike&amp;place=FR"),
            ("people", {"q": "tag:strike Aminna"}, "?q=tag%3Astrike+amina"),
            ("demands", {"q": "rennts", "kind": "other", "before": "7"}, ""),
            ("demands", {"q": "rennts", "sort": "age", "before": "7"}, "?q=rents&amp;sort=age"),
            # A word of a statement, and no person's; and two that find nothing with the rest.
            ("people", {"q": "strilke"}, ""),
            ("events", {"q": "strilke tag:nothing"}, ""),
            ("events", {"q": "strilke", "place": "BY"}, ""),
        ):
            with self.subTest(noun, **asked):
                page = self.client.get(f"/{noun}/", asked)
                if offered:
                    self.assertContains(page, f'<a href="{offered}" dir="auto">')
                else:
                    self.assertNotContains(page, "Did you mean")

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
                for asked in ({"q": "strike"}, {"q": "strike", "state": "raised"}):
                    page = self.client.get(f"/{noun}/", asked)
                    self.assertContains(page, "the search was stopped")
                    for words in ("fits that", "fits all", "0 demands", "only the newest"):
                        self.assertNotContains(page, words)

    @skipUnless(connection.vendor == "postgresql", "SQLite knows no limit of time.")
    def test_filters_are_stopped_too(self):
        slow = RawSQL("SELECT true FROM pg_sleep(2)", [], BooleanField())
        with patch("statements.reading.searched._has", return_value=Q(slow)):
            page = self.client.get("/events/", {"q": "tag:housing"})
        self.assertContains(page, "the search was stopped")
        self.assertEqual(self.found("tag:housing"), RENTS)

    def test_where_there_is_nothing_to_look_for_and_where_or_joins_nothing(self):
        for noun in RENTS:
            for query in ('"', "!!!", "OR"):
                page = self.client.get(f"/{noun}/", {"q": query})
                self.assertContains(page, "no word to look for")
                self.assertEqual(page.context["page"].rows, [])
            page = self.client.get(f"/{noun}/", {"q": "strike OR tag:housing"})
            self.assertContains(page, "OR joins two words")

    def test_without_words_an_empty_list_says_nothing_of_words(self):
        for address, words in (
            ("/demands/?state=met", "No demand fits all of these filters."),
            ("/people/?state=died", "Nobody here fits that."),
            ("/events/?place=BY", "No published event happens there."),
        ):
            page = self.client.get(address)
            self.assertContains(page, words)
            self.assertNotContains(page, "no word to look for")

    def test_what_nothing_answers_to_is_said_to_programs(self):
        for noun in (*RENTS, "statements"):
            found = self.client.get(f"/api/v1/{noun}/", {"q": "tag:nothing -place:none"}).json()
            self.assertEqual(
                (found["results"], sorted(found["unanswered"])), ([], ["none", "nothing"])
            )
        self.assertEqual(self.client.get("/api/v1/tags/").json()["unanswered"], [])

    def test_a_name_that_very_many_have_is_said(self):
        with patch("statements.reading.searched.MOST_NAMED", 1):
            for noun in RENTS:
                for query in ('org:"of Example"', '-org:"of Example"'):
                    page = self.client.get(f"/{noun}/", {"q": query})
                    self.assertContains(page, "Very many organisations are called")
                    found = self.client.get(f"/api/v1/{noun}/", {"q": query}).json()
                    self.assertIs(found["is_cut"], True)

    def test_what_was_cut_before_it_took_too_long_is_not_said(self):
        with (
            patch("statements.reading.searched.MOST_WORDED", 1),
            patch("statements.reading.searched.QuerySet.order_by", side_effect=TookTooLong),
        ):
            search = Search.of({"q": "strike tag:housing"})
            search.among(Event.objects.readable())
        self.assertEqual((search.took_too_long, search.is_cut), (True, False))

    def test_more_than_a_search_can_hold_is_said(self):
        for query in ("-tag:one " * 12 + "-tag:housing", "strike " * 50):
            for noun in RENTS:
                page = self.client.get(f"/{noun}/", {"q": query})
                self.assertContains(page, "more than a search can hold")
        asked = {"q": "-tag:one " * 12 + "-tag:housing"}
        for noun in (*RENTS, "statements"):
            self.assertIs(self.client.get(f"/api/v1/{noun}/", asked).json()["is_cut"], True)

    def test_how_many_are_found_is_said(self):
        for noun in RENTS:
            one = "1 person" if noun == "people" else f"1 {noun.removesuffix('s')}"
            with self.subTest(noun):
                for query, words in (("tag:housing", one), ("tag:strike", f"2 {noun}")):
                    page = self.client.get(f"/{noun}/", {"q": query})
                    self.assertContains(page, f"<p>{words}</p>")
                with patch("statements.search.finding.MOST_RECORDS", 1):
                    cut = self.client.get(f"/{noun}/", {"q": "tag:strike"})
                self.assertContains(cut, "ore than 1 ")

    def test_more_than_is_looked_through_is_said(self):
        words = "only the newest of them are listed"
        for noun in RENTS:
            with self.subTest(noun), patch("statements.search.finding.MOST_RECORDS", 1):
                query = "example" if noun in ("people", "organisations") else "the OR strike"
                page = self.client.get(f"/{noun}/", {"q": query})
                self.assertContains(page, words)
                self.assertEqual(len(page.context["page"].rows), 1)
            self.assertNotContains(self.client.get(f"/{noun}/", {"q": query}), words)
