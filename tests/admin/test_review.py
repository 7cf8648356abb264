"""The review of a submission: everything in view, and a decision that holds."""

import re
from datetime import timedelta

from django.contrib.auth.models import Group
from django.core import mail
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from statements.models import Correction, DeclineReason, Statement, Submission
from statements.publishing import due, review
from statements.publishing import workflow as publishing
from statements.submissions import workflow
from tests.admin.signed_in import make_staff
from tests.factories import make_reason, make_submission, make_text


class ReviewTestCase(TestCase):
    def setUp(self):
        self.amina = make_staff("amina", "Moderators")
        self.omar = make_staff("omar", "Moderators")
        self.client.force_login(self.amina)

    def make(self, *args, taken_up_by=None, **fields):
        self.submission = make_submission(*args, **fields)
        self.address = f"/admin/statements/submission/{self.submission.pk}/change/"
        if taken_up_by:
            workflow.take_up(self.submission, by=taken_up_by)
        return self.submission

    def act(self, act, *, follow=True, **typed):
        data = {"act": act} | {f"{act}-{name}": value for name, value in typed.items()}
        return self.client.post(self.address, data, follow=follow)

    def state(self):
        self.submission.refresh_from_db()
        return self.submission.state


class ViewTests(ReviewTestCase):
    def test_it_shows_the_text_as_paragraphs_and_what_the_sender_claims(self):
        self.make(
            "Lower the rents.\n\n\u2022\tNo evictions!",
            organisation_name="Tenants of Example",
            organisation_website="https://tenants.example/",
            sender_role="secretary",
            risk="unsure",
            note="Call us.",
            url="https://tenants.example/1",
            new_event="Rent strike",
            demands="Lower the rents",
            doubts=["links"],
        )
        page = self.client.get(self.address)

        self.assertContains(page, "<p>Lower the rents.</p>\n<p>\u2022 No evictions!</p>")
        for words in (
            *("Tenants of Example", "https://tenants.example/", "secretary", "I am not sure"),
            *("Call us.", "https://tenants.example/1", "Rent strike", "August 2020", "Many links"),
        ):
            self.assertContains(page, words)

    def test_no_address_of_the_sender_is_a_link_and_no_markup_is_markup(self):
        self.make(
            "See https://evil.example/ and <a href='https://evil.example/'>this</a>.",
            title="<b>Bold</b>",
            organisation_website="https://evil.example/",
            url="https://evil.example/",
            note="https://evil.example/",
        )
        workflow.answer(self.submission, words="https://evil.example/ <img src=x>")
        page = self.client.get(self.address).content.decode()

        self.assertGreater(page.count("https://evil.example/"), 4)
        self.assertEqual(re.findall(r"<[a-z][^<>]*(?:href|src)=[\"']?https?:", page), [])
        self.assertNotIn("<b>Bold", page)
        self.assertNotIn("<img src=x", page)

    def test_whether_the_sender_can_be_written_to_is_shown_and_never_the_address(self):
        self.make(email="amina@example.org", taken_up_by=self.amina)
        page = self.client.get(self.address)

        self.assertContains(page, "by e-mail, and on the private page")
        self.assertNotContains(page, "amina@")
        self.assertNotContains(page, self.submission.email_sealed)
        self.assertNotContains(page, self.submission.handle)
        self.make("Without.")
        self.assertContains(self.client.get(self.address), "on the private page alone")

    def test_what_the_sender_changed_is_marked(self):
        self.make("We ask for bread.")
        fields = {"sender": "other", "organisation_name": "Bakers", "risk": "no", "language": "en"}
        workflow.correct(
            self.submission, title="New", text="We ask for roses.", issued=None, **fields
        )
        page = self.client.get(self.address).content.decode()

        self.assertRegex(page, r"<del>.*bread</del>")
        self.assertRegex(page, r"<ins>.*roses</ins>")

    def test_it_asks_as_many_queries_for_one_message_as_for_three(self):
        self.make(taken_up_by=self.amina)

        def more():
            workflow.ask(self.submission, by=self.amina, words="Who?")
            workflow.answer(self.submission, words="We.")

        def count():
            with CaptureQueriesContext(connection) as queries:
                self.client.get(self.address)
            return len(queries)

        more(), self.client.get(self.address)
        first = count()
        more(), more()
        self.assertEqual(count(), first)

    def test_whoever_does_not_moderate_finds_nothing_there(self):
        self.make("Secret")
        self.client.force_login(make_staff("editor", "Editors", "Publishers", "Administrators"))

        self.assertEqual(self.client.get(self.address).status_code, 404)
        self.assertEqual(self.act("take_up").status_code, 404)
        self.assertEqual(self.state(), "received")

    def test_there_is_no_other_submission(self):
        self.make()
        for number in ("999", "99999999999999999999", "x"):
            address = f"/admin/statements/submission/{number}/change/"
            self.assertEqual(self.client.get(address).status_code, 404)


