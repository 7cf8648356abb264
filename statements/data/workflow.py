"""The dump of the public archive: which one is served, and when none is any more.

What had to leave it is dropped in the transaction of the act: a withdrawal, a name that is
withheld, a version that is sealed. So no dump that still has it is served for a moment, and one
that is being made is not finished: it compares the generation that it began in.
"""

from __future__ import annotations

import fcntl
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from statements.models import PublicDump

BUILDING, MANIFEST = "building", "manifest.json"
OURS = re.compile("[0-9a-f]{32}")
# After something was dropped more of the same often follows.
QUIET = timedelta(minutes=10)


class Dropped(Exception):
    """Something had to leave the dump while it was made."""


class Busy(Exception):
    """Somebody else is making it."""


@dataclass(frozen=True)
class File:
    name: str
    noun: str
    size: int
    sha256: str
    # None where it is no table of records.
    records: int | None


@dataclass(frozen=True)
class Dump:
    """The one that is served."""

    made_at: datetime
    folder: Path
    files: list[File]


def _row(*, lock: bool = False) -> PublicDump:
    """The one row, made where it is not there yet: two who do that at once wait for each other."""
    rows = PublicDump.objects.select_for_update() if lock else PublicDump.objects
    if row := rows.filter(pk=1).first():
        return row
    PublicDump.objects.bulk_create([PublicDump(pk=1)], ignore_conflicts=True)
    return rows.get(pk=1)


def generation() -> int:
    return _row().generation


@transaction.atomic
def drop() -> None:
    """Serve no dump that was made until now, nor one that is being made.

    Called after all other locks, and before the log is written.
    """
    row = _row(lock=True)
    gone = row.folder
    row.generation += 1
    row.folder = row.made_at = None
    row.dropped_at = timezone.now()
    row.save()
    transaction.on_commit(lambda: _erase_dropped(gone), robust=True)


def _erase_dropped(folder: UUID | None) -> None:
    if folder:
        erase(folder_of(folder))
    try:
        with locked():
            erase(building())
    except Busy:
        # Whoever makes it sees that it was dropped, and erases it.
        pass


@transaction.atomic
def serve(folder: UUID, *, begun_in: int) -> None:
    """Serve the files of a folder from now on. Raises Dropped."""
    row = _row(lock=True)
    if row.generation != begun_in:
        raise Dropped
    before = row.folder
    row.folder, row.made_at = folder, timezone.now()
    row.save()
    if before:
        transaction.on_commit(lambda: erase(folder_of(before)), robust=True)


def served() -> Dump | None:
    row = PublicDump.objects.filter(folder__isnull=False).first()
    if not row:
        return None
    folder = folder_of(row.folder)
    try:
        files = json.loads((folder / MANIFEST).read_text())
    except FileNotFoundError:
        # Dropped a moment ago, or made on another machine.
        return None
    return Dump(row.made_at, folder, [File(**one) for one in files])


def is_due(now: datetime) -> bool:
    """Whether a new one is to be made: there is none, or it is too old."""
    if not settings.DUMP_HOURS:
        return False
    row = _row()
    if row.made_at:
        return row.made_at <= now - timedelta(hours=settings.DUMP_HOURS)
    return not row.dropped_at or row.dropped_at <= now - QUIET


# Where the files lie


def folder_of(key: UUID) -> Path:
    return settings.DATA_ROOT / key.hex


def building() -> Path:
    """Where one is being made: nobody is served from there."""
    return settings.DATA_ROOT / BUILDING


def new_folder() -> UUID:
    return uuid4()


def erase(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def erase_others(kept: UUID) -> None:
    """What is left of dumps that are served no more, and nothing else that may lie there."""
    for path in settings.DATA_ROOT.iterdir():
        if OURS.fullmatch(path.name) and path.name != kept.hex:
            erase(path)


@contextmanager
def locked() -> Iterator[None]:
    """One makes a dump at a time; whoever is killed holds nothing. Raises Busy."""
    settings.DATA_ROOT.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (settings.DATA_ROOT / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield
