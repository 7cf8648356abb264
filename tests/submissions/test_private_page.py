"""The private page: whoever has the link, and nobody else, follows and changes what was sent."""

import html
import re

from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client, TestCase
from django.utils import timezone

from statements import tokens
from statements.dates import PartialDate
from statements.models import Submission
from statements.publishing import workflow as publishing
from statements.submissions import withdrawal, workflow
from tests.admin.signed_in import make_staff
from tests.factories import make_event, make_submission
from tests.submissions.sending import ALL, easy, send

CORRECTED = {name: ALL[name] for name in ALL if name not in ("email", "note", "consent")}


class PrivatePageTests(TestCase):
    def setUp(self):
        self.submission = make_submission("To the letter.")
        self.token = tokens.issue("submission", self.submission.pk)
        self.address = f"/submissions/{self.submission.handle}/"
        self.moderator = get_user_model().objects.create_user("moderator")

    def open(self):
        return self.client.get(f"/submissions/{self.token}/", follow=True)

    def take_up(self):
        return workflow.take_up(self.submission, by=self.moderator)

    def test_the_link_opens_it_and_leaves_the_address(self):
        response = self.client.get(f"/submissions/{self.token}/")

        self.assertRedirects(response, self.address)
        cookies = [
            (one.key, one.value, one["path"], one["httponly"], one["samesite"])
            for one in response.cookies.values()
        ]
        self.assertEqual(
            cookies,
            [
                ("submission", self.token, f"{prefix}{self.address}", True, "Lax")
                for prefix in ("", "/de", "/ar")
            ],
        )
        self.assertNotIn(self.token, response["Location"])

    def test_whoever_is_asked_something_is_told_so_at_the_head(self):
        self.take_up()
        self.assertContains(self.open(), "An editor is reading it.")
        workflow.ask(self.submission, by=self.moderator, words="Who can confirm it?")
        self.assertContains(self.client.get(self.address), "The editors ask you something")
        self.client.post(self.address, {"words": "Our secretary."})

        page = self.client.get(self.address)

        self.assertContains(page, "An editor is reading it.")
        self.assertNotContains(page, "The editors ask you something")

    def test_nobody_fills_the_desk_with_messages(self):
        self.open()
        for number in range(20):
            self.client.post(self.address, {"words": f"Message {number}"})

        response = self.client.post(self.address, {"words": "One too many."})

        self.assertEqual((response.status_code, response.has_header("Retry-After")), (429, True))
        self.assertContains(response, "One too many.</textarea>", status_code=429)
        self.assertEqual(self.submission.messages.count(), 20)

    def test_each_state_is_said_in_words(self):
        said = {}
        for state in Submission.State.values:
            Submission.objects.update(state=state)
            said[state] = re.search(r'class="now">([^<]*)<', self.open().content.decode())[1]

        self.assertEqual(
            said,
            {
                "quarantined": "Received",
                "received": "Received",
                "in-review": "In review",
                "changes-requested": "Changes are asked for",
                "accepted": "Accepted",
                "declined": "Declined",
                "withdrawn": "Withdrawn",
                "spam": "Declined",
            },
        )

    def test_it_tells_the_place_in_the_queue(self):
        self.assertContains(self.open(), "It is the next one that the editors take up.")
        Submission.objects.filter(pk=make_submission("Earlier.").pk).update(
            received_at=timezone.now() - timezone.timedelta(days=1)
        )

        self.assertContains(self.open(), "It is number 2 in the queue.")

    def test_a_conversation(self):
        self.take_up()
        workflow.ask(self.submission, by=self.moderator, words="Who may confirm it?")
        self.assertContains(self.open(), "Who may confirm it?")
        response = self.client.post(self.address, {"words": "Call <b>Amina</b>."})

        self.assertRedirects(response, self.address)
        self.assertContains(self.open(), "Call &lt;b&gt;Amina&lt;/b&gt;.")
        self.assertEqual(
            list(self.submission.messages.values_list("is_from_sender", "by", "words")),
            [(False, self.moderator.pk, "Who may confirm it?"), (True, None, "Call <b>Amina</b>.")],
        )

    def test_nobody_reads_the_moderators_name(self):
        self.take_up()
        workflow.ask(self.submission, by=self.moderator, words="Who?")

        self.assertNotContains(self.open(), self.moderator.username)

    def test_it_can_be_corrected_until_somebody_takes_it_up(self):
        self.open()
        page = self.client.get(f"{self.address}correct/")
        self.assertContains(page, "To the letter.")
        self.assertContains(page, 'value="2020"')
        response = self.client.post(f"{self.address}correct/", CORRECTED)

        self.assertRedirects(response, self.address)
        self.submission.refresh_from_db()
        self.assertEqual(self.submission.text, ALL["text"])
        self.assertEqual(self.submission.issued.notation, "2026-06")
        self.assertEqual([one.text for one in self.submission.earlier.all()], ["To the letter."])

        self.take_up()
        response = self.client.post(f"{self.address}correct/", CORRECTED | {"text": "Too late."})
        self.assertContains(response, "This is not possible any more", status_code=409)
        self.assertContains(response, "Too late.", status_code=409)
        self.assertEqual(self.client.get(f"{self.address}correct/").status_code, 409)

    def test_changes_that_were_asked_for_go_back_to_the_same_moderator(self):
        self.take_up()
        workflow.request_changes(self.submission, by=self.moderator, words="Shorter, please.")
        self.assertContains(self.open(), "Shorter, please.")
        self.client.post(f"{self.address}correct/", CORRECTED)

        self.submission.refresh_from_db()
        self.assertEqual(
            (self.submission.state, self.submission.moderator), ("in-review", self.moderator)
        )

    def form_to_send_again(self):
        """The hidden fields of the form, as a browser would send them."""
        page = self.open().content.decode()
        (form,) = re.findall(r'<form action="/submit/".*?</form>', page, re.S)
        pairs = re.findall(r'name="(\w+)" value="([^"]*)"', form)
        return {name: html.unescape(value) for name, value in pairs}

    def test_what_was_withdrawn_is_sent_again_from_its_page(self):
        event = make_event("Rent strike")
        text = 'First "line".\r\n\r\nSecond.'
        sent = self.submission
        sent.title, sent.text, sent.demands = "No evictions", text, "One\r\nTwo"
        sent.event, sent.issued = event, PartialDate.parse("2026-06")
        sent.save()
        self.assertNotContains(self.open(), "Send it again")
        self.client.post(f"{self.address}withdraw/")

        first = self.client.post("/submit/", self.form_to_send_again(), follow=True)

        self.assertEqual(first.redirect_chain[0][0].rsplit("/", 2)[1], "sender")
        self.assertContains(first, f'value="{self.submission.organisation_name}"')
        carried = dict(first.context["carried"])
        self.assertEqual(
            {name: carried[name] for name in ("title", "text", "demands", "event", "month")},
            {
                "title": "No evictions",
                "text": text,
                "demands": "One\r\nTwo",
                "event": event.slug,
                "month": "06",
            },
        )
        self.assertEqual(Submission.objects.count(), 1)

    def test_what_was_taken_for_spam_is_sent_again_and_what_was_declined_is_not(self):
        offered = {}
        for state in Submission.State.values:
            Submission.objects.update(state=state)
            offered[state] = b"Send it again" in self.open().content

        self.assertEqual({one for one in offered if offered[one]}, {"withdrawn", "spam"})
        with self.settings(SUBMISSIONS_OPEN=False):
            Submission.objects.update(state="spam")
            self.assertNotContains(self.open(), "Send it again")

    def test_a_link_withdraws_nothing_and_the_button_does(self):
        self.open()
        self.client.get(f"{self.address}withdraw/")
        self.submission.refresh_from_db()
        self.assertEqual(self.submission.state, "received")
        self.client.post(f"{self.address}withdraw/")

        self.submission.refresh_from_db()
        self.assertEqual(self.submission.state, "withdrawn")
        self.assertContains(self.open(), "Nothing of it is published.")

    def test_a_sender_is_told_that_it_stays_and_what_readers_are_told(self):
        with self.settings(FOUR_EYES="never"):
            self.take_up()
            text = workflow.accept(self.submission, by=self.moderator, language="en")
            self.open()
            self.client.post(f"{self.address}withdraw/")
            by = {"by": self.moderator}
            self.submission.refresh_from_db()
            withdrawal.refuse_withdrawal(self.submission, words="Who says so?", **by)
            self.assertContains(self.open(), "the editors leave it as it is")
            self.client.post(f"{self.address}withdraw/")
            self.assertNotContains(self.open(), "the editors leave it as it is")
            publishing.publish(text.working_revision, **by)
            withdrawal.grant_withdrawal(self.submission, public_note="They voted.", **by)

        page = self.open()

        self.assertContains(page, "It is taken back, as you asked.")
        text.refresh_from_db()
        self.assertContains(
            page, f'<a href="{text.get_absolute_url()}">What readers are told at its address</a>'
        )
        self.assertNotContains(page, "Send it again")
        self.assertContains(self.client.get(text.get_absolute_url()), "They voted.")

    def test_after_acceptance_withdrawal_is_a_request(self):
        self.take_up()
        text = workflow.accept(self.submission, by=self.moderator)
        publishing.publish(text.working_revision)
        page = self.open()
        self.assertContains(page, f'href="/statements/{text.slug}/"')
        self.assertContains(self.client.get(f"{self.address}withdraw/"), "It is never published.")
        self.client.post(f"{self.address}withdraw/", {"words": "zqthey were threatened"})

        self.submission.refresh_from_db()
        self.assertEqual(self.submission.state, "accepted")
        self.assertNotContains(self.client.get(f"/statements/{text.slug}/"), "zqthey")
        review = f"/admin/statements/submission/{self.submission.pk}/change/"
        staff = Client()
        staff.force_login(make_staff("decides", "Moderators"))
        self.assertContains(staff.get(review), "zqthey were threatened")
        self.assertIsNotNone(self.submission.withdrawal_asked_at)
        self.assertEqual(self.client.get(f"/statements/{text.slug}/").status_code, 200)
        self.assertContains(self.open(), "for its withdrawal. An editor decides on that.")

    def test_the_draft_that_it_became_has_no_address_yet(self):
        self.take_up()
        text = workflow.accept(self.submission, by=self.moderator)

        self.assertNotContains(self.open(), text.slug)

    def test_nobody_else_opens_it(self):
        other = make_submission("Another.")
        stranger = Client()
        pages = ("", "sent/", "correct/", "withdraw/")
        for page in pages:
            self.assertEqual(stranger.get(self.address + page).status_code, 404)
            self.assertEqual(
                stranger.post(self.address + page).status_code, 404 if page != "sent/" else 405
            )
        # The link to one opens no other.
        stranger.get(f"/submissions/{tokens.issue('submission', other.pk)}/")
        for page in pages:
            self.assertEqual(stranger.get(self.address + page).status_code, 404)
        self.submission.refresh_from_db()
        self.assertEqual(self.submission.state, "received")

    def test_what_is_wrong_with_a_link_is_not_told(self):
        closed = {self.client.get(self.address).content}
        for token in (
            tokens.new(),
            tokens.issue("another purpose", self.submission.pk),
            tokens.issue("submission", 10**9),
            tokens.issue("submission", self.submission.pk, lifetime=timezone.timedelta(0)),
        ):
            response = self.client.get(f"/submissions/{token}/")
            self.assertEqual((response.status_code, response.cookies), (404, {}))
            closed.add(
                response.content.replace(f"/submissions/{token}/".encode(), self.address.encode())
            )

        self.assertEqual(len(closed), 1)

    def test_malformed_links_open_nothing(self):
        token = self.token
        for broken in (
            token[:-1], token + "a", token.swapcase(), token[::-1], "", "..",
            token[:20] + "/" + token[20:], "%2e%2e%2f" + token, token + "%0a", token + "=",
            "é" * 43, "٣" * 43, " " + token, token + " ", "a" * 43, "-" * 43, "A" * 5000,
        ):  # fmt: skip
            with self.subTest(broken[:60]):
                self.assertEqual(self.client.get(f"/submissions/{broken}/").status_code, 404)

    def test_what_was_written_when_the_cookie_was_over_is_shown_to_be_copied(self):
        response = self.client.post(self.address, {"words": "A long answer."})

        self.assertContains(response, "A long answer.", status_code=404)
        self.assertEqual(self.submission.messages.count(), 0)

    def test_a_mail_scanner_that_follows_everything_changes_nothing(self):
        before = Submission.objects.values().get()
        scanner = Client()
        for _ in range(3):
            for link in [f"/submissions/{self.token}/"] + [
                self.address + page for page in ("", "sent/", "correct/", "withdraw/")
            ]:
                self.assertIn(scanner.get(link).status_code, (200, 302))

        self.assertEqual(Submission.objects.values().get(), before)

    def test_every_form_is_protected_against_others(self):
        strict = Client(enforce_csrf_checks=True)
        strict.get(f"/submissions/{self.token}/")
        for page in ("", "correct/", "withdraw/"):
            with self.subTest(page):
                response = strict.post(self.address + page, CORRECTED | {"words": "Ours"})
                self.assertEqual(response.status_code, 403)

    def test_the_number_of_queries_does_not_grow_with_the_conversation(self):
        self.open()
        self.client.post(self.address, {"words": "One"})
        with self.assertNumQueries(6):
            self.client.get(self.address)
        for _ in range(3):
            self.client.post(self.address, {"words": "More"})
        with self.assertNumQueries(6):
            self.client.get(self.address)


