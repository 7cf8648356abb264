"""manage.py restore: what it takes, what it refuses, and what is then true."""

import contextlib
import json
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import TransactionTestCase
from django.utils import timezone

from statements import erasures, mail
from statements.backup import contents
from statements.models import AuditEntry, Erasure, Person
from statements.publishing import links, review
from tests.admin.signed_in import make_staff
from tests.backup.site import OwnSite
from tests.factories import (
    make_attachment,
    make_follower,
    make_naming,
    make_organisation,
    make_person,
    make_text,
)

SHOWN = "list(Person.objects.values_list('name', 'shown_as').order_by('pk'))"
TITLES = "list(Revision.objects.values_list('title', flat=True).order_by('pk'))"


class RestoreTests(OwnSite, TransactionTestCase):
    def erased(self, rows):
        """A file of erasures, as it is outside of the database."""
        path = self.folder / "kept.jsonl"
        path.write_text("".join(erasures.line(row) for row in rows))
        return str(path)

    def withhold(self, person):
        Person.objects.filter(pk=person.pk).update(shown_as="withheld")
        person.refresh_from_db()
        links.record_saved(person)
        erasures.note(erasures.Kind.NAME, person, value="withheld")

    def test_an_empty_site_has_all_of_it_and_what_was_erased_since_is_not_there(self):
        person = make_person("Amina Okoye")
        text = make_text("Free Amina Okoye", body="<p>Amina Okoye must be free.</p>")
        make_naming(text, person)
        picture = make_attachment(text, content=None)
        self.media.mkdir()
        (self.media / "attachments").mkdir()
        content = picture.file.storage.open(picture.file.name).read()
        (self.media / picture.file.name).write_bytes(content)
        (self.media / "attachments" / "of-no-row.jpg").write_bytes(b"left behind")
        make_follower(make_organisation(), email="amina@example.org")
        path = self.back_up()
        self.withhold(person)
        kept, new = self.erased(Erasure.objects.all()), self.elsewhere()
        code, out, err = self.restore(path, "--erasures", kept, **new)

        self.assertEqual((code, err), (0, ""))
        self.assertIn("Erased or withheld again: name 1", out)
        self.assertEqual(self.ask(SHOWN, **new), [["Amina Okoye", "withheld"]])
        self.assertEqual(self.ask("Text.objects.get().slug", **new).count("amina"), 0)
        self.assertEqual(self.ask("Follower.objects.count()", **new), 1)
        there = self.folder / new["MEDIA_ROOT"]
        files = [one.relative_to(there).as_posix() for one in there.rglob("*") if one.is_file()]
        self.assertEqual(files, [picture.file.name])
        self.assertEqual((there / picture.file.name).read_bytes(), content)
        self.assertEqual(self.manage("audit_verify", **new)[0], 0)
        acts = "list(AuditEntry.objects.order_by('-number').values_list('act', flat=True)[:2])"
        self.assertEqual(self.ask(acts, **new), ["restore-backup", "change-person"])
        # The record goes on in the file of the new machine.
        self.assertEqual(self.manage("run_due", **new)[0], 0)
        lines = Path(new["ERASURES_FILE"]).read_text().splitlines()
        told = {json.loads(line)["id"] for line in lines}
        self.assertLessEqual({str(row.pk) for row in Erasure.objects.all()}, told)

    @pytest.mark.once
    def test_verifying_touches_nothing_and_says_what_it_found(self):
        person = make_person("Amina Okoye")
        text = make_text("Free Amina Okoye")
        make_naming(text, person)
        path = self.back_up()
        self.withhold(person)
        kept = self.erased(Erasure.objects.all())
        Erasure.objects.all().delete()
        Person.objects.update(shown_as="full")
        before = contents.survey("default", lambda *told: None)
        code, out, err = self.restore(path, "--verify", "--erasures", kept)

        self.assertEqual((code, err), (0, ""))
        self.assertIn("as they were", out)
        self.assertIn("name 1", out)
        self.assertIn("It can be restored", out)
        self.assertEqual(Person.objects.get().shown_as, "full")
        after = contents.survey("default", lambda *told: None)
        self.assertEqual(before, after)
        self.assertEqual(list(self.folder.glob("root/work-*")), [])
        if connection.vendor == "postgresql":
            left = "SELECT 1 FROM pg_database WHERE datname LIKE '%_verifying'"
            self.assertEqual(self.on_server(left), [])

    def test_what_is_not_empty_is_replaced_only_where_that_is_said(self):
        make_text("From the backup")
        path, new = self.back_up(), self.elsewhere()
        self.assertEqual(self.restore(path, "--moved", **new)[0], 0)
        code, _out, err = self.restore(path, "--moved", **new)
        self.assertEqual(code, 1)
        self.assertIn("not empty", err)
        code, _out, err = self.restore(path, "--moved", "--replace", **new)
        self.assertEqual(code, 1)
        self.assertIn("Nothing was done", err)
        make_text("Written since")
        later = self.back_up("later.age")
        self.assertEqual(self.restore(later, "--moved", "--replace", "--no-input", **new)[0], 0)

        self.assertEqual(self.ask(TITLES, **new), ["From the backup", "Written since"])

    @pytest.mark.once
    def test_files_that_the_backup_does_not_name_go_with_what_is_replaced(self):
        picture = make_attachment(make_text())
        there = self.media / picture.file.name
        there.parent.mkdir(parents=True)
        there.write_bytes(b"picture")
        path, new = self.back_up(), self.elsewhere()
        folder = Path(new["MEDIA_ROOT"]) / "attachments"
        folder.mkdir(parents=True)
        (folder / "of-the-site-before.jpg").write_bytes(b"other")
        self.assertEqual(self.restore(path, "--moved", **new)[0], 0)

        found = sorted(one.as_posix() for one in Path(new["MEDIA_ROOT"]).rglob("*"))
        self.assertEqual(found, [str(folder), str(folder / there.name)])

    def test_a_running_site_is_not_replaced(self):
        make_text()
        path, new = self.back_up(), self.elsewhere()
        self.assertEqual(self.restore(path, "--moved", **new)[0], 0)
        reader = self.start_process(
            "-c",
            "import django, time; django.setup()\n"
            "from statements.models import Text\n"
            "print(Text.objects.count(), flush=True); time.sleep(60)",
            **self.variables() | new,
        )
        self.addCleanup(reader.kill)
        self.assertEqual(reader.stdout.readline(), "1\n")
        code, _out, err = self.restore(path, "--moved", "--replace", "--no-input", **new)

        self.assertEqual(code, 1)
        self.assertIn("The site is running", err)

    @pytest.mark.once
    def test_without_knowing_what_was_erased_nothing_is_restored(self):
        make_text()
        path, new = self.back_up(), self.elsewhere()
        code, _out, err = self.restore(path, **new)
        self.assertEqual(code, 1)
        self.assertIn("tells what was erased or withheld", err)
        self.assertIn("--erasures FILE", err)
        self.assertEqual(self.restore(path, "--without-erasures", **new)[0], 0)

    @pytest.mark.once
    def test_erasures_that_are_older_than_the_backup_are_refused(self):
        make_text()
        erasures.note(erasures.Kind.GONE, make_person())
        erasures.write()
        path, new = self.back_up(), self.elsewhere()
        old = self.erased([])
        code, _out, err = self.restore(path, "--erasures", old, **new)

        self.assertEqual(code, 1)
        self.assertIn("older than the backup, or another site's", err)
        self.assertEqual(self.ask("1", **new), 1)
        code, _out, err = self.restore(path, "--verify", "--erasures", old)
        self.assertEqual(code, 1)
        self.assertIn("has to be looked at", err)

    @pytest.mark.once
    def test_a_record_with_lines_of_somebody_else_is_refused_in_words(self):
        make_text()
        kept = self.folder / "kept.jsonl"
        kept.write_text('{"id": 1}\n')
        code, _out, err = self.restore(self.back_up(), "--erasures", str(kept), "--verify")

        self.assertEqual(code, 1)
        self.assertIn("kept.jsonl, line 1", err)
        self.assertNotIn("Traceback", err)

    @pytest.mark.once
    def test_a_copy_of_the_record_that_is_older_than_the_one_of_this_machine_is_refused(self):
        make_text()
        path, new = self.back_up(), self.elsewhere()
        erasures.note(erasures.Kind.GONE, make_person())
        old = self.erased(Erasure.objects.all())
        erasures.note(erasures.Kind.GONE, make_person())
        own = Path(new["ERASURES_FILE"])
        own.write_text("".join(erasures.line(row) for row in Erasure.objects.all()))
        code, _out, err = self.restore(path, "--erasures", old, **new)
        self.assertEqual(code, 1)
        self.assertIn("tells 1 erasures that those given do not", err)
        code, _out, err = self.restore(path, "--erasures", old, "--erasures", str(own), **new)

        self.assertEqual((code, err), (0, ""))

    @pytest.mark.once
    def test_nothing_is_published_or_sent_by_what_was_decided_before(self):
        text = make_text(published=False)
        review.submit(text.working_revision)
        review.approve(text.working_revision)
        now = timezone.now()
        review.schedule(text.working_revision, at=now + timedelta(hours=1), now=now)
        mail.deliver.enqueue("sealed", now.isoformat())
        path = self.back_up()
        ends = (("--without-erasures", ["approved", 0]), ("--moved", ["scheduled", 1]))
        for option, expected in ends:
            new = self.elsewhere()
            code, _out, err = self.restore(path, option, **new)
            self.assertEqual((code, err), (0, ""))
            said = "[Text.objects.get().state, __import__('django_tasks_db').models.DBTaskResult"
            self.assertEqual(self.ask(f"{said}.objects.count()]", **new), expected)

    @pytest.mark.once
    def test_what_does_not_fit_is_refused_in_words(self):
        make_text()
        path, new = self.back_up(), self.elsewhere()
        stranger = self.folder / "stranger"
        self.assertEqual(self.manage("backup", "--make-key", str(stranger))[0], 0)
        code, _out, err = self.manage("restore", str(path), "--identity", str(stranger), "--verify")
        self.assertIn("not for this key", err)
        code, _out, err = self.restore(path, "--verify", SECRET_KEY="another " * 10)
        self.assertIn("not made with the keys of this site", err)
        if connection.vendor == "postgresql":
            other = f"sqlite:///{self.folder}/other.sqlite3"
            code, _out, err = self.restore(path, "--verify", DATABASE_URL=other)
            self.assertIn("a backup is restored into the database that it was made of", err)
        path.write_bytes(path.read_bytes()[:-100])
        code, _out, err = self.restore(path, "--moved", **new)
        self.assertEqual(code, 1)
        self.assertIn("damaged or was cut off", err)
        self.assertNotIn("Traceback", err)

    @pytest.mark.once
    def test_one_of_a_newer_version_is_refused(self):
        make_text()
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied)"
                " VALUES ('statements', '9999_from_the_future', CURRENT_TIMESTAMP)"
            )
        self.addCleanup(self.forget_the_future)
        path = self.back_up()
        code, _out, err = self.restore(path, "--verify")

        self.assertEqual(code, 1)
        self.assertIn("made by a newer version of the site, with statements.9999", err)

    def forget_the_future(self):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE name = '9999_from_the_future'")

    @pytest.mark.once
    def test_an_audit_log_that_is_not_whole_is_told(self):
        make_staff("editor")
        text = make_text()
        AuditEntry.objects.filter(object_id=text.pk).update(act="other")
        self.assertTrue(AuditEntry.objects.filter(act="other").exists())
        code, _out, err = self.restore(self.back_up(), "--verify")

        self.assertEqual(code, 1)
        self.assertIn("the audit log is not whole", err)

    @pytest.mark.once
    def test_a_backup_of_another_day_is_none_of_a_site_that_was_moved(self):
        make_text()
        path = self.backups / "one.age"
        self.database()
        words = (
            "from datetime import timedelta; from django.utils import timezone; now = timezone.now;"
            " timezone.now = lambda: now() - timedelta(days=2);"
            " from django.core.management import execute_from_command_line as run;"
            f" run(['manage.py', 'backup', {str(path)!r}])"
        )
        self.assertEqual(self.run_process("-c", words, **self.variables())[0], 0)
        code, _out, err = self.restore(path, "--moved", **self.elsewhere())

        self.assertEqual(code, 1)
        self.assertIn("a site that is moved is restored at once", err)

    @pytest.mark.once
    @pytest.mark.long
    def test_who_is_killed_leaves_the_site_as_it_was_or_as_it_is_to_be(self):
        make_text("From the backup")
        path, new = self.back_up(), self.elsewhere()
        self.assertEqual(self.restore(path, "--moved", **new)[0], 0)
        make_text("Written since")
        later = self.back_up("later.age")
        options = ("--identity", str(self.identity), "--moved", "--replace", "--no-input")
        seen = set()
        for wait in (0.8, 2.0, 3.2, 4.4):
            process = self.start_process(
                "manage.py", "restore", str(later), *options, **self.variables() | new
            )
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=wait)
            process.kill()
            process.communicate()
            titles = self.ask(TITLES, **new)
            seen.add(len(titles))
            self.assertIn(titles, (["From the backup"], ["From the backup", "Written since"]))
        self.assertIn(1, seen)
        code, _out, err = self.restore(later, *options[2:], **new)

        self.assertEqual((code, err), (0, ""))
        self.assertEqual(self.ask(TITLES, **new), ["From the backup", "Written since"])
        left = [one.name for one in Path(new["BACKUP_ROOT"]).parent.rglob("*restoring*")]
        self.assertEqual(left, [])
