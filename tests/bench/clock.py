"""What something took: by the clock, and of the processor, which other work disturbs less."""

from __future__ import annotations

import runpy
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection

GUNICORN = Path(__file__).parents[2] / "gunicorn.conf.py"


def processor_time() -> tuple[float, float]:
    """Milliseconds of this process, and of the database's that answers it.

    That has to run on the same machine (Linux).
    """
    if connection.vendor != "postgresql":
        return time.process_time() * 1000, 0.0
    connection.ensure_connection()
    theirs = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
    return time.process_time() * 1000, int(theirs.split()[0]) / 1_000_000


def timed(act: Callable[[], object]) -> tuple[float, float, float]:
    """By the clock; the processor's time, all of it and Python's."""
    ours, theirs = processor_time()
    start = time.perf_counter()
    act()
    took = (time.perf_counter() - start) * 1000
    ours_then, theirs_then = processor_time()
    return took, ours_then - ours + theirs_then - theirs, ours_then - ours


def keep_connection() -> None:
    """As workers keep theirs for a minute; the settings of tests close it after each request."""
    connection.settings_dict["CONN_MAX_AGE"] = 60


def as_served() -> None:
    """Look for garbage as seldom as a process that gunicorn serves the site with."""
    runpy.run_path(str(GUNICORN))["when_ready"](None)
