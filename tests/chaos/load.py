"""People who read and people who send, all at once, and what they were answered."""

from __future__ import annotations

import random
import re
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

from aiosmtpd.controller import Controller
from django.conf import settings

from tests.chaos.people import Person

READERS, SENDERS = 8, 6
# Kept pages, and others that are made anew for whoever asks.
KEPT = ("/", "/statements/", "/de/demands/")
MADE = ("/statements/?q=council", "/search/?q=rent", "/api/v1/statements/", "/submit/", "/ar/data/")


class Inbox:
    """How many letters came for each address."""

    def __init__(self) -> None:
        self.delivered: Counter[str] = Counter()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.delivered.update(envelope.rcpt_tos)
        return "250 OK"


@contextmanager
def mail_server(handler: object) -> Iterator[object]:
    server = Controller(handler, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    server.start()
    try:
        yield handler
    finally:
        server.stop()


class Reader(threading.Thread):
    """Reads page after page until it is told to stop, and notes how each was answered."""

    def __init__(self, seed: int, paths: tuple[str, ...] = KEPT + MADE) -> None:
        super().__init__()
        self.chance, self.paths = random.Random(seed), paths
        self.over = threading.Event()
        # (when it was asked for, when it was answered, path, status, whether that is allowed)
        self.answers: list[tuple[float, float, str, int, bool]] = []

    def run(self) -> None:
        while not self.over.wait(0.02):
            path, began = self.chance.choice(self.paths), time.monotonic()
            status, is_allowed = ask(path)
            self.answers.append((began, time.monotonic(), path, status, is_allowed))


def ask(path: str, seconds: float = 60) -> tuple[int, bool]:
    """The status, 0 where no answer came; and whether it is a page, or says when to come again."""
    try:
        with urllib.request.urlopen(f"{settings.SITE_URL}{path}", timeout=seconds) as got:
            got.read()
            return got.status, True
    except urllib.error.HTTPError as error:
        error.read()
        return error.code, error.code == 503 and bool(error.headers["Retry-After"])
    except (OSError, HTTPException):
        return 0, False


class Crowd:
    """Readers, and people who send: `with Crowd(...) as crowd:` lasts until all have sent."""

    def __init__(self, seed: int, senders: int, paths: tuple[str, ...] = KEPT + MADE) -> None:
        self.readers = [Reader(seed + number, paths) for number in range(READERS)]
        self.people = [Person(number) for number in range(senders)]
        self.pool = ThreadPoolExecutor(SENDERS)
        # What was wrong with what a sender was answered.
        self.wrong: list[str] = []

    def __enter__(self) -> Crowd:
        # Every process has made what it keeps.
        for path in KEPT * 20:
            ask(path)
        self.began = time.monotonic()
        for reader in self.readers:
            reader.start()
        self.sending = [self.pool.submit(person.send) for person in self.people]
        return self

    def __exit__(self, *_error: object) -> None:
        for one in self.sending:
            if error := one.exception():
                self.wrong.append(f"Somebody who sent was answered {error!r}")
        self.pool.shutdown()
        for reader in self.readers:
            reader.over.set()
        for reader in self.readers:
            reader.join()
        self.seconds = time.monotonic() - self.began

    def answers(self) -> list[tuple[float, float, str, int, bool]]:
        return sorted(answer for reader in self.readers for answer in reader.answers)

    def faults(self) -> Iterator[str]:
        yield from self.wrong
        wrong = Counter((path, status) for *_, path, status, fine in self.answers() if not fine)
        for (path, status), times in sorted(wrong.items()):
            yield f"{path} was answered {status} {times} times"

    def recovered_after(self, mended: float) -> float:
        """Seconds from when all was well again until the last page that was refused."""
        refused = [end for begin, end, *_, status, _ in self.answers() if status != 200]
        return max(0.0, max(refused, default=mended) - mended)

    def told(self) -> str:
        by_status = Counter(status for *_, status, _fine in self.answers())
        reading = ", ".join(f"{times} × {status}" for status, times in sorted(by_status.items()))
        seen = sum(bool(person.token) for person in self.people)
        refused = sum(person.refused for person in self.people)
        return (
            f"Within {self.seconds:.0f} s readers were answered {reading};"
            f" {len(self.people)} people sent, {seen} of them acknowledged,"
            f" {refused} times told to come again"
        )


def faults_in(log: Path) -> list[str]:
    """What the site itself took for a fault of its own: where, and its last line."""
    entries = re.split(
        r"^(?=\d{4}-\d\d-\d\d )", log.read_text(errors="replace"), flags=re.MULTILINE
    )
    return [
        f"The site failed: {' / '.join(entry.strip().splitlines()[-5:])}"
        for entry in entries
        if "Internal Server Error" in entry.partition("\n")[0]
    ]


def finish(faults: list[str], promise: str) -> int:
    """What a scenario ends with."""
    print("\n".join(dict.fromkeys(faults)) or promise)
    return 1 if faults else 0
