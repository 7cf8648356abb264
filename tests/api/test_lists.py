"""Lists for programs: the filters of the pages, page after page, and the fields asked for."""

from unittest.mock import patch

from django.test import TestCase

from statements.models import Demand, Event, Organisation, Person, Statement
from statements.publishing import standing
from statements.reading.rows import text_for_reader
from statements.search.engines import TookTooLong
from tests.api.asked import API, Asks
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


class FilterTests(Asks, TestCase):
    """What a page finds by a filter, the interface finds by the same."""

    @classmethod
    def setUpTestData(cls):
        belarus, russia = make_place("BY"), make_place("RU")
        election = make_event("Election", slug="election")
        election.places.set([belarus])
        protests = make_event("Protests", slug="protests", parent=election)
        movement = make_organisation("Movement", slug="movement", country=russia)
        union = make_organisation("Union", slug="union", country=belarus)
        one = make_text(
            "One",
            slug="one",
            organisations=[movement],
            events=[election],
            places=[belarus],
            tags=["left"],
            issued="2020-08-09",
        )
        make_text("Один", slug="odin", statement=one.statement, language="ru")
        amina = make_person("Amina Example", slug="amina")
        make_person("Boris Other", slug="boris", shown_as="initials")
        free = make_demand(
            "Free them",
            slug="free",
            kind="release",
            people=[amina],
            addressee=make_addressee(country=belarus),
        )
        make_demand_made(one, demand=free)
        two = make_text(
            "Two",
            slug="two",
            organisations=[union],
            events=[protests],
            kind="open-letter",
            issued="2021-01-01",
        )
        make_demand_made(two, demand=make_demand("Stop it", slug="stop"))
        make_update(amina, "released", "2021-05-01")
        make_text("Three", slug="three", issued="2021-01-01", organisations=[movement, union])
        make_text("Draft", slug="draft", published=False, events=[election])
        cls.addressee = free.addressee_id

    CASES = {
        "statements": (
            *({"event": one} for one in ("election", "protests", "draft", "none")),
            *({"organisation": "union"}, {"organisation": "union", "year": "2021"}),
            *({"place": "BY"}, {"from": "RU"}, {"tag": "left"}, {"demand": "free"}),
            *({"language": "ru"}, {"language": "RU"}, {"kind": "open-letter"}, {"year": "2020"}),
            *({"q": "one"}, {"q": "tag:left"}, {"q": "org:union two"}, {"q": "draft"}, {}),
        ),
        "organisations": ({"q": "movement"}, {"q": "none"}, {}),
        "demands": (
            *({"state": "met"}, {"kind": "release"}, {"event": "election"}, {"q": "stop"}),
            *({"organisation": "union"}, {"country": "BY"}, {"open": "30"}, {"year": "2021"}),
            *({"person": "amina"}, {"person": "boris"}, {"person": "amina", "kind": "land"}),
            *({"changed": "2021"}, {"state": "raised", "kind": "labour"}, {"event": "none"}, {}),
        ),
        "people": ({"state": "released"}, {"year": "2021"}, {"q": "amina"}, {"q": "boris"}, {}),
        "events": ({"place": "BY"}, {"q": "protests"}, {"q": "none"}),
    }

    def shown(self, noun, parameters):
        """The slugs that the page of a list shows, of statements whatever language is asked for."""
        page = self.client.get(f"/{noun}/", parameters).context["page"]
        if noun == "statements":
            return [text_for_reader(row.statement.texts_shown).slug for row in page.rows]
        return [getattr(row, "address", row.slug) for row in page.rows]

    def test_a_filter_finds_what_the_page_finds(self):
        found = set()
        for noun, cases in self.CASES.items():
            for parameters in cases:
                with self.subTest(noun=noun, **parameters):
                    slugs = self.slugs(f"{noun}/", **parameters)
                    self.assertEqual(sorted(slugs), sorted(self.shown(noun, parameters)))
                    if noun == "statements":
                        self.assertEqual(slugs, self.shown(noun, parameters))
                    found.add((noun, bool(slugs)))
        # None of this was true because nothing was found anywhere.
        self.assertLessEqual({(noun, True) for noun in self.CASES}, found)

    def test_what_is_typed_after_a_minus_is_left_out(self):
        self.assertEqual(self.slugs("statements/", q="lang:en -org:movement"), ["two"])
        self.assertEqual(self.slugs("statements/", q="tag:left -lang:fr"), ["one"])
        for language in ("en", "ru"):
            self.assertEqual(self.slugs("statements/", q=f"tag:left -lang:{language}"), [])
        self.assertEqual(self.slugs("statements/", q="-org:movement"), ["two"])

    def test_an_addressee_is_found_by_number(self):
        self.assertEqual(self.slugs("demands/", addressee=self.addressee), ["free"])
        self.assertEqual(self.slugs("demands/", addressee=self.addressee + 1), [])

    def test_events_are_all_there_with_their_parts(self):
        self.assertEqual(self.slugs("events/"), ["protests", "election"])
        self.assertEqual(self.slugs("events/", place="FR"), [])

    def test_a_value_that_none_can_have_is_refused_by_name(self):
        for address, name, value in (
            ("statements/", "year", "x"),
            ("statements/", "year", "0"),
            ("statements/", "kind", "poem"),
            ("statements/", "language", "no language"),
            ("statements/", "event", "e" * 121),
            ("statements/", "q", "q" * 301),
            ("demands/", "state", "lost"),
            ("demands/", "addressee", "9" * 30),
            ("people/", "state", "free"),
            ("events/", "size", "0"),
            ("events/", "size", "101"),
            ("events/", "cursor", "x"),
            ("statements/", "cursor", "20200101"),
            ("statements/", "cursor", "٢-١"),
        ):
            with self.subTest(name=name, value=value[:20]):
                [error] = self.refused(400, address, **{name: value})["errors"]
                self.assertEqual(error["parameter"], name)
                self.assertNotIn("Value error", error["detail"])

    def test_a_parameter_that_is_not_known_or_twice_there_is_refused(self):
        [error] = self.refused(400, "events/", plcae="BY")["errors"]

        self.assertEqual(error["parameter"], "plcae")
        self.assertIn("fields, size, cursor, q, place", error["detail"])
        [error] = self.refused(400, "events/", place=["BY", "RU"])["errors"]
        self.assertEqual(error["parameter"], "place")
        self.refused(400, "events/election/", q="x")

    def test_a_search_that_takes_too_long_is_no_empty_list(self):
        for noun, where in (("statements", "filters"), ("people", "searched")):
            finds = "statements" if noun == "statements" else "records"
            with patch(f"statements.reading.{where}.finding.{finds}", side_effect=TookTooLong):
                body = self.refused(503, f"{noun}/", q="one")
                self.assertEqual(body["type"], "http://testserver/api/v1/#not-now")

    def test_a_list_that_words_cut_off_says_so(self):
        asked = {"q": "election OR protests"}
        self.assertIs(self.ask("events/", **asked)["is_cut"], False)
        with patch("statements.search.finding.MOST_RECORDS", 1):
            self.assertIs(self.ask("events/", **asked)["is_cut"], True)
            self.assertEqual(self.slugs("events/", **asked), ["protests"])


