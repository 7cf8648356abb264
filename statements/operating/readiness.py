"""Whether this process can do its work: what a proxy asks before it sends anybody here (R-OP7)."""

from __future__ import annotations

import shutil
from functools import cache as once
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse

OK, DEGRADED = "ok", "degraded"
# Of a disk that is that full nothing is promised.
LEAST_FREE = 0.05


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers: no database, so that a slow one does not restart it."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """Part by part, in words; 503 where one is missing without which nothing works."""
    parts = {"database": database(), "disk": disk(), "cache": kept_in_cache()}
    is_ready = all(state in (OK, DEGRADED) for state in parts.values())
    return HttpResponse(
        "".join(f"{name}: {state}\n" for name, state in parts.items()),
        status=200 if is_ready else 503,
        content_type="text/plain",
        headers={"Cache-Control": "no-store"},
    )


def database() -> str:
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except DatabaseError:
        return "away"
    return OK if _known_migrations() <= set(applied) else "not migrated"


def disk() -> str:
    """The one with the attachments, and the one with the database where that is a file."""
    places = [Path(settings.MEDIA_ROOT)]
    if connection.vendor == "sqlite":
        places.append(Path(connection.settings_dict["NAME"]))
    for place in places:
        there = next((one for one in (place, *place.parents) if one.exists()), Path("/"))
        usage = shutil.disk_usage(there)
        if usage.free < LEAST_FREE * usage.total:
            return "full"
    return OK


def kept_in_cache() -> str:
    """Without it pages are slower, and as right."""
    try:
        cache.set("readyz", OK, 5)
        return cache.get("readyz", DEGRADED)
    except Exception:  # every backend has errors of its own
        return DEGRADED


@once
def _known_migrations() -> set[tuple[str, str]]:
    return set(MigrationLoader(None).graph.leaf_nodes())
