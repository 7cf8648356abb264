"""What administrators see of how the site runs, and tasks that they have tried again."""

from datetime import UTC, datetime, timedelta
from unittest import mock
from uuid import uuid4

from django.core import mail as outbox
from django.test import TestCase
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from statements import mail, sealing
from statements.data.dumping import make_dump
from statements.models import AuditEntry
from statements.operating import tasks
from tests.admin.signed_in import make_staff

ADDRESS = "/admin/statements/sitesettings/operation/"
NOBODY = "00000000-0000-0000-0000-000000000000"
LETTER = '{"to": "a@example.org", "subject": "A word", "body": "Words"}'


class OperationTests(TestCase):
    def setUp(self):
        self.boss = make_staff("boss", "Administrators")
        self.client.force_login(self.boss)

    def make_given_up(self):
        """A letter that the mail server would not take for three days."""
        mail.queue_again(sealing.seal(LETTER))
        later = timezone.now() + mail.LONGEST + timedelta(hours=1)
        away = mock.patch("django.core.mail.EmailMessage.send", side_effect=OSError)
        with away, mock.patch("django.utils.timezone.now", return_value=later):
            mail.send_due()
        return tasks.failed().get()

    def test_the_first_page_leads_there_and_says_what_failed(self):
        self.assertContains(self.client.get("/admin/"), ADDRESS)
        self.assertNotContains(self.client.get("/admin/"), "1 task failed")
        self.make_given_up()
        self.assertContains(self.client.get("/admin/"), "1 task failed")

    def test_a_letter_that_was_given_up_is_sent_when_it_is_tried_again(self):
        letter = self.make_given_up()
        page = self.client.get(ADDRESS)
        self.assertContains(page, "A letter")
        self.assertNotContains(page, "a@example.org")

        page = self.client.post(ADDRESS, {"task": str(letter.pk)}, follow=True)
        self.assertContains(page, "It is tried again.")
        self.assertFalse(tasks.failed().exists())
        mail.send_due()
        self.assertEqual([one.to for one in outbox.outbox], [["a@example.org"]])
        entry = AuditEntry.objects.get(act="try-again")
        self.assertEqual((entry.code, entry.actor.user), ("deliver", self.boss))

    def test_twice_is_once(self):
        letter = self.make_given_up()
        for words in ("It is tried again.", "It is being tried already."):
            page = self.client.post(ADDRESS, {"task": str(letter.pk)}, follow=True)
            self.assertContains(page, words)
        for nonsense in ("", "word", NOBODY):
            page = self.client.post(ADDRESS, {"task": nonsense}, follow=True)
            self.assertContains(page, "It is being tried already.")
        self.assertEqual(DBTaskResult.objects.count(), 1)

    def test_any_other_task_that_failed_is_queued_anew(self):
        result = make_dump.enqueue()
        DBTaskResult.objects.filter(pk=result.id).update(
            status=TaskResultStatus.FAILED,
            finished_at=timezone.now(),
            exception_class_path="builtins.OSError",
        )
        self.assertContains(self.client.get(ADDRESS), "builtins.OSError")
        self.client.post(ADDRESS, {"task": str(result.id)})

        self.assertEqual(tasks.counts(), {"waiting": 1, "later": 0, "running": 0})

    def test_it_says_when_the_last_backup_was_made(self):
        self.assertContains(self.client.get(ADDRESS), "None was ever made here")
        made = datetime(2026, 11, 1, 3, tzinfo=UTC)
        with mock.patch("statements.backup.places.last_backup", return_value=made):
            self.assertContains(self.client.get(ADDRESS), "1 November 2026")

    def test_it_asks_as_much_for_three_that_failed_as_for_one(self):
        letter = self.make_given_up()
        self.client.get(ADDRESS)
        for expected in (1, 3):
            self.assertEqual(tasks.failed().count(), expected)
            with self.assertNumQueries(8):
                self.client.get(ADDRESS)
            for letter.pk in (uuid4(), uuid4()):
                letter.save(force_insert=True)
