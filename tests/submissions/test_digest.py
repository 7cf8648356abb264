"""One letter a day to each moderator for whom something waits."""

from datetime import timedelta
from io import StringIO
from unittest import mock

from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import TestCase, TransactionTestCase
from django.utils import timezone

from statements.submissions import digest, workflow
from tests.admin.signed_in import make_staff
from tests.factories import make_submission
from tests.publishing.test_races import at_once


class DigestTests(TestCase):
    def setUp(self):
        self.amina = make_staff("amina", "Moderators", email="amina@example.org")

    def letters(self, days=0):
        mail.outbox.clear()
        day = timezone.now() + timedelta(days=days)
        with (
            mock.patch("django.utils.timezone.now", return_value=day),
            self.captureOnCommitCallbacks(execute=True),
        ):
            call_command("run_due", stdout=StringIO())
        return mail.outbox

    def test_it_says_how_many_wait_and_nothing_of_what_was_sent(self):
        make_submission("Secret.", title="Secret title", organisation_name="Secret union")
        make_submission("More.", doubts=["proof"]), make_submission("Bread.", doubts=["proof"])
        (letter,) = self.letters()

        self.assertEqual(
            (letter.to, letter.subject), (["amina@example.org"], "Submissions wait for you")
        )
        self.assertEqual(
            letter.body,
            "1 submission waits.\n2 are in doubt.\n\nThey lie on the moderation desk:\n\n"
            "    http://testserver/admin/\n",
        )

    def test_it_tells_of_answers_to_those_who_wait_for_them_alone(self):
        omar = make_staff("omar", "Moderators", email="omar@example.org")
        mine, theirs = make_submission("One."), make_submission("Two.")
        workflow.take_up(mine, by=self.amina), workflow.take_up(theirs, by=omar)
        workflow.answer(mine, words="Hello?")
        (letter,) = self.letters()

        self.assertEqual(letter.to, ["amina@example.org"])
        self.assertIn("The sender of 1 that you have taken up has written.", letter.body)

    def test_it_tells_of_what_is_asked_back(self):
        one = workflow.take_up(make_submission(), by=self.amina)
        workflow.accept(one, by=self.amina)
        self.assertEqual(self.letters(), [])
        workflow.withdraw(one)

        self.assertIn("1 accepted one is asked back", self.letters()[0].body)

    def test_there_is_one_a_day_and_none_when_nothing_waits(self):
        self.assertEqual(self.letters(), [])
        make_submission("One."), make_submission("Two.")

        self.assertEqual([len(self.letters(days)) for days in (0, 0, 1, 1, 2)], [1, 0, 1, 0, 1])

    def test_only_moderators_with_an_address_are_written_to(self):
        make_staff("editor", "Editors", email="editor@example.org")
        make_staff("without", "Moderators")
        make_staff("gone", "Moderators", email="gone@example.org", is_active=False)
        make_staff("left", "Moderators", email="left@example.org", is_staff=False)
        make_submission()

        self.assertEqual([one.to for one in self.letters()], [["amina@example.org"]])


class RaceTests(TransactionTestCase):
    def test_called_twice_at_once_it_writes_once(self):
        if connection.vendor != "postgresql":
            self.skipTest("a database in memory has one connection")
        make_staff("amina", "Moderators", email="amina@example.org")
        make_submission()

        self.assertEqual(sum(at_once([digest.send_digests] * 5)), 1)
