"""The list of statements: its order, its pages, what it counts and costs."""

import re
from unittest.mock import patch

from django.test import TestCase

from statements.models import Statement
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_organisation,
    make_person,
    make_place,
    make_text,
)
from tests.pages.shown import titles


class ListTests(TestCase):
    def list(self, **filters):
        return self.client.get("/statements/", filters)

    def test_statements_stand_newest_first_and_drafts_nowhere(self):
        make_text("Older", issued="2020-08-01")
        make_text("Newer", issued="2021-01-01")
        make_text("Draft", issued="2022-01-01", published=False)

        response = self.list()

        self.assertEqual(titles(response), ["Newer", "Older"])
        self.assertContains(response, "2 statements")
        self.assertNotContains(response, "Draft")

    def test_an_empty_site_says_so(self):
        self.assertContains(self.list(), "No statement has been published yet.")

    def test_a_list_without_filters_is_indexed_and_a_combination_is_not(self):
        make_text(tags=["water"])
        noindex = '<meta name="robots" content="noindex, follow">'

        self.assertNotContains(self.list(), noindex)
        self.assertNotContains(self.list(tag="water"), noindex)
        self.assertContains(self.list(tag="water", year="2020"), noindex)

    def test_the_canonical_address_has_the_filters_in_one_order_and_no_language(self):
        make_text(tags=["water"])

        response = self.client.get("/ar/statements/?year=2020&tag=water&nonsense=1&language=EN")

        self.assertContains(
            response,
            '<link rel="canonical"'
            ' href="http://testserver/statements/?language=en&amp;tag=water&amp;year=2020">',
        )


@patch("statements.reading.paging.PAGE_SIZE", 5)
class PageTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        # Days that many statements share, across the edges of pages.
        for number in range(12):
            make_text(f"No. {number}", issued="2020-08-01" if number % 3 else "2020-08-02")

    def follow(self, response, relation):
        found = re.search(rf'<a href="([^"]+)" rel="{relation}">', response.content.decode())
        return self.client.get(found[1].replace("&amp;", "&")) if found else None

    def test_older_pages_and_back_show_every_statement_once(self):
        everything = [
            text.live_revision.title
            for one in Statement.objects.newest_first()
            for text in one.texts.all()
        ]
        pages = [self.client.get("/statements/?year=2020")]
        while older := self.follow(pages[-1], "next"):
            pages.append(older)

        self.assertEqual([len(titles(page)) for page in pages], [5, 5, 2])
        self.assertEqual([title for page in pages for title in titles(page)], everything)
        self.assertIsNone(self.follow(pages[0], "prev"))
        back = self.follow(pages[2], "prev")
        self.assertEqual(titles(back), titles(pages[1]))
        first = self.follow(back, "prev")
        self.assertEqual(titles(first), titles(pages[0]))
        self.assertIsNone(self.follow(first, "prev"))
        self.assertEqual(titles(self.follow(first, "next")), titles(pages[1]))

    def test_a_place_that_nobody_wrote_gives_the_first_page(self):
        first = titles(self.client.get("/statements/"))

        for value in ("x", "20209999-1", "00000101-1", "20200801", "20200801-" + "9" * 30, "٢-١"):
            with self.subTest(value):
                self.assertEqual(titles(self.client.get("/statements/", {"before": value})), first)
                self.assertEqual(titles(self.client.get("/statements/", {"after": value})), first)

    def test_beyond_the_last_page_a_link_leads_back(self):
        response = self.client.get("/statements/?before=00010101-1")

        self.assertEqual(titles(response), [])
        self.assertContains(response, "There are no more statements on this side of the list.")

    def test_a_page_in_the_middle_has_its_own_canonical_address(self):
        second = self.follow(self.client.get("/statements/"), "next")

        self.assertRegex(
            second.content.decode(),
            r'<link rel="canonical" href="http://testserver/statements/\?before=2020080\d-\d+">',
        )


class CostTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.event = make_event(slug="event")
        cls.demand = make_demand(slug="demand", people=[make_person(shown_as="withheld")])
        cls.place = make_place("BY")
        cls.union = make_organisation(slug="union", country=cls.place)

    def add(self):
        text = make_text(
            organisations=[self.union, make_organisation(country=make_place("RU"))],
            events=[make_event(parent=self.event), self.event],
            places=[self.place],
            tags=["left", "right"],
        )
        make_text(statement=text.statement, language="fr")
        make_demand_made(text, demand=self.demand)
        make_demand_made(text)

    def test_queries_are_as_many_for_one_row_as_for_three_with_every_filter_on(self):
        filters = (
            "?event=event&organisation=union&place=BY&from=BY&tag=left&language=en&kind=statement"
            "&demand=demand&year=2020"
        )
        for rows in (1, 3):
            while Statement.objects.count() < rows:
                self.add()
            for query, most in (("", 11), (filters, 12)):
                with self.subTest(rows=rows, query=query), self.assertNumQueries(most):
                    response = self.client.get(f"/statements/{query}")
                self.assertEqual(len(titles(response)), rows)

    def add_plain(self, number, kind):
        one = Statement.objects.first()
        Statement.objects.bulk_create(
            Statement(sort_on=one.sort_on, public_since=one.public_since, kind=kind)
            for _ in range(number)
        )

    def kinds(self, response):
        return {
            choice.words: choice.count
            for facet in response.context["found"].facets
            for choice in facet.choices
            if facet.name == "kind"
        }

    def test_facets_count_the_newest_two_hundred_and_fifty_and_say_so(self):
        self.add()
        self.add_plain(1, kind="declaration")
        self.add_plain(248, kind="appeal")
        everything = self.client.get("/statements/")

        self.assertContains(everything, "250 statements")
        self.assertNotContains(everything, "The numbers count the newest")
        self.assertEqual(self.kinds(everything), {"Appeal": 248, "Statement": 1, "Declaration": 1})

        self.add_plain(1, kind="appeal")
        response = self.client.get("/statements/")

        self.assertContains(response, "251 statements")
        self.assertContains(response, "The numbers count the newest 250.")
        # Of one day, the first entered is the oldest.
        self.assertEqual(self.kinds(response), {"Appeal": 249, "Declaration": 1})

    def test_more_than_a_thousand_are_not_counted(self):
        self.add()
        self.add_plain(999, kind="appeal")
        self.assertContains(self.client.get("/statements/"), "1,000 statements")

        self.add_plain(1, kind="appeal")
        response = self.client.get("/statements/")

        self.assertContains(response, "More than 1,000 statements")
        self.assertEqual(self.kinds(response), {"Appeal": 250})
