"""manage.py backup: one moment of the site in a file, whoever writes or is killed meanwhile."""

import io
import json
import signal
import stat
import tarfile
import time
import zlib
from datetime import UTC, datetime, timedelta
from unittest import mock
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import SimpleTestCase, TestCase, TransactionTestCase, override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from statements.backup import contents, places, postgresql
from statements.dates import PartialDate
from statements.models import Erasure, Source, Statement, SubmissionAttachment
from statements.operating import doctor
from tests.backup.site import OwnSite, unpacked
from tests.factories import make_submission, make_text

WRITER = """
import django; django.setup()
from django.db import transaction
from statements.models import Source
for number in range(1, 100_000):
    with transaction.atomic():
        # Two rows at a time: a moment in which one of them is there has never been.
        Source.objects.create(title=f"first {number}", publication="x")
        Source.objects.create(title=f"second {number}", publication="x")
    print(number, flush=True)
"""
PAIRS = "sum(1 for one in Source.objects.values_list('title') if one[0].split()[0] == '{}')"


# The beginnings of digests of rows that the test writes.
DIGESTS = {
    "statements_erasure": "3c7c9199334e",
    "statements_source": "b5472d529b8d",
    "statements_submissionattachment": "3b69ed13eb9a",
    "django_tasks_database_dbtaskresult": "36d0f3682c56",
}


class BackupTests(OwnSite, TransactionTestCase):
    def test_it_holds_the_moment_and_neither_secrets_nor_sessions(self):
        make_text("A title to be found")
        make_submission(email="amina@example.org")
        Session.objects.create(
            session_key="a" * 32, session_data="x", expire_date=timezone.now() + timedelta(1)
        )
        path = self.back_up()
        with tarfile.open(fileobj=io.BytesIO(unpacked(path))) as tar:
            parts = {one.name: tar.extractfile(one).read() for one in tar}
        header, told = json.loads(parts["header.json"]), json.loads(parts["contents.json"])

        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertEqual(header["engine"], connection.vendor)
        self.assertEqual(told["rows"]["statements_statement"], 1)
        self.assertNotIn("django_session", told["rows"])
        self.assertNotIn("SECRET_KEY", header["settings"])
        for part in parts.values():
            self.assertNotIn(settings.SECRET_KEY.encode(), part)
        self.assertNotIn(b"amina@example.org", path.read_bytes())
        if connection.vendor == "sqlite":
            packed = b"".join(parts[one] for one in sorted(parts) if one.startswith("database."))
            inside = zlib.decompress(packed)
            self.assertIn(b"A title to be found", inside)
            self.assertNotIn(b"a" * 32, inside)
        self.assertFalse(any(self.folder.glob("root/work-*")))

    def test_the_digest_is_that_of_what_stands_there(self):
        text = make_text()
        alias = "default"
        before = contents.survey(alias, lambda *told: None)
        Statement.objects.filter(pk=text.statement_id).update(may_be_indexed=False)
        between = contents.survey(alias, lambda *told: None)
        Statement.objects.filter(pk=text.statement_id).update(may_be_indexed=True)

        self.assertNotEqual(before["sha256"], between["sha256"])
        self.assertEqual(before, contents.survey(alias, lambda *told: None))

    def test_it_is_the_same_digest_on_both_databases(self):
        """Of every kind of value: words, days, moments, numbers, bytes, JSON, nothing at all."""
        at = datetime(2026, 11, 28, 1, 2, 3, 456, tzinfo=UTC)
        key = UUID(int=7)
        Erasure.objects.create(id=key, at=at, kind="gone", noun="أمينة", object_id=7, value="Ä\n")
        Source.objects.create(
            pk=7, title="“Title”", publication="x", published=PartialDate.parse("2020-08")
        )
        SubmissionAttachment.objects.create(
            pk=7,
            token_digest="x",
            extension="jpg",
            size=3,
            name_sealed="x",
            content=b"\x00\xff7",
            kept_at=at,
        )
        DBTaskResult.objects.create(
            id=key, args_kwargs={"b": [1, None], "a": "é"}, task_path="x", backend_name="x"
        )
        DBTaskResult.objects.update(enqueued_at=at, run_after=at)
        found = contents.survey("default", lambda *told: None)["digests"]
        tables = {table: found[table][:12] for table in DIGESTS}

        self.assertEqual(tables, DIGESTS)

    @pytest.mark.long
    def test_who_writes_meanwhile_is_in_it_whole_or_not_at_all(self):
        self.database()
        writer = self.start_process("-c", WRITER, KEPT_MEGABYTES="0")
        self.addCleanup(writer.kill)
        self.assertEqual(writer.stdout.readline(), "1\n")
        code, _out, err = self.manage("backup", str(self.backups / "one.age"))
        self.assertEqual((code, err), (0, ""))
        writer.kill()
        written = int(writer.communicate()[0].split()[-1])
        new = self.elsewhere()
        code, _out, err = self.restore(self.backups / "one.age", "--moved", **new)
        self.assertEqual((code, err), (0, ""))
        first, second = self.ask(f"[{PAIRS.format('first')}, {PAIRS.format('second')}]", **new)

        self.assertEqual(first, second)
        self.assertGreaterEqual(first, 1)
        self.assertGreater(written, first)

    def test_who_is_killed_leaves_no_file_and_the_next_clears_what_is_left(self):
        for number in range(40):
            make_text(f"Text {number}", body="<p>Many words.</p>" * 200)
        self.database()
        seen = 0
        for wait in (0.9, 1.2, 1.5, 1.8):
            process = self.start_process(
                "manage.py", "backup", str(self.backups / "one.age"), **self.variables()
            )
            self.until_it_writes(process, wait)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            seen += bool(list(self.backups.glob(".statements-*")))
            if (self.backups / "one.age").exists():
                # It was faster: then it is whole.
                self.assertEqual(self.restore(self.backups / "one.age", "--verify")[0], 0)
                (self.backups / "one.age").unlink()
        self.assertGreater(seen, 0)
        self.back_up("two.age")

        self.assertEqual([one.name for one in self.backups.iterdir()], ["two.age"])
        self.assertEqual(list(self.folder.glob("root/work-*")), [])

    def until_it_writes(self, process, wait):
        end = time.monotonic() + 20
        while time.monotonic() < end and process.poll() is None:
            if list(self.backups.glob(".statements-*")):
                time.sleep(max(0, wait - 0.9) / 10)
                return
            time.sleep(0.005)

    def test_one_at_a_time(self):
        root = self.folder / "root"
        root.mkdir()
        with override_settings(BACKUP_ROOT=root), places.working():
            code, _out, err = self.manage("backup", str(self.backups / "one.age"))

        self.assertEqual(code, 1)
        self.assertIn("being made or restored at this moment", err)

    def test_without_a_key_or_over_another_none_is_made(self):
        self.database()
        path = str(self.backups / "one.age")
        code, _out, err = self.run_process(
            *("manage.py", "backup", path), **self.variables() | {"BACKUP_RECIPIENTS": ""}
        )
        self.assertEqual(code, 1)
        self.assertIn("BACKUP_RECIPIENTS names no key", err)
        self.back_up("one.age")
        code, _out, err = self.manage("backup", path)
        self.assertEqual(code, 1)
        self.assertIn("no backup is written over", err)

    def test_where_there_is_no_room_nothing_is_left(self):
        make_text(body="<p>Many words.</p>" * 2000)
        self.database()
        words = (
            "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000));"
            " from django.core.management import execute_from_command_line as run;"
            f" run(['manage.py', 'backup', {str(self.backups / 'one.age')!r}])"
        )
        code, _out, err = self.run_process("-c", words, **self.variables())

        self.assertEqual(code, 1)
        self.assertIn("could not be", err)
        self.assertNotIn("Traceback", err)
        self.assertEqual(list(self.backups.iterdir()), [])
        self.assertEqual(list(self.folder.glob("root/work-*")), [])


