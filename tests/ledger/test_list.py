"""The ledger of demands: filters with their counts, orders, pages."""

from datetime import timedelta
from unittest.mock import patch

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from statements.models import Demand, DemandMaker, Person
from statements.organisations import workflow as organisations
from statements.publishing import links, standing
from statements.reading.ledger import HEADINGS
from tests.admin.signed_in import make_editor
from tests.factories import (
    make_addressee,
    make_demand,
    make_demand_made,
    make_event,
    make_organisation,
    make_person,
    make_place,
    make_text,
    make_update,
)


class LedgerTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.strike = make_event("Strike", slug="strike")
        cls.part = make_event("Picket", slug="picket", parent=cls.strike)
        cls.union, cls.league = (
            make_organisation("Union", slug="union"),
            make_organisation("League"),
        )
        cls.council = make_addressee("the council", country=make_place("FR"))
        days = [(timezone.localdate() - timedelta(number)).isoformat() for number in (400, 60, 5)]
        cls.old = cls.make("Old", days[0], [cls.union, cls.league], [cls.part])
        cls.met = cls.make("Met", days[1], [cls.union], [cls.strike], kind="land")
        cls.new = cls.make("New", days[2], [cls.league], [], addressee=cls.council)
        cls.own = cls.make("Ours", days[2], [cls.league], [], voice="editors")
        make_update(cls.met, "met", days[2])
        make_demand("Secret", addressee=make_addressee("Secret office"))

    @classmethod
    def make(cls, wording, issued, makers, events, voice="organisation", **fields):
        demand = make_demand(wording, **fields)
        text = make_text(issued=issued, organisations=makers, events=events)
        make_demand_made(text, demand=demand, voice=voice)
        return demand

    def shown(self, query=""):
        page = self.client.get(f"/demands/{query}")
        self.assertNotContains(page, "Secret")
        return [demand.wording for demand in page.context["page"].rows]

    def test_each_filter_leaves_what_fits_it(self):
        for query, expected in (
            ("", ["Ours", "New", "Met", "Old"]),
            ("?state=met", ["Met"]),
            ("?state=raised&kind=labour&open=30", ["Old"]),
            ("?event=strike", ["Met", "Old"]),
            ("?event=picket", ["Old"]),
            ("?organisation=union", ["Met", "Old"]),
            (f"?addressee={self.council.pk}", ["New"]),
            ("?country=FR", ["New"]),
            ("?open=30", ["Old"]),
            ("?open=3", ["Ours", "New", "Old"]),
            ("?state=solved", []),
            ("?event=nowhere", []),
            ("?addressee=99999999999999999999", []),
        ):
            with self.subTest(query):
                self.assertCountEqual(self.shown(query), expected)

    def test_a_person_is_asked_for_by_what_their_page_is_called_by(self):
        ada = make_person("Ada Full", slug="ada-full")
        bo = make_person("Bo Short", slug="bo-short", shown_as="initials")
        for person, wording in ((ada, "Free A"), (bo, "Free B"), (bo, "Doctor")):
            self.make(wording, "2021-01-01", [self.union], [], people=[person])
        make_demand("Secret", people=[ada])

        for query, expected in (
            ("?person=ada-full", ["Free A"]),
            (f"?person=~{ada.pk}", ["Free A"]),
            (f"?person=~{bo.pk}", ["Doctor", "Free B"]),
            (f"?person=~{bo.pk}&organisation=league", []),
            # Whoever knows the name does not learn that it is here.
            ("?person=bo-short", []),
            ("?person=nobody", []),
            ("?person=~", []),
        ):
            with self.subTest(query):
                self.assertCountEqual(self.shown(query), expected)
        page = self.client.get(f"/demands/?person=~{bo.pk}")
        self.assertContains(page, 'Person: <bdi lang="en" dir="ltr">B. S.</bdi>')
        self.assertNotContains(page, "Short")
        self.assertContains(self.client.get("/demands/?person=ada-full"), "Ada Full")
        Person.objects.filter(pk__in=[ada.pk, bo.pk]).update(shown_as="withheld")
        for query in ("?person=ada-full", f"?person=~{ada.pk}", f"?person=~{bo.pk}"):
            self.assertEqual(self.shown(query), [])
            self.assertNotContains(self.client.get(f"/demands/{query}"), "A. F.")
            self.assertNotContains(self.client.get(f"/demands/{query}"), "Ada")

    def test_it_is_sorted_by_change_by_age_and_by_how_many_make_it(self):
        self.assertEqual(self.shown()[-1], "Old")
        self.assertEqual(self.shown("?sort=age")[:2], ["Old", "Met"])
        self.assertEqual(self.shown("?sort=organisations")[0], "Old")
        self.assertEqual(self.shown("?sort=organisations")[-1], "Ours")

    def test_who_and_how_many_make_it_follow_what_becomes_of_its_statements(self):
        def counts():
            return dict(Demand.objects.values_list("wording", "maker_count"))

        stored = {"Old": 2, "Met": 1, "New": 1, "Ours": 0, "Secret": 0}
        self.assertEqual(counts(), stored)
        self.assertCountEqual(self.shown("?organisation=union"), ["Met", "Old"])
        organisations.merge(self.league, self.union, by=make_editor())
        self.assertEqual(counts(), stored | {"Old": 1})
        self.assertCountEqual(self.shown("?organisation=union"), ["New", "Met", "Old"])
        statement = self.met.made.get().statement
        standing.change_standing(statement, "withdrawn", note="No longer.")
        self.assertEqual(counts(), stored | {"Old": 1, "Met": 0})
        self.assertCountEqual(self.shown("?organisation=union"), ["New", "Old"])

        self.assertEqual(list(links.miscounted()), [])
        DemandMaker.objects.filter(demand=self.old).delete()
        self.assertEqual(list(links.miscounted()), [self.old.pk])

    def test_the_numbers_beside_the_filters_are_what_they_leave(self):
        page = self.client.get("/demands/")
        facets = {facet.name: facet for facet in page.context["ledger"].facets}

        self.assertEqual(set(facets), set(HEADINGS) - {"person"})
        self.assertEqual(
            [choice.words for choice in facets["open"].choices],
            ["30 days", "90 days", "1 year"],
        )
        for facet in facets.values():
            for choice in facet.choices:
                with self.subTest(facet.name, choice=choice.words):
                    rows = self.client.get(choice.url).context["page"].rows
                    self.assertEqual(len(rows), choice.count)

    def test_beside_an_event_its_parts_are_offered_with_what_they_leave(self):
        page = self.client.get("/demands/?event=strike")
        [facet] = [one for one in page.context["ledger"].facets if one.name == "event"]

        self.assertEqual(
            [(one.words, one.count, one.is_current) for one in facet.choices],
            [("Strike", 2, True), ("Picket", 1, False)],
        )
        self.assertEqual(facet.choices[1].url, "/demands/?event=picket")
        others = [make_event(f"Other {number}") for number in range(15)]
        for demand in (self.old, self.met):
            demand.made.get().statement.events.add(*others)
        page = self.client.get("/demands/?event=strike")
        [facet] = [one for one in page.context["ledger"].facets if one.name == "event"]
        self.assertEqual([one.words for one in facet.choices], ["Strike", "Picket"])
        self.assertNotContains(self.client.get("/demands/?event=picket"), ">Strike<")

    def test_a_filter_in_force_stands_above_and_can_be_taken_away(self):
        page = self.client.get("/de/demands/?event=strike&state=met")

        self.assertContains(page, "Strike")
        [event, state] = sorted(page.context["chosen"], key=lambda one: one.words != "Strike")
        self.assertEqual(event.without, "/de/demands/?state=met")
        self.assertEqual(state.without, "/de/demands/?event=strike")
        self.assertContains(page, '<meta name="robots" content="noindex, follow">')

    @patch("statements.pages.demands.SHOWN", 4)
    def test_further_pages_keep_the_filters_and_repeat_nothing(self):
        person = make_person(slug="ada")
        for number in range(9):
            fields = {"kind": "prices", "people": [person]}
            self.make(f"More {number}", "2020-01-01", [self.union], [], **fields)
        for sort in ("", "age", "organisations"):
            seen, address = [], f"/demands/?kind=prices&person=ada&sort={sort}"
            while address:
                with CaptureQueriesContext(connection) as queries:
                    page = self.client.get(address).context["page"]
                self.assertLessEqual(len(queries), 14)
                seen += [demand.pk for demand in page.rows]
                address = page.older
            self.assertEqual((len(seen), len(set(seen))), (9, 9), sort)
