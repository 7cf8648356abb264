"""PostgreSQL is stopped in order, killed, and frozen, while people read and send."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import django

django.setup()

from django.db import connection

from tests.chaos import checks
from tests.chaos.ground import PostgreSQL
from tests.chaos.load import KEPT, Crowd, Inbox, faults_in, finish, mail_server
from tests.chaos.processes import Site

COUNT = 120
LONGEST = 5.0


def interrupt(server: PostgreSQL, crowd: Crowd) -> list[tuple[str, float]]:
    """What was done to it, and how long after its end the last page was refused."""
    found = []
    for what in ("fast", "immediate", "freeze", "fast", "immediate"):
        time.sleep(random.uniform(5, 6))
        if what == "freeze":
            server.freeze(8)
        else:
            server.stop(what)
            time.sleep(random.uniform(2, 4))
            server.start()
        mended = time.monotonic()
        time.sleep(LONGEST + 2)
        found.append((what, crowd.recovered_after(mended)))
    return found


def main() -> int:
    random.seed(seed := int(os.environ["CHAOS_SEED"]))
    server, log = PostgreSQL.of_the_run(), Path(os.environ["CHAOS_FOLDER"]) / "log"
    connection.close()
    site = Site(log)
    try:
        with mail_server(Inbox()) as inbox:
            with Crowd(seed, COUNT) as crowd:
                recovered = interrupt(server, crowd)
            faults = [*crowd.faults(), *checks.letters_in_the_end(inbox.delivered)]
    finally:
        site.stop()
    faults += checks.submissions(crowd.people)
    faults += [
        f"After {what} it took {seconds:.1f} s" for what, seconds in recovered if seconds > LONGEST
    ]
    faults += [
        f"{path}, which is kept, was refused after {end - crowd.began:.1f} s"
        for _, end, path, status, _fine in crowd.answers()
        if path in KEPT and status != 200
    ]
    faults += faults_in(log)
    print(crowd.told())
    print(", ".join(f"{what}: well after {seconds:.1f} s" for what, seconds in recovered))
    return finish(
        faults, "Each refusal said when to come again; what was acknowledged is there, once."
    )


if __name__ == "__main__":
    raise SystemExit(main())
