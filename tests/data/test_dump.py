"""What is in a dump, how it is served, and when it is made."""

import csv
import hashlib
import io
import json
import signal
from datetime import timedelta
from unittest import mock
from uuid import UUID

from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import TestCase, TransactionTestCase
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from statements.data import dumping, workflow
from statements.data.tables import tables_of
from statements.models import PublicDump
from statements.records.nouns import NOUNS
from tests.data.carrying import Carries
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_organisation,
    make_person,
    make_text,
    make_update,
)
from tests.killed import OtherProcesses
from tests.routes import make_example_site

API = "/api/v1/"


class ContentTests(Carries, TestCase):
    @classmethod
    def setUpTestData(cls):
        make_example_site()
        make_text("خفضوا", slug="arabic", language="ar")
        make_text("Draft", slug="unborn", published=False)
        demand = make_demand("=SUM(1)", slug="formula", people=[make_person(slug="boris")])
        make_demand_made(make_text("Further"), "Words", demand=demand)
        make_update(demand, "refused", note="They said no.")

    def test_a_line_is_the_record_that_programs_are_given(self):
        self.make()

        for noun in NOUNS:
            with self.subTest(noun.name):
                records = self.records(noun.name)
                self.assertEqual(len(records), noun.rows().count())
                self.assertGreater(len(records), 0)
                for record in records:
                    answer = self.client.get(record["api"].removeprefix("http://testserver"))
                    self.assertEqual(answer.json(), record)

    def test_batches_make_no_difference(self):
        self.make()
        whole = {noun.name: self.records(noun.name) for noun in NOUNS}
        with mock.patch.object(dumping, "BATCH", 1):
            self.make(anew=True)

        self.assertEqual({noun.name: self.records(noun.name) for noun in NOUNS}, whole)

    def test_tables_have_the_same_in_columns_that_the_dictionary_explains(self):
        self.make()

        rows = csv.DictReader(io.StringIO(self.content("dictionary.csv").decode("utf-8-sig")))
        explained = {}
        for row in rows:
            self.assertGreater(len(row["meaning"]), 5, row)
            explained.setdefault(row["file"], []).append(row["column"])
        found = {}
        for noun in NOUNS:
            for name, rows in self.tables(noun.name).items():
                table = next(one for one in tables_of(noun).all() if f"{one.name}.csv" == name)
                found[name] = table.head
                self.assertTrue(all(list(row) == table.head for row in rows))
        self.assertEqual(found, explained)

        tables = self.tables("statements")
        [arabic] = [row for row in tables["statements-texts.csv"] if row["slug"] == "arabic"]
        [record] = [one for one in self.records("statements") if one["slug"] == "arabic"]
        self.assertEqual(
            {name: arabic[name] for name in ("statement", "words.title", "is_leading", "version")},
            {
                "statement": record["id"],
                "words.title": "خفضوا",
                "is_leading": "true",
                "version": "1",
            },
        )
        [version] = [
            row
            for row in tables["statements-texts-versions.csv"]
            if row["text"] == record["texts"][0]["id"]
        ]
        self.assertEqual((version["statement"], version["number"]), (record["id"], "1"))

    def test_a_cell_is_no_formula_and_a_date_is_its_notation(self):
        self.make()

        tables = self.tables("demands")
        [demand] = [row for row in tables["demands.csv"] if row["slug"] == "formula"]
        self.assertEqual((demand["name"], demand["raised"]), ("'=SUM(1)", "2020-08-01"))
        [update] = tables["demands-updates.csv"]
        self.assertEqual(
            (update["demand"], update["note"], update["source.published"]),
            (demand["id"], "They said no.", "2020-08-12"),
        )

    def test_what_is_not_public_is_not_in_it(self):
        self.make()

        said = self.everything()
        self.assertIn("No evictions", said)
        for hidden in ("Draft", "unborn", "Taken back", "taken-back/versions"):
            self.assertNotIn(hidden, said)


