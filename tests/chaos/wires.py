"""What lies between the site and PostgreSQL is slow, cuts off in the middle, or leads nowhere."""

from __future__ import annotations

import asyncio
import os
import random
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import django

django.setup()

from django.db import connection

from tests.chaos import checks
from tests.chaos.ground import free_port
from tests.chaos.load import Crowd, Inbox, faults_in, finish, mail_server
from tests.chaos.processes import Site

COUNT = 100
LONGEST = 5.0


class Wire(threading.Thread):
    """A proxy before the database; `mode` is what it does to whatever passes from now on."""

    def __init__(self, target: int, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self.port, self.target, self.chance = free_port(), target, chance
        self.mode, self.cut = "well", 0
        self.is_open = threading.Event()

    def run(self) -> None:
        asyncio.run(self.serve())

    async def serve(self) -> None:
        async with await asyncio.start_server(self.connect, "127.0.0.1", self.port):
            self.is_open.set()
            await asyncio.Event().wait()

    async def connect(self, reader, writer) -> None:
        if self.mode == "leads nowhere":
            writer.transport.abort()
            return
        own_reader, own_writer = await asyncio.open_connection("127.0.0.1", self.target)
        # Half of what is cut is cut in answers, half in what is asked.
        ways = [self.carry(reader, own_writer), self.carry(own_reader, writer)]
        tasks = [asyncio.create_task(way) for way in ways]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        for one in (writer, own_writer):
            one.transport.abort()

    async def carry(self, reader, writer) -> None:
        """One way, until an end closes it or we do."""
        left = None
        try:
            while data := await reader.read(65536):
                if self.mode == "is slow":
                    await asyncio.sleep(2)
                if self.mode == "leads nowhere":
                    return
                if self.mode == "cuts":
                    left = self.chance.randrange(1, 20_000) if left is None else left
                    data, left = data[:left], left - len(data)
                writer.write(data)
                await writer.drain()
                if left is not None and left <= 0:
                    self.cut += 1
                    return
        except OSError:
            return


def main() -> int:
    seed, log = int(os.environ["CHAOS_SEED"]), Path(os.environ["CHAOS_FOLDER"]) / "log"
    own = os.environ["DATABASE_URL"]
    wire = Wire(int(os.environ["CHAOS_PORT"]), random.Random(seed))
    wire.start()
    wire.is_open.wait(10)
    connection.close()
    # What is checked here goes past the wire; the site does not.
    os.environ["DATABASE_URL"] = own.replace(str(urlsplit(own).port), str(wire.port))
    site = Site(log)
    os.environ["DATABASE_URL"] = own
    recovered = []
    try:
        with mail_server(Inbox()) as inbox:
            with Crowd(seed, COUNT) as crowd:
                for mode in ("cuts", "is slow", "leads nowhere", "cuts"):
                    time.sleep(5)
                    wire.mode = mode
                    time.sleep(10)
                    wire.mode = "well"
                    mended = time.monotonic()
                    time.sleep(LONGEST + 5)
                    recovered.append((mode, crowd.recovered_after(mended)))
            faults = [*crowd.faults(), *checks.letters_in_the_end(inbox.delivered)]
    finally:
        site.stop()
    faults += checks.submissions(crowd.people)
    faults += [f"{mode}: well after {took:.1f} s" for mode, took in recovered if took > LONGEST]
    print(crowd.told())
    print(f"{wire.cut} connections were cut")
    print(", ".join(f"{mode}: well after {seconds:.1f} s" for mode, seconds in recovered))
    faults += faults_in(log)
    return finish(faults, "Each refusal said when to come again; what was acknowledged is there.")


if __name__ == "__main__":
    raise SystemExit(main())
