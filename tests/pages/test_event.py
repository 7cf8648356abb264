from unittest import mock

from django.test import TestCase
from django.utils.translation import override

from statements.dates import PartialDate
from statements.models import Authorship, Event
from statements.reading.comparison import compare
from statements.reading.coverage import sentences
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_organisation,
    make_person,
    make_place,
    make_text,
)


def make_speaker(event, *demands, words="Now!", language="en", voice="organisation", **fields):
    """A statement about an event by an organisation of its own, demanding it in these words."""
    organisation = make_organisation(**fields)
    text = make_text(
        body=f"<p>{words}</p>", language=language, organisations=[organisation], events=[event]
    )
    for demand in demands:
        make_demand_made(text, words, demand=demand, voice=voice)
    return text


class EventPageTests(TestCase):
    def setUp(self):
        self.event = make_event("Rent strike", slug="rent-strike")

    def get(self, path="/events/rent-strike/"):
        return self.client.get(path)

    def words_of(self, response):
        """The comparison: demand, then what each organisation says of it."""
        return {
            line.demand.name_shown: [
                [(words.words, words.language) for claim in cell.claims for words in claim.words]
                for cell in line.cells
            ]
            for group in response.context["groups"]
            for line in group.lines
        }

    def test_demands_stand_beside_the_words_of_those_who_make_them(self):
        rents, repairs = make_demand("Lower the rents"), make_demand("Repair the houses")
        make_speaker(self.event, rents, words="Lower rents now!", name="Union")
        make_speaker(
            self.event, rents, repairs, words="Baissez les loyers !", language="fr", name="Ligue"
        )

        response = self.get()

        self.assertEqual(
            self.words_of(response),
            {
                "Lower the rents": [
                    [("Lower rents now!", "en")],
                    [("Baissez les loyers !", "fr")],
                ],
                "Repair the houses": [[], [("Baissez les loyers !", "fr")]],
            },
        )
        self.assertContains(response, "Only this organisation", count=1)
        self.assertContains(response, 'lang="fr" dir="ltr"><q>')

    def test_what_the_editors_demand_counts_for_no_organisation(self):
        demand = make_demand("Free them")
        make_speaker(self.event, demand, voice="editors", name="Union")
        make_speaker(self.event, make_demand("Lower the rents"), name="League")

        response = self.get()

        self.assertEqual(
            [speaker.name for speaker in response.context["comparison"].speakers], ["League"]
        )
        self.assertContains(response, "Voice: the editors", count=1)
        self.assertContains(
            response,
            "2 organisations spoke about it, in one language, and made one demand."
            " The editors made one more.",
        )

    def test_demands_made_about_the_parts_belong_to_the_whole(self):
        part = make_event(parent=make_event(parent=self.event))
        make_speaker(part, make_demand("Lower the rents"))

        self.assertEqual(list(self.words_of(self.get())), ["Lower the rents"])

    def test_more_than_five_organisations_stand_side_by_side_on_a_page_of_their_own(self):
        demand = make_demand("Lower the rents", slug="rents")
        for number in range(5):
            make_speaker(self.event, demand, name=f"Union {number}")
        self.assertContains(self.get(), "<q>", count=5)

        make_speaker(self.event, demand, name="Union 5")

        response = self.get()
        self.assertNotContains(response, "<q>")
        self.assertContains(response, "6 organisations</p>")
        page = self.get("/events/rent-strike/comparison/")
        self.assertContains(response, 'href="/events/rent-strike/comparison/"')
        self.assertContains(page, "<q>", count=6)

    def test_drafts_and_what_they_link_to_stay_unseen(self):
        make_speaker(self.event, make_demand("Lower the rents"))
        draft = make_text(
            "Secret title",
            body="<p>Secret words</p>",
            events=[self.event],
            organisations=[make_organisation("Secret union")],
            published=False,
        )
        make_demand_made(draft, "Secret words", demand=make_demand("Secret demand"))
        make_event("Secret part", parent=self.event)

        self.assertNotContains(self.get(), "Secret")
        self.assertNotContains(self.get("/events/"), "Secret")

    def test_an_event_that_is_not_public_is_not_found(self):
        self.assertEqual(self.get().status_code, 404)

    def test_names_that_are_withheld_stand_nowhere(self):
        person = make_person("Amina Okoye", shown_as="withheld")
        demand = make_demand("Free Amina Okoye", people=[person], slug="free")
        make_speaker(self.event, demand, words="Free Amina Okoye now!")

        response = self.get()

        self.assertContains(response, "Free [name withheld] now!")
        for part in ("Amina", "Okoye"):
            self.assertNotContains(response, part)

    def test_dates_places_parent_and_parts_stand_in_words(self):
        part = make_event(
            "Eviction of house 9",
            parent=self.event,
            is_ongoing=True,
            start=PartialDate.parse("2021-05-03"),
        )
        part.places.add(make_place("FR"))
        make_speaker(part)

        whole, of_part = self.get(), self.get(part.get_absolute_url())

        self.assertContains(whole, "Eviction of house 9")
        self.assertContains(of_part, "since <time")
        self.assertContains(of_part, "going on")
        self.assertContains(of_part, "France")
        self.assertContains(of_part, "Rent strike")

    @mock.patch("statements.pages.event.SHOWN", 5)
    def test_the_number_of_queries_is_the_same_for_three_statements_and_for_many(self):
        person = make_person("Amina Okoye", shown_as="initials")
        demands = [make_demand(people=[person]) for _number in range(8)]
        unions = [make_organisation() for _number in range(7)]
        make_event(parent=self.event)

        def speak(number):
            text = make_text(
                body="<p>Now!</p>", organisations=[unions[number % 7]], events=[self.event]
            )
            make_demand_made(text, "Now!", demand=demands[number])

        for number in range(3):
            speak(number)
        self.event.places.add(make_place("FR"))
        # One more, for the words of those few.
        with self.assertNumQueries(13):
            self.get()
        for number in range(3, 8):
            speak(number)
        for _number in range(3):
            make_event(parent=self.event).places.add(make_place("FR"))
        Event.objects.filter(parent=self.event).update(public_since="2021-01-01T00:00Z")

        with self.assertNumQueries(12):
            response = self.get()

        comparison = response.context["comparison"]
        self.assertEqual(
            (comparison.demand_count, len(comparison.speakers), len(response.context["rows"])),
            (8, 7, 5),
        )


