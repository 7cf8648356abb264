"""Pages for readers are made from a replica of the database, where there is one that is not behind.

Its notes of changes say whether it is: they come with the changes themselves. Whoever is signed in,
what is sent, workers and commands never ask it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import (
    DatabaseError,
    Error,
    InterfaceError,
    OperationalError,
    connections,
    transaction,
)
from django.http import HttpRequest, HttpResponse

from statements import changes

DEFAULT, REPLICA = "default", "replica"
logger = logging.getLogger(__name__)
# Where that is made which is the same for everybody. Files have their own ways, and what strangers
# send or ask for by a private link is nobody else's.
MADE_IN = tuple(f"statements.{one}." for one in ("pages", "feeds", "exports", "sitemap"))
# Seconds for which one that did not answer is let alone.
PAUSE = 10
Known = tuple[date, changes.Version]
_away_until = 0.0


class ReplicaMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        # Without notes nobody could say whether it is behind.
        if not (is_there() and settings.KEPT_MEGABYTES):
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict
    ) -> HttpResponse | None:
        """The answer of the view; None has Django call it as if there were no replica."""
        if not (is_of_a_reader(request) and is_for_readers(view)):
            return None
        known = request.versions.current()
        if not known:
            return None
        try:
            with replica() as version:
                return view(request, *args, **kwargs) if version >= known[1] else None
        except (DatabaseError, InterfaceError) as error:
            if took_too_long(error):
                # So it would there.
                raise
            return None


def is_there() -> bool:
    return REPLICA in connections.settings


def is_for_readers(view: Callable) -> bool:
    return view.__module__.startswith(MADE_IN)


def is_of_a_reader(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD") and not request.COOKIES


def later_than(known: Known | None) -> Known | None:
    """What is known, or what the replica knows where that is later: the database itself is away.

    Who knows nothing yet cannot tell how far behind the replica was, and takes nothing from it.
    """
    if not (known and is_there()):
        return known
    try:
        with replica() as version:
            return (known[0], max(known[1], version))
    except (DatabaseError, InterfaceError):
        return known


@contextmanager
def replica() -> Iterator[changes.Version]:
    """Inside, whatever this thread asks is asked of the replica. Gives the version that it has.

    One transaction, so that behind a pooler too it is one server that says so and is then asked:
    one that was started again can have less than before, for a moment.
    """
    global _away_until
    if time.monotonic() < _away_until:
        raise OperationalError("It did not answer a moment ago.")
    if _away_until:
        # One tries it again, and the others do not wait with it.
        _away_until = time.monotonic() + PAUSE
    primary = connections[DEFAULT]
    try:
        with transaction.atomic(using=REPLICA):
            connections[DEFAULT] = connections[REPLICA]
            try:
                version, _away_until = changes.version(), 0.0
                yield version
            finally:
                connections[DEFAULT] = primary
    except (OperationalError, InterfaceError) as error:
        if not took_too_long(error):
            _away_until = time.monotonic() + PAUSE
            connections[REPLICA].close()
            logger.warning("The replica is let alone for %s seconds: %s", PAUSE, error)
        raise


def took_too_long(error: Error) -> bool:
    return getattr(error.__cause__, "pgcode", "") == "57014"
