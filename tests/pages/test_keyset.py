from django.test import RequestFactory, TestCase

from statements.models import Demand, Organisation
from statements.reading.keyset import Part, page_of
from tests.factories import make_demand, make_organisation


class KeysetTests(TestCase):
    def walk(self, parts, size, path="/demands/"):
        """Slugs page by page, following the address of the next one."""
        pages, address = [], path
        while address:
            page = page_of(RequestFactory().get(address), parts, size)
            pages.append([row.slug for row in page.rows])
            address = path + page.older if page.older else ""
        return pages

    def test_pages_follow_each_other_and_rows_without_a_day_come_last(self):
        for slug, day in {
            "undated-1": None,
            "old": "2020-01-01",
            "same-1": "2021-01-01",
            "same-2": "2021-01-01",
            "new": "2022-01-01",
            "undated-2": None,
        }.items():
            make_demand(slug=slug, raised_on=day)
        demands = Demand.objects.all()
        parts = [
            Part(demands.filter(raised_on__isnull=False), "-raised_on"),
            Part(demands.filter(raised_on__isnull=True)),
        ]

        self.assertEqual(
            self.walk(parts, 2), [["new", "same-2"], ["same-1", "old"], ["undated-2", "undated-1"]]
        )
        self.assertEqual(
            self.walk(parts, 5), [["new", "same-2", "same-1", "old", "undated-2"], ["undated-1"]]
        )

    def test_names_go_up_and_equal_ones_by_number(self):
        for slug, name in {"b-1": "B", "a": "A", "b-2": "B", "c": "C"}.items():
            make_organisation(name, slug=slug)

        parts = [Part(Organisation.objects.all(), "name")]

        self.assertEqual(self.walk(parts, 2), [["a", "b-1"], ["b-2", "c"]])

    def test_a_further_page_leads_back_to_the_beginning_and_the_first_does_not(self):
        last = make_organisation("A")
        make_organisation("B")
        parts = [Part(Organisation.objects.all(), "name")]
        first = page_of(RequestFactory().get("/de/organisations/"), parts, 1)
        further = page_of(RequestFactory().get("/de/organisations/" + first.older), parts, 1)

        self.assertEqual((first.newer, first.older), ("", f"?before={last.pk}"))
        self.assertEqual((further.newer, further.older), ("/de/organisations/", ""))

    def test_an_address_that_names_no_row_gives_the_first_page(self):
        make_organisation("A", slug="a")
        parts = [Part(Organisation.objects.all(), "name")]

        for query in ("?before=0", "?before=x", "?before=999999", "?before=" + "9" * 40):
            page = page_of(RequestFactory().get("/organisations/" + query), parts, 1)
            self.assertEqual([row.slug for row in page.rows], ["a"], query)
