"""Measure a backup, its verification and its restoring: time, size, the most memory.

    createdb bench-backup
    python -m tests.bench.backing_up postgres://…/bench-backup     # or sqlite:////folder/site.sqlite3
    python -m tests.bench.backing_up ADDRESS 10000 100000          # statements, revisions

The database is filled first where it is empty: with `make_sample`, and with further drafts of every
text until there are so many revisions, and 1,000 erasures to be done again. Then each is a process
of its own. Restoring is into the same database, so never name one where work is kept.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WORDS = "surtitle, title, subtitle, introduction, original_title, body, postscript"
DRAFTS = """
import sys
import django; django.setup()
from django.db import connection
from statements.models import Revision
wanted, words = int(sys.argv[1]), sys.argv[2]
while (there := Revision.objects.count()) < wanted:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO statements_revision (text_id, by_id, at, {words}, why, change,"
            f" fingerprint, own_fingerprint) SELECT text_id, by_id, at, {words}, 'a draft', '',"
            " '', '' FROM statements_revision ORDER BY id LIMIT %s",
            [wanted - there],
        )
"""
ACTS = """
import django; django.setup()
from django.db import transaction
from statements import erasures
from statements.models import Erasure, Statement
from statements.publishing import standing
with transaction.atomic():
    for one in Statement.objects.readable().order_by("pk")[:1000]:
        standing.change_standing(one, "taken-down", reason="law")
    print("".join(erasures.line(row) for row in Erasure.objects.filter(kind="standing")), end="")
    transaction.set_rollback(True)
"""


class Bench:
    def __init__(self, url: str, folder: Path) -> None:
        self.folder, self.key = folder, folder / "identity"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "solidarity.settings",
            "SECRET_KEY": "for-measuring-alone-" + "x" * 50,
            "DATABASE_URL": url,
            "MEDIA_ROOT": str(folder / "media"),
            "DATA_ROOT": str(folder / "data"),
            "BACKUP_ROOT": str(folder / "root"),
            "KEPT_MEGABYTES": "0",
        }

    def run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command], env=self.environment, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"{command[:3]}: {done.stderr}")
        return done.stdout

    def fill(self, statements: int, revisions: int) -> None:
        self.run("manage.py", "migrate", "-v0")
        counted = "from statements.models import *; print(Statement.objects.count())"
        if not int(self.run("manage.py", "shell", "--no-imports", "-v0", "-c", counted)):
            self.run("manage.py", "make_sample", "--statements", str(statements), "-v0")
            self.run("-c", DRAFTS, str(revisions), WORDS)
        (self.folder / "kept.jsonl").write_text(self.run("-c", ACTS))
        public = self.run("manage.py", "backup", "--make-key", str(self.key))
        self.environment["BACKUP_RECIPIENTS"] = public.strip()

    def measured(self, name: str, *command: str) -> str:
        """Its time, that of the processor, and the most memory of it or of a process of its own."""
        start = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "manage.py", *command],
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        said = process.stdout.read()
        _pid, status, usage = os.wait4(process.pid, 0)
        seconds, most = time.monotonic() - start, usage.ru_maxrss / 1024
        worked = usage.ru_utime + usage.ru_stime
        print(f"| {name} | {seconds:.1f} s | {worked:.1f} s | {most:.0f} MB |", flush=True)
        if status:
            raise SystemExit(said)
        return said


def contents(path: Path, key: Path) -> dict:
    """What a backup says of itself, by age and tar alone."""
    import io
    import tarfile

    import pyrage

    identity = pyrage.x25519.Identity.from_str(key.read_text().split()[-1])
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(path.read_bytes(), [identity]))) as tar:
        return json.loads(tar.extractfile("contents.json").read())


def main(url: str, statements: str = "10000", revisions: str = "100000") -> None:
    with tempfile.TemporaryDirectory(prefix="bench-backup-") as name:
        bench, folder = Bench(url, Path(name)), Path(name)
        bench.fill(int(statements), int(revisions))
        path, again = folder / "one.age", folder / "two.age"
        opened = ("--identity", str(bench.key))
        kept = ("--erasures", str(folder / "kept.jsonl"))
        print("| | time | of a processor | most memory of a process |\n|---|--:|--:|--:|")
        bench.measured("backup", "backup", str(path))
        print(bench.measured("restore --verify", "restore", str(path), *opened, *kept, "--verify"))
        forced = ("--replace", "--no-input", "--moved", "--without-erasures")
        bench.measured("restore", "restore", str(path), *opened, *forced)
        bench.run("manage.py", "backup", str(again))
        first, second = contents(path, bench.key), contents(again, bench.key)
        size, rows = path.stat().st_size / 1e6, sum(first["rows"].values())
        print(
            f"{rows} rows, {first['rows']['statements_revision']} of them revisions; {size:.0f} MB"
        )
        # Restoring writes into the audit log, and drops the dump.
        changed = [
            table
            for table, digest in first["digests"].items()
            if (second["digests"][table], second["rows"][table]) != (digest, first["rows"][table])
        ]
        print(f"tables that are otherwise after restoring: {', '.join(changed)}")


if __name__ == "__main__":
    if not re.match("(sqlite|postgres)", " ".join(sys.argv[1:2])):
        raise SystemExit(__doc__)
    main(*sys.argv[1:4])
