from django.contrib.auth.models import User
from django.test import TestCase

from tests.factories import make_event, make_place, make_text


class BrokenNumberTests(TestCase):
    """Addresses with numbers that are no record's are a slip, and never a fault."""

    def setUp(self):
        self.client.force_login(User.objects.create_superuser("editor"))
        make_text()

    def test_numbers_that_no_database_takes_lead_to_the_list(self):
        for number in ("0", "9" * 20, "9" * 5000, "٣"):
            with self.subTest(digits=len(number)):
                for path in (
                    f"/admin/statements/text/add/?statement={number}",
                    f"/admin/statements/text/{number}/change/",
                    f"/admin/statements/text/{number}/delete/",
                ):
                    response = self.client.get(path, follow=True)
                    self.assertEqual(response.status_code, 200)
                    self.assertIn(
                        response.request["PATH_INFO"], ("/admin/", "/admin/statements/statement/")
                    )

    def test_places_are_suggested_by_the_numbers_that_events_have(self):
        event = make_event()
        event.places.add(make_place("XA"))
        asked = {"event": ["9" * 5000, "9" * 20, str(event.pk)]}

        response = self.client.get("/admin/statements/statement/places/", asked)

        self.assertEqual(
            [place["id"] for place in response.json()["places"]], [event.places.get().pk]
        )

    def test_a_year_that_no_calendar_has_filters_nothing(self):
        for year in ("0", "99999", "9" * 5000, "٣"):
            with self.subTest(digits=len(year)):
                response = self.client.get(f"/admin/statements/statement/?year={year}")
                self.assertEqual(response.status_code, 200)
