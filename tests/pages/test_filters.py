"""The filters of the list of statements, and what they tell nobody."""

from urllib.parse import urlencode

from django.test import TestCase
from django.utils.html import escape

from statements.models import Event
from statements.reading.filters import Filters
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


class FilterTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.election = make_event("Election", slug="election")
        protests = make_event("Protests", slug="protests", parent=cls.election)
        beatings = make_event("Beatings", slug="beatings", parent=protests)
        russia, belarus = make_place("RU"), make_place("BY")
        cls.movement = make_organisation("Movement", slug="movement", country=russia)
        union = make_organisation("Union", slug="union", country=belarus)
        cls.free = make_demand("Free elections", slug="free-elections")
        one = make_text(
            "One",
            organisations=[cls.movement],
            events=[cls.election],
            places=[belarus],
            tags=["elections", "left"],
            issued="2020-08-09",
        )
        make_text("Один", statement=one.statement, language="ru")
        make_demand_made(one, demand=cls.free)
        make_demand_made(one, demand=cls.free, voice="editors")
        two = make_text(
            "Two",
            organisations=[union],
            events=[beatings],
            places=[belarus, russia],
            tags=["left"],
            issued="2021-01-01",
            kind="open-letter",
        )
        make_demand_made(two, demand=make_demand("Stop the beatings", slug="stop"))
        make_text("Drei", language="de", issued="2021-05", organisations=[union, cls.movement])

    def list(self, **filters):
        return self.client.get("/statements/", filters)

    def offered(self, name, **filters):
        facets = self.list(**filters).context["found"].facets
        [facet] = [one for one in facets if one.name == name]
        return [(one.words, one.count) for one in facet.choices]

    def test_an_event_and_what_it_is_part_of_count_a_statement_once(self):
        make_text("Both", events=list(Event.objects.filter(slug__in=["election", "protests"])))

        self.assertEqual(self.offered("event"), [("Election", 3), ("Protests", 2), ("Beatings", 1)])

    def test_the_parts_of_an_event_are_offered_beside_it_however_many_others_there_are(self):
        others = [make_event(f"Other {number}") for number in range(15)]
        for title in ("Much", "More"):
            make_text(title, events=[*others, self.election])
        for page in (self.list(event="election"), self.client.get("/search/?event=election")):
            found = page.context.get("found") or page.context["results"].facets
            [facet] = [one for one in found.facets if one.name == "event"]

            self.assertEqual(
                [(one.words, one.count) for one in facet.choices],
                [("Election", 4), ("Protests", 1), ("Beatings", 1)],
            )

    def test_who_asks_for_a_language_gets_its_texts(self):
        for page in (self.list(language="ru"), self.client.get("/search/?q=lang:ru")):
            self.assertContains(page, "Один")
            self.assertNotContains(page, ">One<")

    def test_every_filter_alone(self):
        cases = {
            ("event", "election"): ["Two", "One"],
            ("event", "protests"): ["Two"],
            ("event", "beatings"): ["Two"],
            ("organisation", "movement"): ["Drei", "One"],
            ("organisation", "union"): ["Drei", "Two"],
            ("place", "BY"): ["Two", "One"],
            ("place", "RU"): ["Two"],
            ("from", "RU"): ["Drei", "One"],
            ("from", "BY"): ["Drei", "Two"],
            ("tag", "elections"): ["One"],
            ("tag", "left"): ["Two", "One"],
            ("language", "en"): ["Two", "One"],
            ("language", "ru"): ["Один"],
            ("language", "de"): ["Drei"],
            ("kind", "statement"): ["Drei", "One"],
            ("kind", "open-letter"): ["Two"],
            ("demand", "free-elections"): ["One"],
            ("demand", "stop"): ["Two"],
            ("year", "2020"): ["One"],
            ("year", "2021"): ["Drei", "Two"],
        }
        for (name, value), expected in cases.items():
            with self.subTest(name=name, value=value):
                self.assertEqual(titles(self.list(**{name: value})), expected)
        # None was left out, and none is offered that leads elsewhere.
        offered = {
            (facet.name, choice.words, choice.count, choice.url)
            for facet in self.list().context["found"].facets
            for choice in facet.choices
        }
        self.assertEqual(len(offered), len(cases))
        self.assertEqual(
            {(name, url) for name, _words, _count, url in offered},
            {(name, f"/statements/?{name}={value}") for name, value in cases},
        )

    def test_every_count_on_the_page_is_that_of_the_list_behind_it(self):
        counted = 0
        for query in ("", "?year=2021", "?place=BY", "?tag=left&year=2020", "?event=election"):
            for facet in self.client.get(f"/statements/{query}").context["found"].facets:
                for choice in facet.choices:
                    with self.subTest(query=query, facet=facet.name, choice=choice.words):
                        if choice.is_current:
                            continue
                        behind = self.client.get(choice.url)
                        self.assertEqual(len(titles(behind)), choice.count)
                        counted += 1
        self.assertGreater(counted, 40)

    def test_a_filter_in_force_offers_no_other_value_that_would_leave_others(self):
        make_text("Elsewhere", tags=["elections"])
        counts = {facet.name: facet for facet in self.list(tag="left").context["found"].facets}

        self.assertEqual([one.words for one in counts["tag"].choices], ["left"])
        # A part of the event in force leaves fewer.
        of_event = {
            facet.name: facet for facet in self.list(event="election").context["found"].facets
        }
        self.assertGreater(len(of_event["event"].choices), 1)

    def test_of_words_those_languages_are_counted_in_which_they_stand(self):
        text = make_text("Bread for all", slug="bread")
        make_text("Brot für alle", statement=text.statement, language="de", slug="brot")
        for query, languages in (("bread", ["English"]), ("brot OR bread", ["English", "German"])):
            page = self.client.get("/search/", {"q": query})
            facets = {facet.name: facet for facet in page.context["results"].facets.facets}
            choices = facets["language"].choices
            self.assertEqual(sorted(one.words for one in choices), languages)
            for choice in choices:
                self.assertContains(self.client.get(choice.url), "1 statement")

    def test_filters_combine_and_each_can_be_taken_away(self):
        everything = {
            "event": "election",
            "organisation": "movement",
            "place": "BY",
            "from": "RU",
            "tag": "left",
            "language": "ru",
            "kind": "statement",
            "demand": "free-elections",
            "year": "2020",
        }

        response = self.list(**everything)

        self.assertEqual(titles(response), ["Один"])
        self.assertEqual(
            [(one.heading, one.words) for one in response.context["chosen"]],
            [
                ("Event", "Election"),
                ("Demand", "Free elections"),
                ("Organisation", "Movement"),
                ("About the place", "Belarus"),
                ("From the country", "Russia"),
                ("Tag", "left"),
                ("Language", "Russian"),
                ("Kind", "Statement"),
                ("Year", "2020"),
            ],
        )
        for one in response.context["chosen"]:
            rest = {name: value for name, value in everything.items() if name != one.name}
            with self.subTest(one.name):
                address = "/statements/?" + urlencode(sorted(rest.items()))
                self.assertContains(response, f'href="{escape(address)}"')
                expected = "One" if one.name == "language" else "Один"
                self.assertEqual(titles(self.client.get(address)), [expected])

    def test_what_is_typed_after_a_minus_is_left_out_and_carried_along(self):
        response = self.list(q="tag:left -place:RU")

        self.assertEqual(titles(response), ["One"])
        self.assertEqual([one.name for one in response.context["chosen"]], ["tag"])
        self.assertContains(
            response, 'href="/statements/?q=-place%3ARU&amp;tag=left&amp;year=2020"'
        )
        self.assertEqual(titles(self.list(q="-tag:elections", place="BY")), ["Two"])
        self.assertEqual(titles(self.list(q="-tag:elections", year="2021")), ["Drei", "Two"])

    def test_filters_that_nothing_fits_together_give_an_empty_list(self):
        response = self.list(organisation="movement", demand="stop")

        self.assertEqual(titles(response), [])
        self.assertContains(response, "No published statement fits these filters together.")
        self.assertContains(response, "0 statements")

    def test_an_unknown_value_is_named_and_can_be_taken_away(self):
        values = {
            "event": "no-such-event",
            "organisation": "<script>",
            "place": "XX",
            "from": "'; DROP TABLE",
            "tag": "öl",
            "language": "not a language",
            "kind": "pamphlet",
            "demand": "x" * 500,
            "year": "20x0",
        }
        for name, value in values.items():
            with self.subTest(name):
                response = self.list(**{name: value, "kind": value if name == "kind" else ""})

                self.assertEqual(titles(response), [])
                [chosen] = response.context["chosen"]
                self.assertEqual((chosen.name, chosen.words), (name, value[:120]))
                shown = value if len(value) <= 60 else value[:59] + "…"
                self.assertContains(response, f"Nothing here is known as “{escape(shown)}”")
                self.assertEqual(chosen.without, "/statements/")

    def test_a_year_out_of_any_calendar_is_unknown_and_no_error(self):
        for year in ("0", "-1", "10000", "99999999999999999999"):
            with self.subTest(year):
                self.assertEqual(titles(self.list(year=year)), [])

    def test_an_event_says_that_its_parts_are_counted_in(self):
        self.assertContains(self.list(event="election"), "and its parts")
        self.assertNotContains(self.list(event="beatings"), "and its parts")

    def test_the_value_in_force_is_marked_and_leads_back(self):
        response = self.list(event="election", year="2020")

        self.assertInHTML(
            '<a href="/statements/?event=election" rel="nofollow" aria-current="true">'
            '<span><bdi>2020</bdi><span class="hide">, remove this filter</span></span>'
            '<span class="num quiet">1</span></a>',
            response.content.decode(),
        )

    def test_addresses_of_many_values_are_those_of_each(self):
        filters = Filters({"q": "tag=- ?tag=-&", "kind": "appeal", "tag": "-"}, page="pages:search")

        for name in ("tag", "event", "year"):
            for value in ("left", "öl & wasser", "-", "2020"):
                with self.subTest(name=name, value=value):
                    self.assertEqual(
                        filters.addresses(name)(value), filters.address(**{name: value})
                    )

    def test_names_are_in_the_language_of_the_interface(self):
        self.election.names.create(language="de", name="Die Wahl")

        response = self.client.get("/de/statements/", {"event": "election", "place": "BY"})

        words = {
            choice.words for facet in response.context["found"].facets for choice in facet.choices
        }
        self.assertLessEqual({"Die Wahl", "Russland", "Russisch"}, words)
        self.assertEqual(response.context["chosen"][0].words, "Die Wahl")

    def test_a_part_of_the_interface_stays_in_its_language(self):
        response = self.client.get("/ar/statements/?year=2021")

        self.assertContains(response, 'href="/ar/statements/?place=BY&amp;year=2021"')


