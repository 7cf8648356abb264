"""What people are answered while the disk takes nothing, and when it does again."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.chaos import checks
from tests.chaos.ground import PostgreSQL
from tests.chaos.load import MADE, Reader, ask, faults_in, finish
from tests.chaos.people import Person
from tests.chaos.processes import Site

ROUNDS, SENDERS, READERS = 3, 8, 4
# More than Django keeps in memory, so that it lies on the disk while it is read.
LARGE = 3_000_000


def fill(disk: Path) -> None:
    """Until not one byte more fits."""
    with (disk / "filler").open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue


def upload() -> int:
    """What a large form is answered."""
    head = '--edge\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
    request = urllib.request.Request(
        f"{settings.SITE_URL}/submit/",
        data=head.encode() + b"x" * LARGE + b"\r\n--edge--\r\n",
        # With a cookie, what was sent is read before it is refused for want of a token.
        headers={
            "Content-Type": "multipart/form-data; boundary=edge",
            "Cookie": f"csrf={'x' * 32}",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as got:
            return got.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        # It was told before it had sent all of it.
        return 0


class Rounds:
    def __init__(self, *, reading_goes_on: bool = True) -> None:
        self.reading_goes_on = reading_goes_on
        self.people: list[Person] = []
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []

    def one(self, state: str, seed: int) -> None:
        """People read, and some try to send: once where that cannot succeed."""
        readers = [Reader(seed + number) for number in range(READERS)]
        for reader in readers:
            reader.start()
        began = time.monotonic()
        for _ in range(SENDERS):
            person = Person(len(self.people))
            person.is_patient = state == "room"
            self.people.append(person)
            try:
                person.send()
            except urllib.error.HTTPError as error:
                self.faults.append(f"{state}: who sent was answered {error.code}")
            self.counts[f"{state}: acknowledged"] += bool(person.token)
            self.counts[f"{state}: refused"] += bool(person.refused)
            if state == "room" and not person.token:
                self.faults.append("room: one who sent was refused")
        if state == "full":
            status = upload()
            self.counts[f"{state}: a large form was answered {status}"] += 1
            if status >= 500 and status != 503:
                self.faults.append(f"{state}: a large form was answered {status}")
        time.sleep(max(0, 3 - (time.monotonic() - began)))
        for reader in readers:
            reader.over.set()
        for reader in readers:
            reader.join()
            for *_, path, status, is_allowed in reader.answers:
                self.counts[f"{state}: {status} to readers"] += 1
                may_be_refused = state == "full" and (
                    not self.reading_goes_on or (path in MADE and "submit" in path)
                )
                if not is_allowed or (status != 200 and not may_be_refused):
                    self.faults.append(f"{state}: {path} was answered {status}")

    def all(self, disk: Path, mend: Callable[[], bool] = bool) -> int:
        """With room, without, and with room again. How often something had to be mended."""
        mended = 0
        for number in range(ROUNDS):
            self.one("room", number)
            fill(disk)
            self.one("full", 10 + number)
            (disk / "filler").unlink()
            mended += mend()
        self.one("room", 20)
        return mended


def run(disk: Path) -> int:
    log, rounds = disk / "log", Rounds()
    connection.close()
    site = Site(log)
    try:
        rounds.all(disk)
    finally:
        site.stop()
    with closing(sqlite3.connect(disk / "site.sqlite3")) as file:
        whole = file.execute("PRAGMA integrity_check").fetchone()[0]
    rounds.faults += [] if whole == "ok" else [f"The database is damaged: {whole}"]
    rounds.faults += [*checks.submissions(rounds.people), *faults_in(log)]
    if left := [one.name for one in (disk / "tmp").iterdir()]:
        rounds.faults.append(f"Files were left behind: {left}")
    rounds.faults += read_only(disk, log)
    print("\n".join(f"{what}: {times}" for what, times in sorted(rounds.counts.items())))
    return finish(rounds.faults, "Reading went on; what could not be stored was refused.")


def run_on_a_server(disk: Path, server: PostgreSQL) -> int:
    """The same with a PostgreSQL whose disk that is: it may stop, and is then started again."""
    log, rounds = Path(os.environ["CHAOS_FOLDER"]) / "log", Rounds(reading_goes_on=False)
    connection.close()
    site = Site(log)
    try:
        stopped = rounds.all(disk, server.start_again)
    finally:
        site.stop()
    rounds.faults += [*checks.submissions(rounds.people), *faults_in(log)]
    print("\n".join(f"{what}: {times}" for what, times in sorted(rounds.counts.items())))
    print(f"PostgreSQL had stopped {stopped} of {ROUNDS} times")
    return finish(rounds.faults, "What could not be stored was refused, and nothing else was lost.")


def read_only(disk: Path, log: Path) -> list[str]:
    """A site that starts on such a disk, which can be written to later on."""
    connection.close()
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    elsewhere = Path(os.environ["CHAOS_FOLDER"]) / "log"
    site = Site(elsewhere)
    faults, rounds = [], Rounds()
    try:
        found = Counter(ask(path)[0] for path in MADE)
        print(f"read only: readers were answered {dict(found)}, a large form {(large := upload())}")
        faults += [f"read only: {one}" for one in (*found, large) if one not in (200, 403, 503)]
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
        rounds.one("room", 30)
    finally:
        site.stop()
    return faults + rounds.faults + faults_in(elsewhere)
