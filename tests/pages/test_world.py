import json
import re
from pathlib import Path
from unittest import mock

from django.test import TestCase

from statements.dates import PartialDate
from statements.models import Place
from statements.reading import world
from tests.factories import make_event, make_organisation, make_place, make_text
from tests.pages.shown import words_of


def lines(response):
    """The table beside the map: place, statements and events, with where the numbers lead."""
    return [
        (one.name, one.statements, one.statements_url, one.events, one.events_url)
        for one in response.context["world"].lines
    ]


class WorldTests(TestCase):
    def test_the_first_page_counts_by_place_and_each_number_leads_to_its_list(self):
        belarus, malta, france = make_place("BY"), make_place("MT"), make_place("FR")
        strike = make_event("Strike")
        strike.places.set([belarus, malta])
        make_text("One", places=[belarus], events=[strike])
        make_text("Two", places=[belarus, malta])
        make_text("Draft", places=[france], published=False)
        make_event("Draft event").places.add(france)

        response = self.client.get("/")

        expected = [
            ("Belarus", 2, "/statements/?place=BY", 1, "/events/?place=BY"),
            ("Malta", 1, "/statements/?place=MT", 1, "/events/?place=MT"),
        ]
        self.assertEqual(lines(response), expected)
        self.assertIn("Belarus 2 1 Malta 1 1", words_of(response))
        self.assertEqual(
            [bool(one.outline) for one in response.context["world"].lines], [True, False]
        )
        # Belarus is drawn, Malta a circle, and both are ways for a mouse alone.
        drawn = response.content.decode().partition('<g aria-hidden="true">')[2]
        shapes = re.findall(r'<a href="([^"]+)" tabindex="-1"[^>]*>.*?<(path|circle)', drawn)
        self.assertEqual(
            shapes, [("/statements/?place=BY", "path"), ("/statements/?place=MT", "circle")]
        )
        for _place, statements, its_list, events, there in expected:
            page = self.client.get(its_list).context["page"]
            self.assertEqual(len(page.rows), statements)
            self.assertEqual(len(self.client.get(there).context["page"].rows), events)

    def test_an_event_shows_where_those_who_speak_about_it_come_from(self):
        belarus, russia, france = make_place("BY"), make_place("RU"), make_place("FR")
        strike = make_event("Strike", slug="strike")
        part = make_event("Picket", parent=strike)
        part.places.add(belarus)
        union = make_organisation(country=russia)
        make_text("One", organisations=[union, make_organisation(country=russia)], events=[strike])
        make_text("Two", organisations=[union], events=[part])
        make_text("Three", organisations=[make_organisation()], events=[part])
        hidden = make_organisation(country=france)
        make_text("Draft", organisations=[hidden], events=[strike], published=False)

        response = self.client.get("/events/strike/")

        self.assertEqual(
            lines(response),
            [
                ("Russia", 2, "/statements/?event=strike&from=RU", 0, ""),
                ("Belarus", 0, "", 1, "#parts"),
            ],
        )
        page = self.client.get("/statements/?event=strike&from=RU").context["page"]
        self.assertEqual(len(page.rows), 2)
        words = "Russia 2 Belarus 0 yes Of one more statement, no country is known here"
        self.assertIn(words, words_of(response))

    def test_events_of_a_place_are_listed_with_their_parts_and_go_on_there(self):
        belarus = make_place("BY")
        strike = make_event("Strike", start=PartialDate.parse("2020-08-01"))
        picket = make_event("Picket", parent=strike, start=PartialDate.parse("2020-08-02"))
        make_event("Elsewhere")
        for event in (strike, picket):
            event.places.add(belarus)
            make_text(events=[event])

        with mock.patch("statements.pages.events.LISTED", 1):
            response = self.client.get("/events/?place=BY")
            further = self.client.get("/events/" + response.context["page"].older)

        self.assertEqual([str(one) for one in response.context["page"].rows], ["Picket"])
        self.assertEqual([str(one) for one in further.context["page"].rows], ["Strike"])
        self.assertEqual(further.context["page"].newer, "/events/?place=BY")
        self.assertContains(response, "Place: Belarus")
        self.assertEqual(self.client.get("/events/?place=FR").status_code, 404)

    def test_every_place_of_the_list_is_drawn_but_three(self):
        drawn = json.loads(Path(world.__file__).with_name("world.json").read_text())

        shown = {*drawn["outlines"], *drawn["points"]}
        self.assertEqual(
            set(Place.objects.values_list("code", flat=True)) - shown,
            {"AQ", "BV", "HM"},
        )
        self.assertEqual(set(drawn["outlines"]) & set(drawn["points"]), set())
        paths = [drawn["land"], *drawn["outlines"].values()]
        self.assertEqual([one for one in paths if not re.fullmatch(r"[Mlz0-9 -]+", one)], [])
