"""The page that searches everything."""

from html import unescape
from unittest.mock import patch
from urllib.parse import urlencode

from django.test import TestCase

from statements.models import Organisation
from statements.search import workflow as index
from statements.search.engines import TookTooLong
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_organisation,
    make_place,
    make_text,
)


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

    def html(self, query, **more):
        return self.get(query, **more).content.decode()

    def make_another_union(self):
        other = make_organisation("Bakers of Example", public_since="2020-01-01T00:00Z")
        index.records_changed(Organisation, [other.pk])

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

    def test_help_is_in_the_language_of_the_page_and_open_where_nothing_else_is(self):
        for _again in range(2):
            self.assertIn('no-print" open><summary>How to search', self.html(""))
            self.assertIn('no-print"><summary>How to search', self.html("strike"))
            german = self.client.get("/de/search/").content.decode()
            self.assertIn('no-print" open><summary>So wird gesucht', german)
            self.assertIn('<a href="/de/tags/">', german)

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

    def test_a_language_is_known_by_its_own_name_too(self):
        make_text("Kein strike", language="de", issued="2021-01-01")
        for name in ("de", "DE", "German", "Deutsch", "الألمانية"):
            for interface in ("", "/de", "/ar"):
                with self.subTest(name, interface=interface):
                    page = self.client.get(f"{interface}/search/", {"q": f"lang:{name} strike"})
                    self.assertEqual(len(page.context["results"].hits), 1)

    def test_a_place_is_known_by_its_short_and_other_names_too(self):
        make_text("Free passage", places=[make_place("PS")])
        make_text("Open the dormitories", places=[make_place("HK")])
        for names, title in (
            (("palestine", "Palästina", "فلسطين", "palestinian territories"), "Free passage"),
            (("hong kong", "Hongkong", "هونغ كونغ"), "Open the dormitories"),
        ):
            for name in names:
                with self.subTest(name):
                    self.assertEqual(self.titles(f'place:"{name}"'), [title])

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
        words = "statements alone are searched here"
        for query in ("strike -tag:housing", "strike tag:housing"):
            page = self.get(query)
            self.assertNotContains(page, '<section class="found" aria-labelledby="event"')
            self.assertContains(page, words)
        page = self.get("strike")
        self.assertContains(page, '<section class="found" aria-labelledby="event"')
        self.assertNotContains(page, words)

    def test_what_is_unknown_leaves_out_nothing(self):
        make_text("Never shown", tags=["secret"], published=False)
        for query in ("strike", "strike -tag:nothing", "strike -tag:secret", "strike -lang:?"):
            response = self.get(query)
            with self.subTest(query):
                self.assertContains(response, "2 statements")
                self.assertContains(response, '<a href="/events/rent-strike/"')

    def test_nobody_learns_of_tags_and_places_that_nothing_public_has(self):
        draft = make_text("Never shown", tags=["Secret Plan"], published=False)
        draft.statement.places.add(make_place("BY-X1", name_override="Secret Camp"))
        for secret, made_up in (
            ('tag:"Secret Plan"', 'tag:"Another Plan"'),
            ('place:"Secret Camp"', 'place:"Another Camp"'),
            ('from:"Secret Camp"', 'from:"Another Camp"'),
            ('strike -place:"Secret Camp"', 'strike -place:"Another Camp"'),
            ('tag:housing tag:"Secret Plan"', 'tag:housing tag:"Another Plan"'),
        ):
            for address in ("/search/", "/statements/", "/events/", "/api/v1/statements/"):
                with self.subTest(secret, address=address):
                    one, other = (
                        self.client.get(address, {"q": query}).content.decode()
                        for query in (secret, made_up)
                    )
                    self.assertEqual(
                        one.replace("Secret", "Another").replace("secret", "another"), other
                    )

    def test_what_is_left_out_alone_leaves_the_others(self):
        evictions, bakers = "No evictions", "A strike of bakers"
        for query, expected in {
            "-bread": [evictions],
            "-tag:housing": [bakers],
            "-tag:nothing": [evictions, bakers],
            "-lang:de -org:tex": [bakers],
            "-lang:en": [],
        }.items():
            with self.subTest(query):
                titles = self.titles(query)
                self.assertEqual(titles, expected)
                page = self.client.get("/statements/", {"q": query}).context["page"]
                self.assertEqual(len(page.rows), len(titles))

    def test_where_there_is_nothing_to_look_for(self):
        for query in ('"', "-", "\N{DOVE OF PEACE}", "OR"):
            with self.subTest(query):
                self.assertContains(self.get(query), "There is no word to look for.")

    def test_what_cannot_be_a_filter_stays_among_the_words_and_in_every_address(self):
        make_text("Rooms", tags=["housing", "rooms"], organisations=[self.union])
        self.make_another_union()
        for query, left, titles in (
            ("tag:housing tag:rooms", "tag:rooms", ["Rooms"]),
            ('org:"of Example"', 'org:"of Example"', ["Rooms", "No evictions"]),
            ("tag:rooms OR place:FR", "tag:rooms OR place:FR", ["No evictions", "Rooms"]),
            ("tag:rooms OR tag:nothing lang:en", "tag:rooms OR tag:nothing", ["Rooms"]),
        ):
            with self.subTest(query):
                for address in ("/search/", "/statements/"):
                    page = self.client.get(address, {"q": query})
                    self.assertEqual(page.context["words"], left)
                    self.assertContains(page, "noindex, follow")
                    filters = page.context["filters"]
                    self.assertIn(urlencode({"q": left}), filters.address(year="2020"))
                    self.assertIsNone(filters.follows)
                    again = self.client.get(filters.address())
                    self.assertEqual(again.context["words"], left)
                self.assertEqual(sorted(self.titles(query)), sorted(titles))

    def test_beside_a_filter_in_force_another_one_of_its_kind_counts_too(self):
        make_text("Rooms", tags=["housing", "rooms"])
        self.assertEqual(self.titles("tag:rooms", tag="housing"), ["Rooms"])
        self.assertEqual(self.titles("tag:bread", tag="housing"), [])
        page = self.get("tag:housing", tag="housing")
        self.assertEqual((page.context["words"], len(page.context["chosen"])), ("", 1))

    def test_a_second_language_asks_for_another_text(self):
        make_text("Keine Räumungen", language="de", statement=self.text.statement)
        make_text("Aucune", language="fr", statement=self.text.statement, published=False)
        both = ["No evictions"]
        for query, titles in {
            "lang:en lang:de": both,
            "lang:de lang:en": ["Keine Räumungen"],
            "strike lang:en lang:de": both,
            "lang:en lang:fr": [],
            "lang:en OR lang:fr lang:de OR lang:fr": both,
            "lang:en -lang:de": ["A strike of bakers"],
            "lang:en lang:nothing": [],
        }.items():
            with self.subTest(query):
                self.assertEqual(self.titles(query), titles)
        self.assertEqual(self.titles("lang:de", language="en"), both)

    def test_why_a_list_is_empty(self):
        other, alone = "fits these filters together", "has all of this"
        for query, words in {
            "tag:nothing OR tag:none": other,
            "strike tag:nothing": other,
            "zzz -tag:nothing": alone,
            "place:nowhere": other,
            "zzz": alone,
            "tag:housing tag:none": other,
        }.items():
            for address in ("/search/", "/statements/"):
                with self.subTest(query, address=address):
                    page = self.client.get(address, {"q": query})
                    self.assertContains(page, f"No published statement {words}")

    def test_page_after_page_everything_once(self):
        for number in range(40):
            make_text(f"Strike {number}")
        found, address = [], "/search/?q=strike"
        while address:
            results = self.client.get(address).context["results"]
            found.append(["".join(piece.text for piece in hit.title) for hit in results.hits])
            address = results.older
        self.assertEqual([len(page) for page in found], [20, 20, 2])
        self.assertEqual(len({title for page in found for title in page}), 42)
        self.assertIn("page=2", results.newer)

    def test_a_page_beyond_the_last_one_is_the_last_one(self):
        page = self.get("strike", page="99")
        self.assertEqual(len(page.context["results"].hits), 2)
        self.assertEqual(page.context["results"].newer, "")

    def test_what_nothing_answers_to_is_said_after_a_minus_too(self):
        for query in ("strike tag:nothing", "strike -tag:nothing", "tag:rooms OR tag:nothing"):
            for address in ("/search/", "/statements/"):
                with self.subTest(query, address=address):
                    page = self.client.get(address, {"q": query})
                    self.assertContains(page, "Nothing here is known as “nothing” (filter: Tag).")

    def test_a_name_that_very_many_have_is_said(self):
        with patch("statements.reading.operators.MOST_ORGANISATIONS", 1):
            make_organisation("Bakers of Example", public_since="2020-01-01T00:00Z")
            index.records_changed(
                Organisation, list(Organisation.objects.values_list("pk", flat=True))
            )
            for query in ('org:"of Example"', 'strike -org:"of Example"'):
                self.assertContains(self.get(query), "Very many organisations are called")

    def test_an_organisation_that_is_looked_for_too_long_stops_the_search(self):
        with patch("statements.reading.operators.finding.records", side_effect=TookTooLong):
            for address in ("/search/", "/statements/"):
                page = self.client.get(address, {"q": "org:zzz strike"})
                self.assertContains(page, "the search was stopped")
                self.assertNotContains(page, "No published statement")
            self.assertEqual(self.client.get("/api/v1/statements/?q=org:zzz").status_code, 503)

    def test_mistyped(self):
        response = self.get("evicktions")

        self.assertContains(response, "Did you mean:")
        self.assertContains(response, "?q=evictions")

    def test_a_list_offers_another_word_too_and_keeps_its_filters(self):
        page = self.client.get("/statements/", {"q": "evictoins", "tag": "housing"})
        address = "/statements/?q=evictions&amp;tag=housing"
        self.assertContains(page, f'Did you mean: <a href="{address}" dir="auto">evictions</a>')
        self.assertEqual(len(self.client.get(unescape(address)).context["page"].rows), 1)

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