class ServingTests(Carries, TestCase):
    @classmethod
    def setUpTestData(cls):
        make_example_site()

    def test_the_page_lists_every_file_with_its_size_and_its_sum(self):
        self.make()

        page = self.client.get("/data/").content.decode()

        dump = workflow.served()
        self.assertEqual(len(dump.files), 1 + 2 * len(NOUNS))
        for file in dump.files:
            content = self.content(file.name)
            self.assertEqual(
                (len(content), hashlib.sha256(content).hexdigest()), (file.size, file.sha256)
            )
            self.assertIn(f'href="/data/{file.name}"', page)
            self.assertIn(file.sha256, page)

    def test_before_there_is_one_the_page_says_so(self):
        self.assertContains(self.client.get("/data/"), "There is no dump at this moment")
        self.assertEqual(self.client.get("/data/statements.jsonl.gz").status_code, 404)

    def test_half_a_dump_is_never_served(self):
        steps = dumping.build()
        next(steps)

        self.assertContains(self.client.get("/data/"), "There is no dump at this moment")
        self.assertEqual(self.client.get("/data/statements.jsonl.gz").status_code, 404)
        for _step in steps:
            pass
        before = self.content("events.jsonl.gz")
        make_text(events=[make_event("Another")])
        steps = dumping.build()
        next(steps)
        self.assertEqual(self.content("events.jsonl.gz"), before)
        steps.close()

    def test_only_what_is_listed_is_served(self):
        self.make()

        for name in ("manifest.json", "state.json", "statements.csv", "..%2Flock", "lock", "%00"):
            self.assertIn(self.client.get(f"/data/{name}").status_code, (400, 404), name)

    def test_a_file_may_be_kept_and_is_asked_for_again(self):
        self.make()

        first = self.client.get("/data/tags.jsonl.gz")
        again = self.client.get("/data/tags.jsonl.gz", headers={"if-none-match": first["ETag"]})

        self.assertEqual(
            {name: first[name] for name in ("Content-Type", "Cache-Control", "X-Robots-Tag")},
            {
                "Content-Type": "application/gzip",
                "Cache-Control": "no-cache",
                "X-Robots-Tag": "noindex",
            },
        )
        self.assertEqual(first["Access-Control-Allow-Origin"], "*")
        self.assertIn("attachment", first["Content-Disposition"])
        self.assertEqual(again.status_code, 304)

    def test_a_new_one_takes_the_place_and_the_old_one_is_erased(self):
        self.make()
        old = workflow.served().folder
        for other in ("0" * 32, "somebody-elses"):
            (settings.DATA_ROOT / other).mkdir()
        make_text("Newer", slug="newer")

        with self.captureOnCommitCallbacks(execute=True):
            self.make()

        self.assertIn("newer", [one["slug"] for one in self.records("statements")])
        self.assertFalse(old.exists())
        self.assertEqual(
            {path.name for path in settings.DATA_ROOT.iterdir()},
            {workflow.served().folder.name, "lock", "somebody-elses"},
        )


