"""What a process needs to do its work, part by part, each in a word."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cache as once
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from statements import changes, replica
from statements.uploads import are_in_a_bucket

OK, DEGRADED = "ok", "degraded"
# Of a disk that is that full nothing is promised.
LEAST_FREE = 0.05


def database() -> str:
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except DatabaseError:
        return "away"
    return OK if _known_migrations() <= set(applied) else "not migrated"


def replicated() -> str:
    """Without the replica, or where it is behind, pages come from the database itself."""
    try:
        known = changes.version()
        with replica.replica() as version:
            return OK if version >= known else DEGRADED
    except (DatabaseError, InterfaceError):
        return DEGRADED


def disk() -> str:
    """The one with the attachments, and the one with the database where that is a file."""
    return OK if all(free >= LEAST_FREE for _place, free in free_space()) else "full"


def free_space() -> Iterator[tuple[Path, float]]:
    """Where the site writes, and which share of that disk is free: each disk once."""
    places = [Path(settings.DATA_ROOT)]
    if not are_in_a_bucket():
        places.insert(0, Path(settings.MEDIA_ROOT))
    if connection.vendor == "sqlite":
        places.append(Path(connection.settings_dict["NAME"]))
    seen = set()
    for place in places:
        there = next((one for one in (place, *place.parents) if one.exists()), Path("/"))
        if (disk := there.stat().st_dev) in seen:
            continue
        seen.add(disk)
        usage = shutil.disk_usage(there)
        yield there, usage.free / usage.total


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
