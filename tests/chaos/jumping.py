"""The site with a clock that jumps while it runs: by as many seconds as a file says.

What counts from the start of the machine does not jump, nor does the database's clock: it stands
for another machine's.
"""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

FILE = Path(os.environ["CHAOS_JUMP"])
_now, _time = timezone.now, time.time


def by() -> float:
    return float(FILE.read_text() or 0)


def now() -> datetime:
    return _now() + timedelta(seconds=by())


timezone.now, time.time = now, lambda: _time() + by()

from solidarity.wsgi import application  # noqa: E402 - with the clock above

__all__ = ["application"]