class DueTests(Carries, TestCase):
    @classmethod
    def setUpTestData(cls):
        make_example_site()
        # What was taken back there is long ago.
        PublicDump.objects.update(dropped_at=timezone.now() - timedelta(days=1))

    def run_due(self):
        out = io.StringIO()
        call_command("run_due", stdout=out)
        return [line for line in out.getvalue().splitlines() if "Dump" in line]

    def test_one_is_made_when_the_last_is_too_old_and_not_before(self):
        with self.settings(DUMP_HOURS=24):
            self.assertEqual(self.run_due(), ["Dump of the archive: made"])
            self.assertEqual(self.run_due(), [])
            PublicDump.objects.update(made_at=timezone.now() - timedelta(hours=25))
            self.assertEqual(self.run_due(), ["Dump of the archive: made"])
        self.assertGreater(len(self.records("statements")), 0)

    def test_by_itself_none_is_made_where_nobody_wants_that(self):
        self.assertEqual(self.run_due(), [])
        self.assertIsNone(workflow.served())

    def test_after_something_was_dropped_a_new_one_waits_for_more_of_it(self):
        with self.settings(DUMP_HOURS=24):
            self.run_due()
            workflow.drop()
            self.assertEqual(self.run_due(), [])
            PublicDump.objects.update(dropped_at=timezone.now() - timedelta(minutes=11))
            self.assertEqual(self.run_due(), ["Dump of the archive: made"])

    def test_a_long_one_is_made_a_part_at_a_time(self):
        with (
            self.settings(DUMP_HOURS=24),
            mock.patch.object(dumping, "BATCH", 1),
            mock.patch("statements.management.commands.run_due.DUMPING", 0),
        ):
            told = [line for _time in range(20) for line in self.run_due()]
        self.assertEqual(told[-1], "Dump of the archive: made")
        self.assertEqual(told[:-1], ["Dump of the archive: begun"] * len(told[:-1]))
        self.assertGreater(len(told), 5)
        self.assertEqual(len(self.records("statements")), 1)

    def test_a_worker_is_asked_once_and_makes_it(self):
        with self.settings(DUMP_HOURS=24, HAS_WORKER=True):
            self.assertEqual(self.run_due(), ["Dump of the archive: queued"])
            self.assertEqual(self.run_due(), [])
        task = DBTaskResult.objects.get(task_path=dumping.make_dump.module_path)
        self.assertIsNone(workflow.served())

        self.assertEqual(dumping.make_dump.call(*task.args_kwargs["args"]), "made")

        self.assertEqual(len(self.records("statements")), 1)

    def test_whoever_was_stopped_is_asked_again_and_two_never_make_it(self):
        with self.settings(DUMP_HOURS=24, HAS_WORKER=True):
            self.run_due()
            DBTaskResult.objects.update(status="RUNNING")
            with workflow.locked():
                self.assertEqual(self.run_due(), [])
                self.assertEqual(dumping.make_dump.call(), "Busy")
                with self.assertRaisesMessage(CommandError, "Another dump is being made"):
                    call_command("dump_public")
            self.assertEqual(self.run_due(), ["Dump of the archive: queued"])
        self.assertEqual([one.status for one in DBTaskResult.objects.all()], ["READY"])


BEGUN = """
import os, signal, sys
from pathlib import Path
import django
django.setup()
from django.conf import settings
from statements.data import dumping
dumping.BATCH = 1
settings.DATA_ROOT = Path(sys.argv[1])
"""
KILLED = """
for number, _step in enumerate(dumping.build()):
    if number == int(sys.argv[2]):
        # In the middle of the next batch: written, and not in the state.
        kept = dumping._keep
        dumping._keep = lambda *any: os.kill(os.getpid(), signal.SIGKILL)
"""
FINISHED = """
print(sum(1 for _step in dumping.build()))
"""


class KilledTests(Carries, OtherProcesses, TransactionTestCase):
    """A process is killed with -9; another one goes on."""

    def kill(self, root, step):
        status, _out, err = self.run_process("-c", BEGUN + KILLED, str(root), step)
        self.assertEqual(status, -signal.SIGKILL, err)

    def test_it_goes_on_where_it_was_cut_off_and_is_the_same(self):
        for number in range(3):
            make_text(f"Text {number}", organisations=[make_organisation(slug=f"o{number}")])
        self.make()
        expected = {noun.name: self.records(noun.name) for noun in NOUNS}
        tables = {noun.name: self.tables(noun.name) for noun in NOUNS}
        root = self.folder / "data"

        # In the middle of a noun, and then between two.
        self.kill(root, "1")
        state = json.loads((root / "building" / "state.json").read_text())
        sizes = {name: (root / "building" / name).stat().st_size for name in state["sizes"]}
        # It was killed between a batch and the note of it.
        self.assertNotEqual(sizes, state["sizes"])
        self.kill(root, "3")
        status, out, err = self.run_process("-c", BEGUN + FINISHED, str(root))
        self.assertEqual(status, 0, err)
        # Not from the beginning.
        self.assertLess(int(out), sum(map(len, expected.values())) - 3)

        [finished] = [path.name for path in root.iterdir() if path.name != "lock"]
        PublicDump.objects.update(folder=UUID(finished), made_at=timezone.now())
        with self.settings(DATA_ROOT=root):
            self.assertEqual({noun.name: self.records(noun.name) for noun in NOUNS}, expected)
            self.assertEqual({noun.name: self.tables(noun.name) for noun in NOUNS}, tables)
