"""Whoever is too many is turned away at once, so that what was begun is finished (R-OP10).

What is kept, and static files, are answered before this and are never turned away. Nor are staff
who are signed in, and signing in has a share of its own: whoever has to withhold a name during a
flood gets through.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver

# How many requests a process works on at once, and how many more wait for that, for so many
# seconds: together fewer than gunicorn's threads, so that some are left for staff, for what is
# kept, and to turn others away.
AT_ONCE, WAITING, PATIENCE = 4, 6, 5.0
SIGNING_IN_AT_ONCE, SIGNING_IN_WAITING = 2, 4
STAFF = ("/admin/", "/account/")
# A process that is busy is alive.
ALWAYS = ("/healthz", "/readyz")


class Share:
    """So many at once, and so many who wait for them."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self.room = threading.BoundedSemaphore(at_once + waiting)
        self.work = threading.BoundedSemaphore(at_once)

    @contextmanager
    def one(self) -> Iterator[bool]:
        """Whether there is work for one more: where it is not, nothing was waited for, or long."""
        if not self.room.acquire(blocking=False):
            yield False
            return
        is_mine = self.work.acquire(timeout=PATIENCE)
        try:
            yield is_mine
        finally:
            if is_mine:
                self.work.release()
            self.room.release()


class SheddingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.readers = Share(AT_ONCE, WAITING)
        self.signing_in = Share(SIGNING_IN_AT_ONCE, SIGNING_IN_WAITING)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_staff = request.path_info.startswith(STAFF)
        if request.path_info in ALWAYS or (
            is_staff and settings.SESSION_COOKIE_NAME in request.COOKIES
        ):
            return self.get_response(request)
        share = self.signing_in if is_staff else self.readers
        with share.one() as is_possible:
            return self.get_response(request) if is_possible else turned_away(request)


def turned_away(request: HttpRequest) -> HttpResponse:
    return get_resolver().resolve_error_handler(503)(request)