class WalkTests(Asks, TestCase):
    @classmethod
    def setUpTestData(cls):
        for number in range(7):
            # Days that several share.
            make_text(slug=f"s{number}", issued=f"2020-08-0{number % 3 + 1}")
            make_event(slug=f"e{number}", public_since="2020-01-01T00:00Z")
            make_organisation(slug=f"o{number}", public_since="2020-01-01T00:00Z")
            make_demand(slug=f"d{number}", public_since="2020-01-01T00:00Z")
            make_person(slug=f"p{number}", public_since="2020-01-01T00:00Z")

    def listed(self):
        yield (
            "statements/",
            [one.texts.get().slug for one in Statement.objects.readable().newest_first()],
        )
        for noun, model in (
            ("events", Event),
            ("organisations", Organisation),
            ("demands", Demand),
            ("people", Person),
        ):
            rows = model.objects.readable().order_by("-pk")
            yield f"{noun}/", list(rows.values_list("slug", flat=True))

    def test_pages_follow_each_other_whatever_their_size(self):
        for address, expected in self.listed():
            for size in (1, 2, 3, 7, 100):
                with self.subTest(address, size=size):
                    self.assertEqual(self.slugs(address, size=size), expected)

    def test_what_is_published_in_between_shifts_nothing(self):
        for address, expected in self.listed():
            with self.subTest(address):
                walked = []
                for one in self.walk(address, size=2):
                    walked.append(one["slug"])
                    make_text(issued="2020-08-03")
                    make_event(public_since="2020-01-01T00:00Z")
                    make_organisation(public_since="2020-01-01T00:00Z")
                    make_demand(public_since="2020-01-01T00:00Z")
                    make_person(public_since="2020-01-01T00:00Z")
                self.assertEqual(walked, expected)

    def test_where_the_last_row_was_taken_back_the_next_page_goes_on(self):
        first = self.ask("statements/", size=3)
        expected = self.slugs("statements/")[3:]
        last = Statement.objects.get(texts__slug=first["results"][-1]["slug"])
        standing.change_standing(last, Statement.Standing.WITHDRAWN, note="Not ours.")

        following = self.client.get(first["next"].removeprefix("http://testserver")).json()

        self.assertEqual([one["slug"] for one in following["results"]], expected[:3])

    def test_the_next_address_keeps_what_was_asked(self):
        answer = self.client.get(f"{API}statements/?year=2020&size=2&fields=slug,kind")

        following = answer.json()["next"]
        self.assertRegex(
            following,
            r"^http://testserver/api/v1/statements/\?year=2020&size=2&fields=slug%2Ckind"
            r"&cursor=\d+-\d+$",
        )
        self.assertEqual(answer["Link"], f'<{following}>; rel="next"')
        last = self.client.get(f"{API}statements/?size=7")
        self.assertIsNone(last.json()["next"])
        self.assertNotIn("Link", last)

    def test_a_cursor_from_nowhere_is_a_place_like_any_other(self):
        for cursor in ("0-0", "9999999-999999999999999999", "1-1"):
            self.assertEqual(
                self.client.get(f"{API}statements/?cursor={cursor}").status_code, 200, cursor
            )
        self.assertEqual(self.slugs("events/", cursor="0"), [])