class ProgramTests(SimpleTestCase):
    def told(self, **programs):
        server = mock.Mock(pg_version=150_004)
        which = mock.patch.object(postgresql.shutil, "which", programs.get)
        said = mock.patch.object(
            postgresql.subprocess,
            "run",
            lambda command, **options: mock.Mock(stdout=programs[command[0]]),
        )
        with mock.patch.object(postgresql, "connection", server), which, said:
            try:
                postgresql.require_programs()
            except places.Refused as refused:
                return str(refused)
        return ""

    def test_programs_that_are_missing_or_older_than_the_server_are_named(self):
        good = "x (PostgreSQL) 15.20 (Debian 15.20-0)"
        old = "x (PostgreSQL) 14.2"

        self.assertEqual(self.told(pg_dump=good, pg_restore=good), "")
        self.assertIn("pg_restore is missing", self.told(pg_dump=good))
        self.assertIn(
            "pg_dump is 14, and the server is 15", self.told(pg_dump=old, pg_restore=good)
        )


class DoctorTests(TestCase):
    def told(self):
        return [(one.state, one.words) for one in doctor.backups()]

    def test_it_says_how_old_the_last_one_is_and_what_to_do(self):
        last = places.root() / places.LAST
        last.unlink(missing_ok=True)
        self.assertIn("manage.py backup", self.told()[0][1])
        for hours, state in ((1, doctor.WELL), (49, doctor.LOOK), (24 * 8, doctor.WRONG)):
            at = timezone.now() - timedelta(hours=hours)
            last.write_text(json.dumps({"at": at.isoformat(), "size": 1}))
            self.assertEqual(self.told()[0][0], state)
        last.unlink()

    def test_erasures_that_are_in_no_file_are_told(self):
        from statements import erasures

        erasures.note(erasures.Kind.GONE, make_text())
        self.assertEqual(self.told()[-1][0], doctor.WRONG)
        with mock.patch.object(places, "last_backup", timezone.now):
            erasures.write()
            self.assertEqual([state for state, _words in self.told()], [doctor.WELL])
