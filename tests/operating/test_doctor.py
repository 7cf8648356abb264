"""manage.py doctor names what is wrong, and what to do; where all is well it finds nothing."""

import socket
from datetime import timedelta
from io import StringIO
from unittest import mock

from django.core.management import CommandError, call_command
from django.test import TestCase, TransactionTestCase, override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from statements import mail
from statements.models import PublicDump, SearchEntry, SearchRebuild, Statement
from statements.operating import doctor, parts
from tests.factories import make_text
from tests.killed import OtherProcesses
from tests.operating.test_readiness import NOWHERE, Usage


def told(state=None):
    return {one.subject: one.words for one in doctor.examine() if state in (None, one.state)}


class DoctorTests(TestCase):
    def test_where_all_is_well_nothing_is_wrong_and_each_subject_says_so(self):
        make_text()
        found = told(doctor.WELL)

        self.assertLessEqual({"database", "disk", "due"}, set(found))
        self.assertEqual(set(told(doctor.WRONG)) - {"folders", "settings"}, set())

    def test_the_command_fails_where_something_is_wrong_and_says_what_to_do(self):
        out = StringIO()
        old = mock.patch.object(parts, "database", lambda: "not migrated")
        with old, self.assertRaises(CommandError):
            call_command("doctor", stdout=out, no_color=True)
        self.assertIn("wrong  database: is older than the code: run manage", out.getvalue())

    def test_a_disk_is_told_before_it_is_full(self):
        for free, state in ((40, doctor.WRONG), (80, doctor.LOOK), (110, doctor.WELL)):
            usage = mock.Mock(return_value=Usage(1000, 0, free))
            with mock.patch.object(parts.shutil, "disk_usage", usage):
                self.assertEqual({one.state for one in doctor.disks()}, {state})

    def test_a_folder_that_nothing_can_be_written_to_is_told(self):
        with override_settings(MEDIA_ROOT=f"{__file__}/media"):
            found = [one.words for one in doctor.folders() if one.state == doctor.WRONG]
        self.assertIn("MEDIA_ROOT: nothing can be written to", found[0])

    def test_a_mail_server_that_does_not_answer_is_told_and_one_that_does_is_not(self):
        backend = "django.core.mail.backends.smtp.EmailBackend"
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            port = server.getsockname()[1]
            with override_settings(EMAIL_BACKEND=backend, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port):
                self.assertIn(f"127.0.0.1:{port} does not take mail", told(doctor.WRONG)["mail"])
        with override_settings(EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend"):
            self.assertIn("does not leave this machine", told(doctor.LOOK)["mail"])

    def test_letters_that_were_given_up_are_told_like_tasks_that_failed(self):
        for state, answer in (("FAILED", None), ("SUCCESSFUL", mail.GIVEN_UP), ("SUCCESSFUL", "")):
            mail.queue_again("sealed")
            newest = DBTaskResult.objects.ready()
            newest.update(status=state, return_value=answer, finished_at=timezone.now())

        self.assertIn("2 tasks failed for good, or letters", told(doctor.LOOK)["due"])

    def test_what_waits_too_long_tells_that_nobody_comes_for_it(self):
        text = make_text()
        for minutes, is_late in ((9, False), (11, True)):
            at = timezone.now() - timedelta(minutes=minutes)
            Statement.objects.filter(pk=text.statement_id).update(
                next_standing="archived", next_standing_at=at
            )
            self.assertEqual("due" in told(doctor.WRONG), is_late)
        self.assertIn("1 standings to be changed", told(doctor.WRONG)["due"])

    def test_letters_that_nobody_sends_are_told(self):
        with override_settings(HAS_WORKER=True):
            mail.deliver.enqueue("sealed", timezone.now().isoformat())
            later = timezone.now() + timedelta(minutes=11)
            with mock.patch.object(doctor.timezone, "now", lambda: later):
                self.assertIn("the worker runs", told(doctor.WRONG)["due"])

    def test_an_index_that_was_never_written_or_not_to_its_end_is_told(self):
        make_text()
        SearchEntry.objects.all().delete()
        self.assertIn("nothing is indexed", told(doctor.WRONG)["search"])
        SearchRebuild.objects.create(kind=SearchEntry.Kind.TEXT)
        self.assertIn("cut off", told(doctor.LOOK)["search"])

    def test_an_old_dump_is_told_where_there_should_be_new_ones(self):
        row = PublicDump.objects.first() or PublicDump()
        row.folder, row.made_at = "0" * 32, timezone.now() - timedelta(hours=49)
        row.save()
        with override_settings(DUMP_HOURS=24):
            self.assertIn("manage.py dump_public", told(doctor.LOOK)["dump"])
        with override_settings(DUMP_HOURS=25):
            self.assertNotIn("dump", told(doctor.LOOK))


class AwayTests(OtherProcesses, TransactionTestCase):
    def test_without_a_database_it_still_says_what_it_can(self):
        code, out, _err = self.run_process(
            "manage.py", "doctor", "--no-color", DATABASE_URL=NOWHERE
        )
        self.assertEqual(code, 1)
        self.assertIn("wrong  database: does not answer: look at DATABASE_URL", out)
        self.assertIn("disk", out)
