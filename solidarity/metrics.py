"""How many requests there were, how they were answered and how long that took (METRICS_FOLDER).

Numbers alone, added up: nobody's address, no address of a page, no name. Each process writes its
own into a folder in memory, and `manage.py metrics` tells the sum of them.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from solidarity.shedding import ALWAYS, STAFF

# By how an address begins; what is none of these is for readers.
AREAS = {
    **dict.fromkeys(STAFF, "staff"),
    **dict.fromkeys(("/static/", "/media/"), "files"),
    **dict.fromkeys(("/api/", "/data/"), "programs"),
}
SECONDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class MetricsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.METRICS_FOLDER:
            raise MiddlewareNotUsed
        Path(settings.METRICS_FOLDER).mkdir(mode=0o700, parents=True, exist_ok=True)
        # When it is read, the library looks there for where processes write.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = settings.METRICS_FOLDER
        from prometheus_client import Histogram

        self.get_response = get_response
        self.requests = Histogram(
            "statements_request_seconds",
            "Seconds from the request until the answer begins, in the site's process.",
            ["area", "status", "answer"],
            registry=None,
            buckets=SECONDS,
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in ALWAYS:
            return self.get_response(request)
        begun = time.perf_counter()
        response = self.get_response(request)
        taken = time.perf_counter() - begun
        answer = "kept" if getattr(response, "is_kept", False) else "made"
        area = next(
            (area for start, area in AREAS.items() if request.path_info.startswith(start)),
            "readers",
        )
        self.requests.labels(area, response.status_code, answer).observe(taken)
        return response


def forget(folder: str) -> None:
    """What processes of an earlier start have counted: counters begin at 0 with each start."""
    for left in Path(folder).glob("*.db"):
        left.unlink(missing_ok=True)
