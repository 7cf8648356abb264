"""What a stranger typed outlives a token that is no longer valid, and another language (R-WE1)."""

import re
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, TestCase

from statements import tokens
from statements.models import Submission
from statements.submissions import proposals, workflow
from tests.admin.test_resend import Hidden
from tests.factories import make_submission
from tests.submissions.sending import ABOUT, ALL, SENDER, WORDS, made_earlier, new_form

# What is asked here is the same on any database.
pytestmark = pytest.mark.once

OWN = {"origin": "http://testserver"}


class ResendTests(TestCase):
    def setUp(self):
        self.client = Client(enforce_csrf_checks=True)

    def test_a_step_whose_token_is_not_valid_is_held_and_sent_again(self):
        typed = SENDER | WORDS | {"step": "words", "stamp": made_earlier(), "text": "<b>Rent</b>"}

        for prefix, told in (("", "nothing that you typed is lost"), ("/de", "nichts")):
            with self.subTest(prefix):
                new_form(self.client)
                refused = self.client.post(f"{prefix}/submit/", typed, headers=OWN)

                self.assertContains(refused, told, status_code=403)
                self.assertNotContains(refused, "<b>Rent", status_code=403)
                self.assertEqual(refused["Cache-Control"], "no-store")
                # It would lose what is held.
                self.assertNotContains(refused, 'href="/ar/submit/"', status_code=403)
                held = {name: values[0] for name, values in Hidden(refused).fields.items()}
                self.assertLessEqual(typed.items(), held.items())

                again = self.client.post(f"{prefix}/submit/", held, headers=OWN, follow=True)

                self.assertContains(again, "&lt;b&gt;Rent&lt;/b&gt;")
                self.assertEqual(again.context["step"], "about")

    def test_the_last_step_is_sent_by_the_second_press(self):
        typed = ALL | {"step": "send", "stamp": made_earlier()}
        refused = self.client.post("/submit/", typed, headers=OWN)
        self.assertEqual(Submission.objects.count(), 0)
        held = {name: values[0] for name, values in Hidden(refused).fields.items()}

        self.assertEqual(self.client.post("/submit/", held, headers=OWN).status_code, 302)
        self.assertEqual(Submission.objects.get().note, ALL["note"])

    def test_words_on_the_private_page_are_held_too(self):
        address = f"/submissions/{make_submission().handle}/correct/"

        refused = self.client.post(address, {"text": "Better words"}, headers=OWN)

        self.assertContains(refused, f'action="{address}"', status_code=403)
        self.assertEqual(Hidden(refused).fields["text"], ["Better words"])

    def test_what_another_site_sent_is_not_held(self):
        for origin in ("https://evil.example", "null", ""):
            with self.subTest(origin):
                refused = self.client.post(
                    "/submit/", SENDER, headers={"origin": origin} if origin else {}
                )

                self.assertTemplateUsed(refused, "403_csrf.html")
                self.assertNotContains(refused, "Tenants of Example", status_code=403)


class LanguageTests(TestCase):
    def test_another_language_shows_the_step_again_with_all_that_was_typed(self):
        for step, earlier in (("words", SENDER), ("about", SENDER | WORDS), ("send", ALL)):
            with self.subTest(step):
                typed = earlier | WORDS | ABOUT | {"step": step, "stamp": made_earlier()}
                new_form(self.client)
                page = self.client.post("/submit/", typed | {"go": step}, follow=True)
                address = page.wsgi_request.path
                buttons = re.findall(r'<button class="plain"[^>]*>', page.content.decode())
                self.assertEqual(len(buttons), 3)
                german = next(one for one in buttons if 'lang="de"' in one)
                self.assertIn(f'formaction="/de{address}"', german)
                self.assertIn(f'name="go" value="{step}"', german)

                other = self.client.post(f"/de{address}", typed | {"go": step}, follow=True)

                self.assertEqual(other.context["step"], step)
                self.assertContains(other, '<html lang="de" dir="ltr">')
                shown = unescape(other.content.decode())
                for words in (SENDER["organisation_name"], WORDS["title"], ABOUT["new_event"]):
                    self.assertIn(words, shown)

    def test_on_the_private_pages_too_what_was_typed_comes_along(self):
        one = make_submission()
        self.client.get(f"/submissions/{tokens.issue('submission', one.pk)}/")
        moderator = get_user_model().objects.create_user("moderator")
        for address, name in (("", "words"), ("correct/", "text"), ("proposal/", "words")):
            with self.subTest(address):
                if address == "proposal/":
                    workflow.take_up(one, by=moderator)
                    proposals.propose(one, by=moderator, title="Anew", text="Other words")
                path = f"/submissions/{one.handle}/{address}"
                page = self.client.get(path).content.decode()
                (button,) = re.findall(r'<button class="plain"[^>]*lang="de"[^>]*>', page)
                self.assertIn(f'form="submission" formaction="/de{path}"', button)
                self.assertIn('id="submission"', page)

                page = self.client.post(f"/de{path}", {name: "<i>Half", "go": "stay"})

                self.assertContains(page, '<html lang="de"')
                self.assertContains(page, "&lt;i&gt;Half</textarea>")
        one.refresh_from_db()
        self.assertEqual((one.messages.count(), one.state), (0, "changes-requested"))
        self.assertNotEqual(one.text, "<i>Half")

    def test_elsewhere_languages_are_links(self):
        self.assertContains(self.client.get("/about/"), '<a href="/de/about/" lang="de"')
