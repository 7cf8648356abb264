"""The mail server refuses, hangs, puts off, and closes in the middle of letters."""

from __future__ import annotations

import os
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from django.conf import settings
from django.db import connection
from django_tasks_db.models import DBTaskResult

from tests.chaos import checks
from tests.chaos.load import Reader, finish
from tests.chaos.people import Person
from tests.chaos.processes import Site, run_due

SENDERS = 12
MODES = ("refuses", "puts off who is written to", "puts off letters", "closes in letters", "hangs")
# What one who sends waits for at most: for a server that hangs, and for the page itself.
LONGEST = 15.0


class Session(socketserver.StreamRequestHandler):
    """One who hands over letters."""

    def handle(self) -> None:
        server = self.server
        if server.mode == "hangs":
            server.over.wait(60)
            return
        self.say("220 here")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"RCPT":
                self.address = line.decode().split("<")[1].split(">")[0]
                self.say("450 later" if "written to" in server.mode else "250 ok")
            elif verb == b"DATA":
                self.say("354 go on")
                if server.mode == "closes in letters":
                    self.rfile.readline()
                    return
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
                if server.mode == "puts off letters":
                    self.say("451 later")
                else:
                    server.delivered[self.address] += 1
                    self.say("250 ok")
            else:
                self.say("221 bye" if verb == b"QUIT" else "250 ok")
                if verb == b"QUIT":
                    return

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    request_queue_size = 50


@contextmanager
def server(mode: str, delivered: Counter[str]) -> Iterator[None]:
    if mode == "refuses":
        yield
        return
    with Server(("127.0.0.1", settings.EMAIL_PORT), Session) as here:
        here.mode, here.delivered, here.over = mode, delivered, threading.Event()
        threading.Thread(target=here.serve_forever).start()
        try:
            yield
        finally:
            here.over.set()
            here.shutdown()


def timed(person: Person) -> float:
    began = time.monotonic()
    person.send()
    return time.monotonic() - began


def main() -> int:
    seed, log = int(os.environ["CHAOS_SEED"]), Path(os.environ["CHAOS_FOLDER"]) / "log"
    connection.close()
    delivered, people, faults = Counter(), [], []
    site = Site(log)
    try:
        for number, mode in enumerate(MODES):
            # Those with odd numbers leave an address.
            first = 1 + 2 * SENDERS * number
            senders = [Person(one) for one in range(first, first + 2 * SENDERS, 2)]
            # Whoever is turned away for once comes again.
            for one in senders:
                one.is_patient = True
            reader = Reader(seed + number)
            with server(mode, delivered):
                reader.start()
                with ThreadPoolExecutor(SENDERS) as pool:
                    waited = list(pool.map(timed, senders))
                began = time.monotonic()
                run_due(later=timedelta(minutes=1))
                due = time.monotonic() - began
                reader.over.set()
                reader.join()
            refused = sum(status != 200 for *_, status, _fine in reader.answers)
            print(
                f"{mode}: {sum(bool(one.token) for one in senders)} of {SENDERS} taken, within"
                f" {max(waited):.0f} s at most; readers were refused {refused} of"
                f" {len(reader.answers)} times; run_due took {due:.0f} s",
                flush=True,
            )
            faults += [f"{mode}: not taken" for one in senders if not one.token]
            wrong = [one for one in reader.answers if not one[-1]]
            faults += [f"{mode}: {path} was answered {status}" for *_, path, status, _ in wrong]
            if max(waited) > LONGEST or due > 2 * LONGEST:
                faults.append(f"{mode}: it was waited for too long")
            people += senders
        before = delivered.total()
        with server("takes all", delivered):
            for hours in (1, 5, 5):
                run_due(later=timedelta(hours=hours))
    finally:
        site.stop()
    print(f"Letters: {before} came before the server was well, {delivered.total()} in the end")
    faults += [*checks.submissions(people), *checks.letters(delivered, set())]
    waiting = DBTaskResult.objects.filter(status="READY").count()
    if waiting:
        faults.append(f"{waiting} letters still wait")
    return finish(faults, "Each submission was taken, and each letter came once in the end.")


if __name__ == "__main__":
    raise SystemExit(main())
