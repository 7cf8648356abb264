"""One web worker has no more memory than it uses already; then all of them."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path

import django

django.setup()

from django.db import connection

from tests.chaos import checks
from tests.chaos.load import MADE, Crowd, Inbox, ask, finish, mail_server
from tests.chaos.processes import Site

COUNT, LONGEST, MOST = 60, 35.0, 100


def starve(pid: int) -> None:
    """As `ulimit -v` would: what it has is all that it gets."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[0])
    size = pages * resource.getpagesize()
    resource.prlimit(pid, resource.RLIMIT_AS, (size, size))


def well_after() -> float:
    """Seconds until every page is answered four times in a row, by whichever worker."""
    began = time.monotonic()
    while time.monotonic() - began < 2 * LONGEST:
        if all(ask(path) == (200, True) for path in MADE * 4):
            return time.monotonic() - began
        time.sleep(0.2)
    return float("inf")


def main() -> int:
    seed, log = int(os.environ["CHAOS_SEED"]), Path(os.environ["CHAOS_FOLDER"]) / "log"
    connection.close()
    site, faults, told = Site(log), [], []
    try:
        with mail_server(Inbox()), Crowd(seed, COUNT) as crowd:
            for many in (1, 2):
                time.sleep(4)
                before = set(site.workers())
                starved = set(sorted(before)[:many])
                for pid in starved:
                    starve(pid)
                time.sleep(6)
                took = well_after()
                gone = starved - set(site.workers())
                told.append(f"{many} starved: {len(gone)} went, well after {6 + took:.0f} s")
                if took > LONGEST:
                    faults.append(f"With {many} starved it is not well again")
    finally:
        site.stop()
    print(crowd.told())
    print("; ".join(told))
    # Whoever asks one that has no memory may get a fault, or nothing: for as long as it lives.
    failed = sum(not is_allowed for *_, is_allowed in crowd.answers())
    print(
        f"{failed} readers and {len(crowd.wrong)} senders were answered by a fault, or not at all"
    )
    if failed > MOST:
        faults.append("It failed for too many")
    faults += checks.submissions(crowd.people)
    return finish(faults, "Others went on, and what was acknowledged is there.")


if __name__ == "__main__":
    raise SystemExit(main())
