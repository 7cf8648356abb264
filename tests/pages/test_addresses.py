from django.test import TestCase

from statements.publishing import slugs
from tests.factories import make_text


class FormerAddressTests(TestCase):
    def test_a_former_address_leads_to_the_current_one_and_keeps_the_rest(self):
        slugs.change_slug(make_text(slug="old"), "свобода")

        for path, expected in {
            "/statements/old/": "/statements/%D1%81%D0%B2%D0%BE%D0%B1%D0%BE%D0%B4%D0%B0/",
            "/de/statements/old/versions/1/?a=1": (
                "/de/statements/%D1%81%D0%B2%D0%BE%D0%B1%D0%BE%D0%B4%D0%B0/versions/1/?a=1"
            ),
        }.items():
            response = self.client.get(path)
            self.assertEqual((response.status_code, response["Location"]), (301, expected))

    def test_the_former_address_of_a_text_no_longer_public_is_not_found(self):
        text = make_text(slug="old")
        slugs.change_slug(text, "new")
        type(text).objects.update(live_revision=None, state="draft")

        self.assertEqual(self.client.get("/statements/old/").status_code, 404)

    def test_a_word_that_was_never_an_address_is_not_found(self):
        self.assertEqual(self.client.get("/statements/nothing/").status_code, 404)
        self.assertEqual(self.client.get("/statements/nothing/versions/1/").status_code, 404)
