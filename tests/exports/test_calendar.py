"""Events as calendars, read as a program for calendars does."""

from datetime import date

from django.test import TestCase
from icalendar import Calendar

from statements.dates import PartialDate
from statements.models import FormerSlug
from tests.factories import make_event, make_place, make_text


def dated(name, start, end="", **fields):
    """An event with a public statement."""
    event = make_event(
        name,
        start=PartialDate.parse(start) if start else None,
        end=PartialDate.parse(end) if end else None,
        **fields,
    )
    make_text(events=[event])
    event.refresh_from_db()
    return event


class CalendarTests(TestCase):
    def read(self, path):
        response = self.client.get(path)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "text/calendar; charset=utf-8")
        return Calendar.from_ical(response.content)

    def days(self, path="/events.ics"):
        """Summary, first day, and the day after the last."""
        return {
            str(entry["summary"]): (entry.decoded("dtstart"), entry.decoded("dtend"))
            for entry in self.read(path).walk("VEVENT")
        }

    def test_days_are_all_day_long_and_what_has_none_is_left_out(self):
        dated("Day", "2021-05-03")
        dated("Days", "2021-05-03", "2021-05-05")
        dated("Month", "2021-02")
        dated("Year", "2021")
        dated("From a month to a year", "2021-02", "2022")
        dated("Begun after, ended in May", "after 2021-03-31", "2021-05")
        dated("Ended before", "2021-05-03", "before 2021-06-01")
        dated("Goes on", "2021-05-03", is_ongoing=True)
        dated("Ends some day after", "2021-05-03", "after 2021-06-01")
        dated("Begun before", "before 2021-05-03", "2021-06-01")
        dated("Begun after", "after 2021-05-03")
        dated("Undated", "")
        dated("Until the last of days", "9999-12-31")
        make_event("Of a draft", start=PartialDate.parse("2021-05-03"))

        entries = {str(one["summary"]): one for one in self.read("/events.ics").walk("VEVENT")}
        # There is no day after it.
        self.assertNotIn("dtend", entries.pop("Until the last of days"))
        self.assertEqual(
            {name: (one.decoded("dtstart"), one.decoded("dtend")) for name, one in entries.items()},
            {
                "Day": (date(2021, 5, 3), date(2021, 5, 4)),
                "Days": (date(2021, 5, 3), date(2021, 5, 6)),
                "Month": (date(2021, 2, 1), date(2021, 3, 1)),
                "Year": (date(2021, 1, 1), date(2022, 1, 1)),
                "From a month to a year": (date(2021, 2, 1), date(2023, 1, 1)),
                "Begun after, ended in May": (date(2021, 4, 1), date(2021, 6, 1)),
                "Ended before": (date(2021, 5, 3), date(2021, 6, 1)),
                "Goes on": (date(2021, 5, 3), date(2021, 5, 4)),
                "Ends some day after": (date(2021, 5, 3), date(2021, 5, 4)),
            },
        )

    def test_an_entry_says_what_where_and_how_exactly_it_is_known(self):
        name = "إضراب الإيجارات; «Mieten», \\ runter\N{EN DASH}" + "ـوردة" * 30
        event = dated(name, "2021-05", slug="rents", language="ar", is_ongoing=True, edition=3)
        event.places.add(make_place("FR"))
        event.is_example = True
        event.save()

        raw = self.client.get("/events/rents.ics").content
        [entry] = self.read("/events/rents.ics").walk("VEVENT")

        self.assertTrue(all(len(line) <= 75 for line in raw.split(b"\r\n")))
        self.assertEqual(str(entry["summary"]), name)
        self.assertEqual(entry["summary"].params["LANGUAGE"], "ar")
        self.assertEqual(str(entry["uid"]), f"event-{event.pk}@testserver")
        self.assertEqual((entry["sequence"], str(entry["location"])), (3, "France"))
        self.assertEqual(str(entry["url"]), "http://testserver/events/rents/")
        self.assertEqual(
            str(entry["description"]),
            "Begins: May 2021\nGoing on\nInvented example\nhttp://testserver/events/rents/",
        )

    def test_a_part_is_in_the_calendar_of_its_event_and_a_former_address_leads_there(self):
        whole = dated("Rent strike", "", slug="rents")
        self.assertEqual(self.client.get("/events/rents.ics").status_code, 404)
        dated("Eviction", "2021-05-03", parent=whole)
        FormerSlug.objects.create(noun="event", slug="old", object_id=whole.pk)

        self.assertEqual(
            self.days("/events/rents.ics"),
            {"Eviction": (date(2021, 5, 3), date(2021, 5, 4))},
        )
        self.assertRedirects(
            self.client.get("/events/old.ics"), "/events/rents.ics", status_code=301
        )
        self.assertEqual(self.client.get("/events/nothing.ics").status_code, 404)

    def test_what_has_not_changed_is_not_sent_again(self):
        event = dated("Rent strike", "2021-05-03", slug="rents")
        for path in ("/events.ics", "/events/rents.ics"):
            asked = {"if-none-match": self.client.get(path).headers["ETag"]}

            self.assertEqual(self.client.get(path, headers=asked).status_code, 304)
            event.name += " of 2021"
            event.save()
            self.assertEqual(self.client.get(path, headers=asked).status_code, 200)

    def test_the_number_of_queries_does_not_depend_on_the_events(self):
        root = dated("Rent strike", "2021-05-03", slug="rents")
        for _round in range(2):
            with self.assertNumQueries(2):
                self.client.get("/events/rents.ics")
            with self.assertNumQueries(3):
                self.client.get("/events.ics")
            for number in range(3):
                part = dated(f"Part {number}", "2021-05-03", parent=root)
                part.places.add(make_place("FR"))