class DecisionTests(ReviewTestCase):
    def test_it_is_taken_up_and_put_back(self):
        self.make()
        self.assertContains(self.act("take_up"), "You have taken it up.")
        self.assertEqual((self.state(), self.submission.moderator), ("in-review", self.amina))
        self.assertContains(self.act("release"), "It is back in the queue")
        self.assertEqual((self.state(), self.submission.moderator), ("received", None))

    def test_nobody_decides_what_they_have_not_taken_up(self):
        make_reason()
        self.make()
        page = self.client.get(self.address)

        self.assertContains(page, 'value="take_up"')
        self.assertNotContains(page, 'value="accept"')
        self.assertEqual(self.act("accept", language="en").status_code, 409)
        self.assertEqual(self.state(), "received")

    def test_a_question_and_its_answer_stand_on_the_page(self):
        self.make(taken_up_by=self.amina)
        self.act("ask", words="Who agreed?")
        workflow.answer(self.submission, words="All of us.")
        page = self.client.get(self.address)

        self.assertContains(page, "Who agreed?")
        self.assertContains(page, "All of us.")

    def test_a_question_without_words_is_not_sent(self):
        self.make(taken_up_by=self.amina)
        page = self.act("ask", words=" ")

        self.assertContains(page, "This field is required.")
        self.assertEqual(self.submission.messages.count(), 0)

    def test_changes_are_asked_for(self):
        self.make(taken_up_by=self.amina)
        self.act("request_changes", words="Name the town.")

        self.assertEqual(self.state(), "changes-requested")
        self.assertEqual([one.words for one in self.submission.messages.all()], ["Name the town."])

    def test_accepting_leads_to_the_draft(self):
        self.amina.groups.add(Group.objects.get(name="Editors"))
        self.make("We ask.", taken_up_by=self.amina, language="en")
        response = self.act("accept", language="pt-br", words="Thank you.", note="Nice.")

        self.assertEqual(self.state(), "accepted")
        self.assertRedirects(
            response, f"/admin/statements/statement/{self.submission.statement_id}/change/"
        )
        self.assertContains(response, "&lt;p&gt;We ask.&lt;/p&gt;")
        text = self.submission.accepted_text
        self.assertEqual((text.language, text.is_public), ("pt-BR", False))
        self.assertEqual(self.submission.decisions.first().note, "Nice.")

    def test_a_language_that_is_none_is_refused_and_the_words_stay(self):
        self.make(taken_up_by=self.amina, language="und")
        page = self.act("accept", language="x y", words="Thank you very much.")

        self.assertContains(page, "is not a language tag")
        self.assertContains(page, "Thank you very much.")
        self.assertEqual(Statement.objects.count(), 0)

    def test_the_words_of_a_reason_are_in_the_box_in_the_senders_language(self):
        make_reason("scope", en="Not here.", de="Nicht hier.")
        self.make(taken_up_by=self.amina, reply_language="de")
        page = self.client.get(self.address)
        self.assertContains(page, "scope in en")
        self.assertNotContains(page, "Nicht hier.")

        page = self.client.get(self.address, {"decline": "scope"})
        self.assertContains(page, "Nicht hier.")
        self.assertContains(page, "Reason: scope in en. The sender reads it")
        self.assertNotContains(page, "Not here.")
        self.assertEqual(self.state(), "in-review")

    def test_a_reason_without_words_in_the_senders_language_gives_others(self):
        make_reason("scope", en="Not here.")
        self.make(taken_up_by=self.amina, reply_language="ar")

        self.assertContains(self.client.get(self.address, {"decline": "scope"}), "Not here.")

    def test_declining_tells_the_sender_why(self):
        make_reason("scope")
        self.make(taken_up_by=self.amina, email="amina@example.org")
        mail.outbox.clear()
        with self.captureOnCommitCallbacks(execute=True):
            page = self.act("decline", reason="scope", words="Not here, sorry.", note="Hm.")

        self.assertContains(page, "amina declined it on")
        self.assertEqual((self.state(), self.submission.reason), ("declined", "scope"))
        self.assertEqual(len(mail.outbox), 1)
        link = re.search(r"http://testserver(/\S+)", mail.outbox[0].body)[1]
        private = self.client_class().get(link, follow=True)
        self.assertContains(private, "Reason: scope in en")
        self.assertContains(private, "Not here, sorry.")
        self.assertNotContains(private, "Hm.")

    def test_what_was_typed_stays_with_its_reason_where_it_cannot_be_taken(self):
        make_reason("scope")
        self.make(taken_up_by=self.amina)
        page = self.act("decline", reason="scope", words="Not here, sorry.", note="x" * 3000)

        self.assertContains(page, "Reason: scope in en. The sender reads it")
        self.assertContains(page, "Not here, sorry.")
        self.assertEqual(self.state(), "in-review")

    def test_a_reason_that_is_no_longer_offered_is_not_taken(self):
        make_reason("scope")
        DeclineReason.objects.filter(code="scope").update(is_offered=False)
        self.make(taken_up_by=self.amina)

        self.assertNotContains(self.client.get(self.address), "scope in en")
        self.act("decline", reason="scope", words="No.")
        self.assertEqual(self.state(), "in-review")

    def test_spam_is_closed_and_nobody_is_written_to(self):
        self.make(email="amina@example.org", doubts=["honeypot"])
        mail.outbox.clear()
        with self.captureOnCommitCallbacks(execute=True):
            self.act("mark_spam")

        self.assertEqual((self.state(), mail.outbox), ("spam", []))

    def test_an_act_that_there_is_none_of_does_nothing(self):
        self.make()
        self.assertEqual(self.act("publish").status_code, 404)


