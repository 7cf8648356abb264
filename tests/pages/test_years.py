from datetime import date
from unittest import mock

from django.test import TestCase

from tests.factories import make_demand, make_demand_made, make_naming, make_person, make_text
from tests.factories import make_update as update
from tests.pages.shown import words_of


class YearsTests(TestCase):
    def setUp(self):
        today = mock.patch("django.utils.timezone.localdate", return_value=date(2022, 6, 1))
        today.start()
        self.addCleanup(today.stop)

    def numbers(self, response):
        """By chart and year: the numbers that are told, and where they lead."""
        return {
            (chart.name, year): [(cell.number, cell.url) for cell in cells]
            for chart in response.context["charts"]
            for year, cells in chart.rows
        }

    def test_every_number_leads_to_a_list_that_is_as_long(self):
        met, refused, waits = make_demand(), make_demand(), make_demand()
        for demand, day in ((met, "2020-03-01"), (refused, "2020-12-31"), (waits, "2021")):
            make_demand_made(make_text(issued=day), demand=demand)
        make_text(issued="2021-01-01")
        make_text(issued="2021-01-01", published=False)
        make_demand_made(make_text(issued="2021-01-01", published=False), demand=make_demand())
        free, again, hidden = make_person(), make_person(), make_person(shown_as="withheld")
        for person in (free, again, hidden):
            make_naming(make_text(issued="2022-01-01"), person)
            update(person, "released", "2021-05-01")
        update(again, "arrested", "2021-06-01")
        update(met, "met", "2021-02-01")
        update(refused, "refused", "2021-03-01")

        response = self.client.get("/years/")
        numbers = self.numbers(response)

        self.assertEqual(
            {where: [number for number, _url in cells] for where, cells in numbers.items()},
            {
                ("statements", 2022): [3],
                ("statements", 2021): [2],
                ("statements", 2020): [2],
                ("demands", 2022): [0, 0, 0],
                ("demands", 2021): [1, 1, 1],
                ("demands", 2020): [2, 0, 0],
                ("people", 2022): [0],
                ("people", 2021): [1],
            },
        )
        self.assertIn("2021 2", words_of(response))
        links = [cell for cells in numbers.values() for cell in cells if cell[1]]
        self.assertEqual(len(links), 8)
        for number, url in links:
            with self.subTest(url):
                self.assertEqual(len(self.client.get(url).context["page"].rows), number)

    def test_bars_begin_where_lines_do_and_numbers_are_counted_so_far(self):
        for _each in range(3):
            make_text(issued="2022-01-01")
        make_text(issued="2021-01-01")

        with mock.patch("statements.pages.years.MOST", 2):
            page = self.client.get("/years/")
        self.assertContains(page, '<a href="/statements/?year=2022">more than 2</a>')
        page = self.client.get("/ar/years/")
        self.assertContains(page, '<rect x="66.7%" width="33.3%" height="10"/>')

    def test_it_asks_as_much_of_an_empty_archive_as_of_a_full_one(self):
        with self.assertNumQueries(2):
            self.client.get("/years/")
        make_demand_made(make_text())
        with self.assertNumQueries(2):
            self.client.get("/years/")