class SentenceTests(TestCase):
    def setUp(self):
        self.event = make_event(slug="rent-strike")

    def sentence(self):
        response = self.client.get("/events/rent-strike/")
        return " ".join(response.context["sentences"])

    def test_one_of_each(self):
        make_speaker(self.event, make_demand(), is_example=True)

        self.assertEqual(
            self.sentence(),
            "One organisation spoke about it, in one language, and made one demand."
            " It is an invented example.",
        )

    def test_several_of_each_and_a_name_as_printed(self):
        demands = [make_demand(), make_demand()]
        make_speaker(self.event, *demands, is_example=True)
        make_speaker(self.event, demands[0], language="fr", is_example=True)
        text = make_text(events=[self.event], language="de")
        Authorship.objects.create(statement=text.statement, name_as_printed="A committee")
        make_demand_made(text, demand=make_demand(), voice="editors")
        make_demand_made(text, demand=make_demand(), voice="editors")

        self.assertEqual(
            self.sentence(),
            "3 organisations spoke about it, in 3 languages, and made 2 demands."
            " The editors made 2 more. 2 of the organisations are invented examples.",
        )

    def test_no_demand(self):
        make_speaker(self.event)
        make_speaker(self.event)

        self.assertEqual(
            self.sentence(),
            "2 organisations spoke about it, in one language, and made no demand.",
        )

    def test_nobody_spoke_says_nothing(self):
        self.assertEqual(sentences([], compare([])), [])


class EventListTests(TestCase):
    def test_parts_stand_under_their_event_and_nowhere_else(self):
        old = make_event("Old", start=PartialDate.parse("2020-01-01"))
        new = make_event("New", start=PartialDate.parse("2021-01-01"))
        undated = make_event("Undated")
        part = make_event("Part", parent=old)
        leaf = make_event("Leaf", parent=part)
        for event in (new, leaf, undated):
            make_text(events=[event])

        page = self.client.get("/events/").context["page"]

        self.assertEqual(
            [(root.name, [one.name for one in root.parts]) for root in page.rows],
            [("New", []), ("Old", ["Part", "Leaf"]), ("Undated", [])],
        )

    def test_the_number_of_queries_does_not_depend_on_the_rows(self):
        for rows in (1, 3):
            for _number in range(rows):
                root = make_event(start=PartialDate.parse("2021-01-01"))
                root.places.add(make_place("FR"))
                make_text(events=[make_event(parent=root)])
            with self.subTest(rows=rows), self.assertNumQueries(6):
                self.client.get("/events/")

    def test_statements_and_demands_of_the_whole_tree_are_counted_once(self):
        root = make_event("Whole", slug="root")
        root.places.add(make_place("FR"))
        part = make_event(parent=root)
        leaf = make_event(parent=part)
        demand = make_demand()
        both = make_text(events=[root, part])
        make_demand_made(both, demand=demand)
        make_demand_made(both, demand=demand, voice="editors")
        make_demand_made(make_text(events=[leaf]), demand=demand)
        make_demand_made(make_text(events=[leaf]))
        make_demand_made(make_text(events=[leaf], published=False))

        for address in ("/events/", "/events/?q=whole", "/events/?place=FR"):
            page = self.client.get(address)

            self.assertContains(page, "<p>3 statements</p>")
            self.assertContains(page, "<p>2 demands</p>")

    def test_counting_stops_and_says_so(self):
        event = make_event()
        for _number in range(3):
            make_text(events=[event])

        with mock.patch("statements.pages.events.MOST_LINKS", 2):
            page = self.client.get("/events/")

        self.assertContains(page, "at least 2 statements")

    def test_an_empty_list_says_so(self):
        self.assertContains(self.client.get("/events/"), "No event is published yet.")

    def test_names_follow_the_interface(self):
        event = make_event("Rent strike")
        event.names.create(language="de", name="Mietstreik")
        make_text(events=[event])

        with override("de"):
            self.assertContains(
                self.client.get("/de/events/"), '<bdi lang="de" dir="ltr">Mietstreik'
            )
        self.assertEqual(Event.objects.readable().count(), 1)
