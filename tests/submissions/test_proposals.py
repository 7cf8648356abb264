"""Changes that a moderator proposes, and the sender accepts or refuses."""

from django.core import mail
from django.db import connection
from django.test import TransactionTestCase

from statements import tokens
from statements.models import ProposedWords, Submission
from statements.submissions import proposals, states, workflow
from tests.admin.signed_in import make_staff
from tests.admin.test_review import ReviewTestCase
from tests.factories import make_submission
from tests.publishing.test_races import at_once


class ProposalTests(ReviewTestCase):
    def setUp(self):
        super().setUp()
        self.make(
            "We ask for bread.\n\nNow.",
            title="Bread",
            taken_up_by=self.amina,
            email="amina@example.org",
        )
        token = tokens.issue("submission", self.submission.pk)
        self.sender = self.client_class()
        self.sender.get(f"/submissions/{token}/")
        self.private = f"/submissions/{self.submission.handle}/"

    def propose(self, **typed):
        words = {"title": "Bread and roses", "text": "We ask for bread and roses.\n\nNow."}
        return self.act("propose", **words | typed)

    def answer(self, answer, **more):
        newest = ProposedWords.objects.last()
        data = {"proposal": newest.pk, "answer": answer} | more
        return self.sender.post(f"{self.private}proposal/", data, follow=True)

    def words(self):
        self.submission.refresh_from_db()
        return self.submission.title, self.submission.text

    def test_the_sender_sees_what_would_change_and_nothing_has_changed(self):
        mail.outbox.clear()
        with self.captureOnCommitCallbacks(execute=True):
            page = self.propose(words="Roses, too?")
        self.assertContains(page, "The sender is asked whether the changes are right.")
        self.assertEqual(self.state(), "changes-requested")
        self.assertEqual(self.words(), ("Bread", "We ask for bread.\n\nNow."))
        self.assertEqual([one.to for one in mail.outbox], [["amina@example.org"]])

        page = self.sender.get(self.private)
        self.assertContains(page, f'href="{self.private}proposal/"')
        self.assertContains(page, "Roses, too?")
        page = self.sender.get(f"{self.private}proposal/")
        self.assertContains(page, "and roses</ins>", count=2)

    def test_whoever_has_answered_is_asked_nothing_more(self):
        self.propose(words="Roses, too?")
        page = self.answer("accept")

        self.assertContains(page, "An editor is reading it.")
        self.assertNotContains(page, "The editors ask you something")

    def test_accepted_it_says_that_and_what_it_said_is_kept(self):
        self.propose()
        page = self.answer("accept", words="Yes!")

        self.assertRedirects(page, self.private)
        self.assertEqual(self.state(), "in-review")
        self.assertEqual(self.words(), ("Bread and roses", "We ask for bread and roses.\n\nNow."))
        self.assertEqual([one.title for one in self.submission.earlier.all()], ["Bread"])
        self.assertEqual([one.words for one in self.submission.messages.all()], ["Yes!"])
        self.assertEqual(self.submission.text_digest, workflow.text_digest(self.submission.text))
        text = workflow.accept(self.submission, by=self.amina)
        self.assertEqual(text.working_revision.title, "Bread and roses")

    def test_refused_it_stays_and_the_moderator_reads_why(self):
        self.propose()
        self.answer("refuse", words="Roses wither.")

        self.assertEqual(self.state(), "in-review")
        self.assertEqual(self.words(), ("Bread", "We ask for bread.\n\nNow."))
        page = self.client.get(self.address)
        self.assertContains(page, "refused by the sender")
        self.assertContains(page, "Roses wither.")

    def test_what_was_overtaken_can_no_longer_be_answered(self):
        self.propose()
        first = ProposedWords.objects.get()
        workflow.release(self.submission, by=self.amina)
        self.assertEqual(self.answer("accept").status_code, 409)
        workflow.take_up(self.submission, by=self.amina)
        workflow.request_changes(self.submission, by=self.amina, words="Shorter.")

        response = self.answer("accept", words="I wrote long about it.")
        self.assertContains(response, "I wrote long about it.", status_code=409)
        self.assertEqual(self.words()[0], "Bread")
        first.refresh_from_db()
        self.assertEqual(first.answer, "overtaken")
        self.assertEqual(self.sender.get(f"{self.private}proposal/").status_code, 409)

    def test_the_sender_may_correct_it_otherwise(self):
        self.propose()
        fields = {"sender": "other", "organisation_name": "B", "language": "en", "risk": "no"}
        workflow.correct(self.submission, title="Mine", text="My words.", issued=None, **fields)

        self.assertEqual(self.words(), ("Mine", "My words."))
        self.assertEqual(self.answer("accept").status_code, 409)
        self.assertEqual(self.words(), ("Mine", "My words."))

    def test_nothing_changed_is_nothing_proposed(self):
        page = self.propose(title="Bread", text="We ask for bread.\r\n\r\nNow.")

        self.assertContains(page, "Nothing is changed yet.")
        self.assertEqual((self.state(), ProposedWords.objects.count()), ("in-review", 0))

    def test_an_answer_that_is_none_changes_nothing(self):
        self.propose()
        self.assertEqual(self.answer("perhaps").status_code, 200)
        self.assertEqual(self.state(), "changes-requested")


class RaceTests(TransactionTestCase):
    def test_of_twenty_answers_one_counts(self):
        if connection.vendor != "postgresql":
            self.skipTest("a database in memory has one connection")
        amina, one = make_staff("amina", "Moderators"), make_submission("Bread.")
        workflow.take_up(one, by=amina)
        asked = proposals.propose(one, by=amina, title="Roses", text="Roses.")
        results = at_once(
            [
                lambda: proposals.accept(one, proposal=asked.pk),
                lambda: proposals.refuse(one, proposal=asked.pk),
            ]
            * 10
        )

        refused = [each for each in results if isinstance(each, states.NotPossible)]
        asked.refresh_from_db()
        self.assertEqual(len(refused), 19)
        self.assertEqual(Submission.objects.get().title == "Roses", asked.answer == "accepted")