class LettersTests(TestCase):
    def setUp(self):
        self.moderator = get_user_model().objects.create_user("moderator")

    def letters(self, act, **arguments):
        submission = make_submission(f"{act.__name__}", email=f"{act.__name__}@example.org")
        workflow.take_up(submission, by=self.moderator)
        mail.outbox.clear()
        with self.captureOnCommitCallbacks(execute=True):
            act(submission, by=self.moderator, **arguments)
        return mail.outbox

    def test_every_decision_is_written_with_a_link_that_opens_it_and_none_of_the_words(self):
        for act, arguments, subject in (
            (workflow.ask, {"words": "Secret words"}, "There is a question about your statement"),
            (
                workflow.request_changes,
                {"words": "Secret"},
                "Changes to your statement are asked for",
            ),
            (workflow.accept, {"words": "Secret"}, "Your statement was accepted"),
            (
                workflow.decline,
                {"reason": "scope", "words": "Secret"},
                "Your statement was declined",
            ),
        ):
            with self.subTest(act.__name__):
                (letter,) = self.letters(act, **arguments)

                address = f"{act.__name__}@example.org"
                self.assertEqual((letter.subject, letter.to), (subject, [address]))
                self.assertNotIn("Secret", letter.body)
                link = re.search(r"http://testserver(/submissions/\S+)", letter.body)[1]
                self.assertEqual(Client().get(link, follow=True).status_code, 200)

    def test_spam_is_not_answered(self):
        self.assertEqual(self.letters(workflow.mark_spam), [])

    def test_letters_are_in_the_senders_language(self):
        submission = make_submission(email="amina@example.org", reply_language="de")
        workflow.take_up(submission, by=self.moderator)
        mail.outbox.clear()
        with self.captureOnCommitCallbacks(execute=True):
            workflow.decline(submission, by=self.moderator, reason="scope")

        self.assertIn("http://testserver/de/submissions/", mail.outbox[0].body)


@easy
class HandOverTests(TestCase):
    def test_the_cookie_of_one_submission_leaves_the_other_alone(self):
        """Two tabs: what is pressed in one must not change what is shown in the other."""
        first = send(self.client)["Location"]
        second = send(self.client, text="Quite another text.")["Location"]
        paths = {one["path"] for one in self.client.cookies.values()}

        for address in (first, second):
            self.assertIn(address.removesuffix("sent/"), paths)