class SecondDecisionTests(ReviewTestCase):
    def test_who_decides_second_reads_who_decided_what_and_keeps_their_words(self):
        make_reason()
        self.make(taken_up_by=self.amina)
        self.client.get(self.address)
        # The same moderator in another window: whoever it was, it was a moment before.
        workflow.accept(self.submission, by=self.amina)
        response = self.act("decline", reason="scope", words="We thought long about it.")

        self.assertEqual(response.status_code, 409)
        self.assertContains(response, "amina accepted it on", status_code=409)
        self.assertContains(response, "We thought long about it.", status_code=409)
        self.assertEqual(self.state(), "accepted")

    def test_what_another_has_taken_up_is_theirs_until_it_is_put_back(self):
        self.make(taken_up_by=self.omar)
        response = self.act("ask", words="Who agreed to this?")

        self.assertContains(response, "omar took it up on", status_code=409)
        self.assertContains(response, "Who agreed to this?", status_code=409)
        self.assertEqual(self.submission.messages.count(), 0)
        self.act("release")
        self.act("take_up")
        self.act("ask", words="Who agreed to this?")
        self.assertEqual(self.submission.messages.count(), 1)

    def test_the_sender_was_faster(self):
        self.make(taken_up_by=self.amina)
        workflow.withdraw(self.submission)
        response = self.act("accept", language="en", words="Thank you.")

        self.assertContains(response, "The sender withdrew it on", status_code=409)
        self.assertContains(response, "Thank you.", status_code=409)
        self.assertEqual(Statement.objects.count(), 0)