class NothingElseTests(TestCase):
    """What is not readable is in no row, no count and no label."""

    def test_a_draft_is_counted_nowhere_and_names_nothing(self):
        union = make_organisation("Hidden union", country=make_place("AM"))
        draft = make_text(
            "Hidden",
            published=False,
            organisations=[union],
            events=[make_event("Hidden event")],
            places=[make_place("AZ")],
            tags=["hidden-tag"],
            language="hy",
        )
        make_demand_made(draft, wording="Hidden demand", slug="hidden-demand")
        text = make_text("Seen")
        make_text("Hidden text", statement=text.statement, language="hy", published=False)

        page = self.client.get("/statements/")

        self.assertContains(page, "1 statement")
        for words in ("Hidden", "hidden-", "Armenia", "Azerbaijan"):
            self.assertNotContains(page, words)

    def test_a_filter_by_what_is_not_public_tells_nothing_of_it(self):
        event = make_event("Hidden event", slug="hidden")
        demand = make_demand("Hidden demand", slug="hidden")
        union = make_organisation("Hidden union", slug="hidden")
        draft = make_text("Hidden", published=False, tags=["Hidden tag"])
        text = make_text("Seen")
        # Written past the workflow, which would have made them public.
        text.statement.events.add(event)
        text.statement.demands_made.create(demand=demand)
        text.statement.authorships.create(organisation=union)
        draft.statement.places.add(make_place("AZ"))

        for query in ("event=hidden", "demand=hidden", "organisation=hidden", "tag=hidden-tag"):
            with self.subTest(query):
                page = self.client.get(f"/statements/?{query}")
                self.assertEqual(titles(page), [])
                self.assertNotContains(page, "Hidden")
        self.assertNotContains(self.client.get("/statements/"), "Hidden")
        self.assertNotContains(self.client.get("/statements/?place=AZ"), "Azerbaijan")

    def test_a_withheld_name_is_in_no_label_of_a_demand(self):
        person = make_person("Amina Okoye", shown_as="withheld")
        made = make_demand_made(
            make_text(), wording="Release Amina Okoye", slug="release", people=[person]
        )

        pages = [self.client.get("/statements/"), self.client.get("/statements/?demand=release")]

        self.assertTrue(made.demand.wording)
        for page in pages:
            self.assertNotContains(page, "Okoye")
            self.assertContains(page, "Release [name withheld]")
