"""The timeline of an event: its entries with their days and sources, and the drawing of them."""

import re
from html import unescape
from unittest.mock import patch

from django.test import TestCase
from django.utils.translation import override

from statements.dates import PartialDate
from statements.reading.timeline_drawing import draw
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_organisation,
    make_person,
    make_source,
    make_text,
    make_update,
)


class TimelineTests(TestCase):
    path = "/events/rent-strike/timeline/"

    def setUp(self):
        self.event = make_event(
            "Rent strike",
            slug="rent-strike",
            start=PartialDate.parse("2020-08"),
            is_ongoing=True,
        )
        self.union = make_organisation("Union")

    def speak(self, title, issued="2020-08-02", *demands, **fields):
        text = make_text(
            title, events=[self.event], organisations=[self.union], issued=issued, **fields
        )
        for demand in demands:
            make_demand_made(text, demand=demand)
        return text

    def rows(self, response):
        """The table in plain words: number, date, what, source."""
        body = re.search(r'<table class="stack times">.*?</table>', response.content.decode(), re.S)
        # On paper alone: where a link leads.
        body = re.sub(r'<bdi class="only-print .*?</bdi>', "", body.group(), flags=re.S)
        cells = [
            [unescape(" ".join(re.sub(r"<[^>]+>", " ", cell).split())) for cell in row]
            for row in (
                re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.S)
                for line in re.findall(r"<tr>(.*?)</tr>", body, re.S)[1:]
            )
        ]
        return [tuple(row) for row in cells]

    def test_every_entry_has_its_day_and_its_source(self):
        amina = make_person("Amina Example", slug="amina")
        free = make_demand("Free her", people=[amina], kind="release")
        part = make_event(
            "Eviction",
            parent=self.event,
            start=PartialDate.parse("2020-08-05"),
            end=PartialDate.parse("before 2020-08-20"),
        )
        make_text("On the part", events=[part], issued="2020-08-06")
        self.speak("Free Amina", "2020-08-02", free, source=make_source("2020-08-03"))
        self.speak("Draft", published=False)
        make_update(
            free,
            "acknowledged",
            "2020-08-10",
            source=make_source(None, publication="Gazette", url="https://example.org/a"),
        )
        wrong = make_update(amina, "died", "2020-08-11")
        make_update(
            amina,
            "released",
            "after 2020-08-12",
            source=make_source("2020-08-14", publication="Courier"),
            corrects=wrong,
            note="She lives.",
        )

        page = self.client.get(self.path)

        printed = '<bdi class="only-print address" dir="ltr">https://example.org/a</bdi>'
        self.assertContains(page, printed, 1)
        self.assertEqual(
            self.rows(page),
            [
                ("1", "since August 2020", "Event: Rent strike", "– entered by the editors"),
                (
                    "2",
                    "5 August 2020 to before 20 August 2020",
                    "Event: Eviction",
                    "– entered by the editors",
                ),
                (
                    "3",
                    "2 August 2020",
                    "Free Amina Union 1 demand",
                    "Example Gazette 3 August 2020",
                ),
                ("4", "6 August 2020", "On the part", "– no source entered"),
                ("5", "10 August 2020", "Demand: Free her Acknowledged", "Gazette"),
                (
                    "6",
                    "after 12 August 2020",
                    "Person: Amina Example Released",
                    "Courier 14 August 2020",
                ),
            ],
        )
        self.assertContains(page, "/demands/" + free.slug + "/#update-")
        # The drawing has the same numbers, and a dotted line to the edge where an end is open.
        svg = re.search(r"<svg class=\"timeline\".*?</svg>", page.content.decode(), re.S)[0]
        self.assertEqual(sorted(re.findall(r'class="no"[^>]*>(\d)<', svg)), list("123456"))
        self.assertNotIn("style=", svg)
        self.assertIn("Timeline from 1 August 2020 to 31 August 2020", svg)
        open_ends = re.findall(r'class="span open" x1="([\d.]+%)" x2="([\d.]+%)"', svg)
        self.assertEqual([end for _start, end in open_ends], ["100.00%", "100.00%"])
        whole = self.client.get("/events/rent-strike/")
        self.assertEqual(self.rows(whole), self.rows(page))

    def test_the_event_comes_first_and_its_parts_in_the_order_of_their_days(self):
        for name, start in (("Strike", "before 2020-08-13"), ("March", "2020-08-09")):
            part = make_event(name, parent=self.event, start=PartialDate.parse(start))
            make_text(events=[part])
        self.speak("Free them")

        found = [what for _number, _day, what, _source in self.rows(self.client.get(self.path))]
        self.assertEqual(found[:3], ["Event: Rent strike", "Event: March", "Event: Strike"])

    def test_a_right_to_left_language_mirrors_the_axis(self):
        self.speak("First", "2020-08-01")
        self.speak("Last", "2020-08-31")
        timeline = self.client.get(self.path).context["timeline"]

        def places():
            return [float(mark.x.rstrip("%")) for mark in draw(timeline).marks]

        straight = places()
        with override("ar"):
            mirrored = places()
        self.assertEqual(straight, [4, 4, 96])
        self.assertEqual(mirrored, [100 - place for place in straight])

    def test_withheld_and_shortened_names_stand_in_no_entry_and_no_address(self):
        hidden = make_person("Amina Okoye", shown_as="withheld")
        short = make_person("Boris Ivanov", shown_as="initials", slug="boris")
        beside = make_person("Carla Cho", slug="carla")
        demand = make_demand("Free Amina Okoye and Boris Ivanov", people=[hidden, short, beside])
        source = make_source(
            url="https://example.org/okoye-ivanov", publication="Okoye Ivanov News"
        )
        title = "Free Amina Okoye and Boris Ivanov"
        self.speak(title, "2020-08-02", demand, source=source, slug="free")
        make_update(demand, "refused", "2020-08-10", source=source)
        make_update(hidden, "released", "2020-08-11", source=source)
        make_update(short, "released", "2020-08-12", source=source)
        make_update(beside, "released", "2020-08-13", source=source)

        for path in (self.path, "/events/rent-strike/"):
            page = self.client.get(path)

            self.assertEqual(len(self.rows(page)), 5)
            self.assertContains(page, "B. I.")
            for part in ("Okoye", "Amina", "Ivanov", "Boris", "okoye"):
                self.assertNotContains(page, part)

    @patch("statements.pages.event.ENTRIES", 20)
    def test_many_entries_are_counted_and_the_table_is_paged(self):
        demand = make_demand()
        for number in range(26):
            self.speak(f"No. {number}", f"2020-{number % 9 + 1:02}-0{number % 7 + 1}", demand)
        make_update(demand, "met", "2020-10-02")
        self.speak("Of a year", "2020")

        with self.assertNumQueries(9):
            page = self.client.get(self.path)

        periods = page.context["timeline"].periods
        self.assertEqual([one.day.notation for one in periods][:2], ["2020-01", "2020-02"])
        # The one that is only known by its year counts in the last month that it may be in.
        self.assertEqual(
            [one.in_lanes for one in periods], [[3, 0]] * 8 + [[2, 0]] + [[0, 1], [1, 0]]
        )
        self.assertEqual(len(self.rows(page)), 20)
        self.assertEqual(len(page.context["drawing"].bars), 11)
        self.assertContains(page, "Each bar counts one month; the number is that of the longest")
        further = self.client.get(f"{self.path}?page=2")
        self.assertEqual([row[0] for row in self.rows(further)], [str(n) for n in range(21, 30)])
        self.assertNotContains(further, '<svg class="timeline"')
        whole = self.client.get("/events/rent-strike/")
        self.assertContains(whole, f'href="{self.path}"')
        self.assertNotContains(whole, "No. 25</bdi></a> </th>")

    def test_the_page_of_the_event_counts_what_the_timeline_does(self):
        person = make_person()
        free = make_demand("Free them", people=[person], kind="release")
        for number in range(25):
            self.speak(f"No. {number}", f"2020-0{number % 9 + 1}-02", free)
        update = make_update(free, "refused", "2020-10-02")
        make_update(free, "met", "2021-11", corrects=update)
        make_update(person, "released", "2021-12")

        pages = [self.client.get(path) for path in (self.path, "/events/rent-strike/")]

        timelines, drawings = (
            [page.context[name] for page in pages] for name in ("timeline", "drawing")
        )
        self.assertEqual(*(one.periods for one in timelines))
        self.assertEqual([len(one.table) for one in timelines], [28, 28])
        self.assertEqual(*drawings)

    def test_without_a_day_there_is_no_drawing(self):
        event = make_event("Undated", slug="undated")
        self.assertEqual(self.client.get("/events/undated/timeline/").status_code, 404)
        make_text(events=[event])

        page = self.client.get("/events/undated/timeline/")

        self.assertNotContains(page, '<svg class="timeline"')
        self.assertEqual(len(self.rows(page)), 1)
