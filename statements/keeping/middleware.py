"""Answers that are the same for everybody, made once and kept until anything public changes.

It stands before everything else, so a kept page costs next to nothing. Kept is what pages, feeds
and files for readers answer, if the answer itself says so too: it sets no cookie, depends on none,
and forbids no cache to keep it. Nothing is kept that has search words in its address.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response

from solidarity.compression import CompressionMiddleware, is_worth_it
from statements import changes, replica
from statements.keeping.store import Kept, Store

# Seconds between two looks at the database, for how long an answer may be kept although nothing
# was noted, and how long to wait for another thread that makes the same one.
LOOKING, LONGEST, WAITING = 0.1, 600, 3
# Addresses of which that is known before anything is asked.
NOT_HERE = ("/admin/", "/account/", "/media/", "/static/", "/data/", "/healthz", "/readyz")
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_ACCEPT_ENCODING")
FORBIDS = re.compile(r"no-store|private", re.IGNORECASE)
ACCEPTS_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))", re.IGNORECASE)
MOST_PATHS = 1000


class Versions:
    """Which version of the public site this process knows of: a tenth of a second old at most."""

    def __init__(self) -> None:
        self.known: object = None
        # The database did not answer: what is known may be old, and is shown all the same.
        self.is_lost = False
        self.looked_at = float("-inf")
        self.lock = Lock()
        changes.tell(self.look_again)

    def look_again(self) -> None:
        self.looked_at = float("-inf")

    def current(self) -> object:
        if self.is_fresh():
            return self.known
        # One thread asks. While it waits for a database that hangs, the others go on; at the very
        # beginning they wait with it, and do not ask after it what it has just asked.
        if self.lock.acquire(blocking=self.known is None):
            try:
                if not self.is_fresh():
                    self._look()
            finally:
                self.lock.release()
        return self.known

    def age(self) -> float:
        """Seconds since what is known was right, without end where the database is away."""
        return float("inf") if self.is_lost else time.monotonic() - self.looked_at

    def is_fresh(self) -> bool:
        is_recent = time.monotonic() - self.looked_at < LOOKING
        return is_recent and not self.known_day_is_over()

    def known_day_is_over(self) -> bool:
        return bool(self.known) and self.known[0] != timezone.localdate()

    def _look(self) -> None:
        # Before the question: whoever changes something meanwhile has it asked again.
        self.looked_at = time.monotonic()
        try:
            self.known, self.is_lost = (timezone.localdate(), changes.version()), False
        except DatabaseError:
            self.is_lost = True
            self.known = replica.later_than(self.known)
            # It may have taken its time to say so.
            self.looked_at = time.monotonic()


class KeepingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.KEPT_MEGABYTES:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.compress = CompressionMiddleware(get_response).process_response
        self.store = Store(settings.KEPT_MEGABYTES)
        self.versions = Versions()
        # Digests of paths whose answers are not for everybody: some of them are secret.
        self.others: set[int] = set()
        self.making: dict[str, Lock] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # What the replica has to have.
        request.versions = self.versions
        if not self.may_be_kept(request):
            return self.get_response(request)
        version = self.versions.current()
        if version is None:
            return self.get_response(request)
        key = f"{request.is_secure()} {request.META.get('HTTP_HOST')} {request.get_full_path()}"
        kept, is_new = self.find(key, version), False
        if not kept:
            with self.alone(key):
                kept = self.find(key, version)
                if not kept:
                    response, is_new = self.make(request), True
                    kept = self.keep(key, request, response, version)
                    if not kept:
                        return self.compress(request, response)
        response = self.answer(request, kept)
        response.is_kept = not is_new
        if settings.SECURE_PROXY_SSL_HEADER:
            self.let_proxy_keep(response, version)
        return response

    def let_proxy_keep(self, response: HttpResponse, version: object) -> None:
        """Let nginx answer the same until the second on the clock ends, if it ends in time.

        It counts in whole seconds. With what this process may not have heard of yet, nobody is
        shown anything for longer than a second after it has changed.
        """
        now, age = time.time(), self.versions.age()
        # It may have become another version while the answer was made.
        is_right = response.status_code == 200 and version == self.versions.known
        if is_right and now % 1 >= age:
            response.headers["X-Accel-Expires"] = f"@{int(now)}"

    def may_be_kept(self, request: HttpRequest) -> bool:
        return (
            request.method in ("GET", "HEAD")
            and not request.path_info.startswith(NOT_HERE)
            and hash(request.path_info) not in self.others
            # Nobody's search words stay in memory.
            and not re.search(r"(?:^|&)q=", request.META.get("QUERY_STRING", ""))
        )

    def find(self, key: str, version: object) -> Kept | None:
        kept = self.store.get(key, version)
        is_old = kept and time.monotonic() - kept.made_at > LONGEST
        return kept if kept and (not is_old or self.versions.is_lost) else None

    @contextmanager
    def alone(self, key: str) -> Iterator[None]:
        """One thread makes an answer, and those who want the same one wait for it."""
        lock = self.making.setdefault(key, Lock())
        is_mine = lock.acquire(timeout=WAITING)
        try:
            yield
        finally:
            if is_mine:
                self.making.pop(key, None)
                lock.release()

    def make(self, request: HttpRequest) -> HttpResponse:
        """The whole answer, as it would be to somebody who has never seen it."""
        asked = {name: request.META.pop(name) for name in CONDITIONS if name in request.META}
        method, request.method = request.method, "GET"
        try:
            return self.get_response(request)
        finally:
            request.META |= asked
            request.method = method

    def keep(
        self, key: str, request: HttpRequest, response: HttpResponse, version: object
    ) -> Kept | None:
        if not (is_public(request) and is_for_everybody(response)):
            if response.status_code == 200 and len(self.others) < MOST_PATHS:
                self.others.add(hash(request.path_info))
            return None
        headers = dict(response.items())
        headers["Vary"] = "Accept-Encoding"
        kept = Kept(headers, response.content, time.monotonic())
        self.store.put(key, kept, version)
        return kept

    def answer(self, request: HttpRequest, kept: Kept) -> HttpResponse:
        accepts = request.META.get("HTTP_ACCEPT_ENCODING", "")
        is_compressed = bool(ACCEPTS_GZIP.search(accepts)) and is_worth_it(
            kept.headers["Content-Type"], len(kept.body)
        )
        response = kept.answer(is_compressed=is_compressed)
        etag = response.headers["ETag"]
        response = get_conditional_response(request, etag=etag, response=response)
        if request.method == "HEAD":
            response.content = b""
        return response


def is_public(request: HttpRequest) -> bool:
    match = request.resolver_match
    return bool(match) and replica.is_for_readers(match.func)


def is_for_everybody(response: HttpResponse) -> bool:
    """Whether any cache may keep an answer (RFC 9111), and ours too."""
    varies = {name.strip().lower() for name in response.get("Vary", "").split(",") if name.strip()}
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and varies <= {"accept-encoding"}
        and not FORBIDS.search(response.get("Cache-Control", ""))
    )
