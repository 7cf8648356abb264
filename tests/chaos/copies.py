"""Backups are made while people send and texts are published; they are restored and compared."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from queue import SimpleQueue

import django
import psycopg2
import pyrage

django.setup()

from django.db import connection

from tests.chaos import checks
from tests.chaos.ground import ROOT, PostgreSQL
from tests.chaos.kill import prepare, publish_all
from tests.chaos.load import Crowd, Inbox, faults_in, finish, mail_server
from tests.chaos.processes import Publisher, Site

SENDERS, DRAFTS, BACKUPS = 100, 200, 3
# What is to be in a copy: what was sent, and what is public with what tells of it.
SUBMITTED = "SELECT title, text, email_sealed, state FROM statements_submission"
PUBLISHED = "SELECT id, live_revision_id FROM statements_text WHERE live_revision_id IS NOT NULL"
NOTED = "SELECT object_id FROM statements_auditentry WHERE act = 'publish' AND noun = 'text'"


def rows(url: str, question: str) -> set[tuple]:
    session = psycopg2.connect(url)
    try:
        with session.cursor() as cursor:
            cursor.execute(question)
            return set(cursor.fetchall())
    finally:
        session.close()


def manage(*command: str, **variables: str) -> str:
    """What went wrong, if anything."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
    )
    return done.stderr[-800:] if done.returncode else ""


class Copy:
    def __init__(self, number: int, folder: Path, key: pyrage.x25519.Identity) -> None:
        self.path, self.own = folder / f"{number}.age", os.environ["DATABASE_URL"]
        self.name, self.folder, self.key = f"restored_{number}", folder, key
        self.faults: list[str] = []

    def make(self) -> None:
        """Between two looks at what is there: whatever the copy has lies between them."""
        self.before = [rows(self.own, each) for each in (SUBMITTED, PUBLISHED)]
        began = time.monotonic()
        wrong = manage("backup", str(self.path), BACKUP_RECIPIENTS=str(self.key.to_public()))
        self.seconds = time.monotonic() - began
        self.after = [rows(self.own, each) for each in (SUBMITTED, PUBLISHED)]
        if wrong:
            self.faults.append(f"No backup was made: {wrong}")

    def compare(self, server: PostgreSQL) -> str:
        server.execute(f"CREATE DATABASE {self.name}")
        identity, place, url = (
            self.folder / "identity",
            self.folder / self.name,
            server.url(self.name),
        )
        identity.write_text(f"{self.key}\n")
        places = ("MEDIA_ROOT", "DATA_ROOT", "BACKUP_ROOT")
        wrong = manage(
            *("restore", str(self.path), "--identity", str(identity)),
            *("--without-erasures", "--no-input"),
            **{"DATABASE_URL": url} | {name: f"{place}/{name.lower()}" for name in places},
        )
        if wrong:
            self.faults.append(f"{self.path.name} was not restored: {wrong}")
            return ""
        sent, public = found = [rows(url, each) for each in (SUBMITTED, PUBLISHED)]
        looks = zip(("sent", "public"), self.before, found, self.after, strict=True)
        for what, before, here, after in looks:
            if not before <= here <= after:
                self.faults.append(
                    f"{what}: {len(before - here)} are lost, {len(here - after)} never were"
                )
        if {(pk,) for pk, _live in public} != rows(url, NOTED):
            self.faults.append("What is public there is not what the audit log says")
        server.execute(f"DROP DATABASE {self.name} WITH (FORCE)")
        first, last = ([len(each) for each in state] for state in (self.before, self.after))
        return (
            f"A backup in {self.seconds:.1f} s has {len(sent)} submissions (between {first[0]} and"
            f" {last[0]}) and {len(public)} publications (between {first[1]} and {last[1]})"
        )


def main() -> int:
    seed, folder = int(os.environ["CHAOS_SEED"]), Path(os.environ["CHAOS_FOLDER"])
    server, log, key = PostgreSQL.of_the_run(), folder / "log", pyrage.x25519.Identity.generate()
    waiting: SimpleQueue = SimpleQueue()
    for pk in [*prepare(DRAFTS), None]:
        waiting.put(pk)
    connection.close()
    site, publisher = Site(log), Publisher(log)
    acknowledged: set[int] = set()
    publishing = threading.Thread(
        target=lambda: acknowledged.update(publish_all(publisher, waiting)[0])
    )
    copies = [Copy(number, folder, key) for number in range(BACKUPS)]
    try:
        with mail_server(Inbox()), Crowd(seed, SENDERS) as crowd:
            publishing.start()
            for copy in copies:
                time.sleep(3)
                copy.make()
        publishing.join()
    finally:
        publisher.stop()
        site.stop()
    print(crowd.told())
    for copy in copies:
        print(copy.compare(server))
    faults = [*crowd.faults(), *checks.submissions(crowd.people), *faults_in(log)]
    faults += [*checks.publications(acknowledged), *checks.log()]
    faults += [fault for copy in copies for fault in copy.faults]
    return finish(faults, "Each backup is one moment of the site, whole.")


if __name__ == "__main__":
    raise SystemExit(main())
