"""A form on its way: Back and Reload find what was typed, and nobody else does."""

import json
from datetime import timedelta
from unittest import mock

import pytest
from django.test import Client, TestCase
from django.utils import timezone

from statements import sealing
from statements.models import Submission, UnsentForm
from statements.privacy import workflow as privacy
from statements.submissions import unsent
from tests.submissions.sending import ABOUT, SEND, SENDER, WORDS, easy, made_earlier, new_form
from tests.submissions.test_send import hidden

# What is asked here is the same on any database.
pytestmark = pytest.mark.once


@easy
class UnsentTests(TestCase):
    def begin(self, client=None):
        """The address of a form's first step, before anything is typed."""
        new_form(client or self.client)
        return (client or self.client).get("/submit/", follow=True).wsgi_request.path

    def fill(self, typed, address, client=None, **more):
        client = client or self.client
        return client.post(address, hidden(client.get(address)) | typed | more)

    def at(self, step):
        return self.first.replace("/sender/", f"/{step}/")

    def fill_three(self):
        self.first = self.begin()
        for typed, step in ((SENDER, "sender"), (WORDS, "words"), (ABOUT, "about")):
            response = self.fill(typed, self.at(step))
        self.assertRedirects(response, self.at("send"))

    def test_each_step_has_an_address_that_shows_what_was_typed_there(self):
        self.fill_three()

        for step, words in (
            ("sender", "Tenants of Example"),
            ("words", "No family may be put on the street!"),
            ("about", "Rent strike"),
            ("send", "No family may be put on the street!"),
        ):
            for prefix in ("", "/de"):
                page = self.client.get(prefix + self.at(step))
                self.assertContains(page, words)
                self.assertEqual(page["Cache-Control"], "no-store")
                self.assertEqual(page.context["step"], step)

    def test_a_page_that_back_led_to_takes_away_nothing_that_was_typed_later(self):
        self.first = self.begin()
        earlier = hidden(self.client.get(self.first))
        self.fill_three()
        changed = {"organisation_name": "Tenants of Example Harbour"}
        self.client.post(self.first, earlier | SENDER | changed)

        page = self.client.get(self.at("send"))
        self.assertContains(page, "Tenants of Example Harbour")
        self.assertContains(page, "No family may be put on the street!")
        self.fill(SEND, self.at("send"))
        one = Submission.objects.get()
        self.assertEqual(one.organisation_name, "Tenants of Example Harbour")
        self.assertEqual(one.demand_lines, ["Stop the evictions", "No family"])

    def test_a_refused_step_shows_its_faults_at_its_address_too(self):
        self.first = self.begin()
        self.fill(SENDER, self.first)
        response = self.fill(WORDS | {"day": "33"}, self.at("words"))

        self.assertRedirects(response, self.at("words"))
        for _reload in range(2):
            self.assertContains(self.client.get(self.at("words")), "There is no such day.")
        self.fill(WORDS, self.at("words"))
        self.assertNotContains(self.client.get(self.at("words")), "There is no such day.")

    def test_only_its_own_browser_finds_it_and_only_there_is_its_key(self):
        self.fill_three()
        others = (Client(), self.client_class())
        # One has a form of its own, and with it a key.
        self.fill(SENDER, self.begin(others[1]), others[1])
        for other in others:
            page = other.get(self.at("words"))
            self.assertContains(page, "The form begins anew.")
            self.assertNotContains(page, "No family")
        (cookie,) = (one for one in self.client.cookies.values() if one["path"] == self.at("")[:-1])
        self.assertTrue(cookie["httponly"])
        self.assertNotIn(cookie.value, self.first)

        kept = UnsentForm.objects.get(handle=self.first.split("/")[2])
        self.assertNotIn(cookie.value, str(UnsentForm.objects.values()))
        self.assertNotIn(b"family", kept.content)
        with self.assertRaises(sealing.CannotOpen):
            sealing.open_bytes(kept.content)
        opened = json.loads(sealing.open_bytes(kept.content, under=cookie.value))
        self.assertEqual(opened["organisation_name"], ["Tenants of Example"])

        # And nobody without it writes there.
        stranger = Client().post(self.at("about"), SENDER | WORDS | ABOUT | {"step": "about"})
        self.assertEqual((stranger.status_code, stranger.context["step"]), (200, "send"))
        self.assertContains(self.client.get(self.at("words")), "No family")

    def test_it_is_erased_when_it_is_sent_and_an_hour_after_the_last_step(self):
        self.fill_three()
        self.assertIn("/sent/", self.fill(SEND, self.at("send"))["Location"])
        self.assertEqual(UnsentForm.objects.count(), 0)
        self.assertContains(self.client.get(self.at("send")), "is sent already, or erased")

        self.fill_three()
        page = self.client.get(self.at("send"))
        later = timezone.now() + timedelta(minutes=61)
        with mock.patch("django.utils.timezone.now", return_value=later):
            self.assertContains(self.client.get(self.at("words")), "The form begins anew.")
            self.assertEqual(privacy.erase_due()["forms"], 1)
            # The page that is still open has all of it.
            changed = hidden(page) | {"text": "Later words.", "stamp": made_earlier()}
            sent = self.client.post(self.at("send"), changed | SEND)
        self.assertIn("/sent/", sent["Location"])
        self.assertEqual(Submission.objects.latest("pk").text, "Later words.")

    def test_where_no_room_is_left_the_form_goes_on_without(self):
        for limit in (
            mock.patch.object(unsent, "MOST", 0),
            mock.patch.object(unsent, "MOST_BYTES", 10),
            mock.patch("statements.submissions.views.MOST_KEPT_AN_HOUR", 0),
        ):
            with limit:
                page = self.client.get("/submit/", follow=True)
                for typed, step in ((SENDER, "words"), (WORDS, "about"), (ABOUT, "send")):
                    page = self.client.post(page.wsgi_request.path, hidden(page) | typed)
                    self.assertEqual((page.status_code, page.context["step"]), (200, step))
                self.assertContains(page, "No family may be put on the street!")
        self.assertEqual(UnsentForm.objects.count(), 0)