class WithdrawalTests(ReviewTestCase):
    def ask_for_it(self):
        self.make(taken_up_by=self.omar, email="amina@example.org")
        text = workflow.accept(self.submission, by=self.omar)
        workflow.withdraw(self.submission)
        mail.outbox.clear()
        return text

    def test_nobody_takes_back_what_nobody_asked_for(self):
        self.make(taken_up_by=self.amina)
        workflow.accept(self.submission, by=self.amina)

        self.assertNotContains(self.client.get(self.address), "grant_withdrawal")
        self.assertEqual(self.act("grant_withdrawal").status_code, 409)
        self.assertEqual(self.state(), "accepted")

    def test_a_published_statement_is_withdrawn_in_public(self):
        text = self.ask_for_it()
        publishing.publish(text.working_revision)
        page = self.act("grant_withdrawal")
        self.assertContains(page, "Readers are told why: write a sentence.")
        with self.captureOnCommitCallbacks(execute=True):
            told = {"public_note": "The tenants asked for it.", "note_language": "fa"}
            self.act("grant_withdrawal", **told)

        self.assertEqual(self.state(), "withdrawn")
        self.assertEqual(Statement.objects.get().standing, "withdrawn")
        entry = Correction.objects.get()
        self.assertEqual((entry.note, entry.language), ("The tenants asked for it.", "fa"))
        self.assertEqual([one.subject for one in mail.outbox], ["Your statement is taken back"])
        self.assertContains(self.client.get(text.get_absolute_url()), "The tenants asked for it.")

    def test_a_draft_stays_a_draft(self):
        text = self.ask_for_it()
        self.act("grant_withdrawal")

        self.assertEqual(self.state(), "withdrawn")
        text.refresh_from_db()
        self.assertEqual((text.is_public, text.statement.standing), (False, "current"))

    def test_the_clock_does_not_publish_what_its_sender_took_back(self):
        text = self.ask_for_it()
        now = timezone.now()
        hour = now + timedelta(hours=1)
        review.schedule(text.working_revision, at=hour, now=now)
        self.act("grant_withdrawal")

        self.assertEqual(due.do_due(hour), due.Done())
        text.refresh_from_db()
        self.assertEqual((text.is_public, text.state), (False, "draft"))

    def test_one_that_was_published_meanwhile_needs_a_note(self):
        text = self.ask_for_it()
        self.client.get(self.address)
        publishing.publish(text.working_revision)
        page = self.act("grant_withdrawal", words="As you wish.")

        self.assertContains(page, "Readers are told why: write a sentence.")
        self.assertContains(page, "As you wish.")
        self.assertEqual(self.state(), "accepted")

    def test_it_is_refused_with_words_and_can_be_asked_again(self):
        self.ask_for_it()
        self.act("refuse_withdrawal")
        self.assertIsNotNone(Submission.objects.get().withdrawal_asked_at)
        self.act("refuse_withdrawal", words="Your assembly has to ask.")

        self.assertEqual(self.state(), "accepted")
        self.assertIsNone(self.submission.withdrawal_asked_at)
        self.assertEqual(self.submission.messages.get().words, "Your assembly has to ask.")
        workflow.withdraw(self.submission)
        self.assertContains(self.client.get(self.address), "the sender asked for its withdrawal")

    def test_a_statement_that_was_here_before_is_not_withdrawn(self):
        before = make_text("No evictions")
        self.make(taken_up_by=self.amina, language="de")
        workflow.merge(self.submission, before.statement, by=self.amina)
        workflow.withdraw(self.submission)
        self.act("grant_withdrawal")

        self.assertEqual(self.state(), "withdrawn")
        before.statement.refresh_from_db()
        self.assertEqual(before.statement.standing, "current")


class ReasonTests(TestCase):
    def test_a_moderator_rewords_a_reason_and_deletes_none(self):
        reason = make_reason("scope")
        self.client.force_login(make_staff("amina", "Moderators"))
        address = f"/admin/statements/declinereason/{reason.pk}/"

        self.assertEqual(self.client.get(f"{address}change/").status_code, 200)
        self.assertEqual(self.client.post(f"{address}delete/", {"post": "yes"}).status_code, 404)
        self.client.force_login(make_staff("editor", "Editors"))
        self.assertEqual(self.client.get(f"{address}change/").status_code, 404)
