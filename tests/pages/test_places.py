from django.test import TestCase

from statements.models import Place
from tests.factories import make_event, make_organisation, make_place, make_text


class PlaceTests(TestCase):
    def test_places_stand_in_the_order_of_the_readers_language(self):
        for code in ("AT", "EG", "ZM"):
            make_text(places=[make_place(code)])
        make_text(places=[make_place("FR")], published=False)

        english = self.client.get("/places/").context["places"]
        german = self.client.get("/de/places/")

        self.assertEqual([str(place) for place in english], ["Austria", "Egypt", "Zambia"])
        self.assertEqual([place.code for place in german.context["places"]], ["EG", "AT", "ZM"])
        self.assertContains(german, "Ägypten")

    def test_a_place_shows_what_is_about_it_who_is_from_there_and_what_happens_there(self):
        belarus, russia = make_place("BY"), make_place("RU")
        movement = make_organisation("Movement", country=russia)
        union = make_organisation("Union", country=belarus)
        strike = make_event("Strike")
        strike.places.add(belarus)
        make_text("On Belarus", places=[belarus], organisations=[movement], events=[strike])
        make_text("On Russia", places=[russia], organisations=[union])
        make_text("Draft", places=[belarus], published=False)

        response = self.client.get("/places/BY/")

        context = response.context
        self.assertEqual([row.title for row in context["page"].rows], ["On Belarus"])
        self.assertEqual([str(one) for one in context["organisations"]], ["Union"])
        self.assertEqual([str(one) for one in context["events"]], ["Strike"])
        self.assertContains(response, '<a href="/statements/?place=BY">')
        self.assertContains(response, '<a href="/statements/?from=BY">')

    def test_only_places_with_something_public_answer(self):
        make_text("Draft", places=[make_place("BY")], published=False)
        self.assertTrue(Place.objects.filter(code="FR").exists())

        for path in ("/places/BY/", "/places/FR/", "/places/XX/"):
            with self.subTest(path):
                self.assertEqual(self.client.get(path).status_code, 404)
        self.assertContains(
            self.client.get("/places/"), "No published statement names a place yet."
        )

    def test_what_is_not_public_is_not_on_a_places_page(self):
        belarus = make_place("BY")
        make_text(places=[belarus])
        make_organisation("Hidden union", country=belarus)
        make_event("Hidden event").places.add(belarus)

        self.assertNotContains(self.client.get("/places/BY/"), "Hidden")

    def test_queries_are_as_many_for_one_as_for_three(self):
        belarus = make_place("BY")

        def add():
            event = make_event()
            event.places.add(belarus)
            make_text(
                places=[belarus], events=[event], organisations=[make_organisation(country=belarus)]
            )

        add()
        with self.assertNumQueries(2):
            self.client.get("/places/")
        with self.assertNumQueries(15):
            self.client.get("/places/BY/")
        add(), add()
        make_text(places=[make_place("RU")])
        with self.assertNumQueries(2):
            self.client.get("/places/")
        with self.assertNumQueries(15):
            response = self.client.get("/places/BY/")
        self.assertEqual(len(response.context["events"]), 3)