class FieldsTests(Asks, TestCase):
    @classmethod
    def setUpTestData(cls):
        make_text("One", slug="one", body="<p>Words.</p>")

    def test_only_the_fields_asked_for_are_there(self):
        self.assertEqual(
            self.ask("statements/", fields="title,language")["results"],
            [{"title": "One", "language": "en"}],
        )
        self.assertEqual(self.ask("statements/one/", fields="slug"), {"slug": "one"})
        self.assertEqual(
            self.client.get("/statements/one.json?fields=slug,title").json(),
            {"slug": "one", "title": "One"},
        )

    def test_a_field_that_is_not_there_is_refused_with_those_that_are(self):
        [error] = self.refused(400, "statements/", fields="title,words")["errors"]

        self.assertIn("“words”", error["detail"])
        for known in ("title", "may_be_indexed"):
            self.assertIn(known, error["detail"])
        # A whole record has more.
        self.assertEqual(list(self.ask("statements/one/", fields="licence")), ["licence"])
        self.refused(400, "statements/", fields="licence")
        self.refused(400, "statements/", fields="")
        self.refused(400, "statements/one/", fields="x" * 2000)
        for fields in ("secret", "x" * 2000):
            self.assertEqual(
                self.client.get("/statements/one.json", {"fields": fields}).status_code, 400
            )
