"""Making a backup: one moment of the database, the files that it names, and what tells them again.

workflow.make(path, progress)     # the file is there, whole, or nothing is
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyrage
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from statements import erasures
from statements.backup import archive, contents, places
from statements.backup.engines import engine
from statements.backup.places import Refused

EXTENSION = ".age"


@dataclass(frozen=True)
class Made:
    path: Path
    size: int
    rows: int
    files: int
    # Named by the database, and not there: erased since the moment, or lost.
    missing: int


def make_key(path: Path) -> str:
    """Write a new secret key to a file for its owner alone, and give its public key."""
    key = pyrage.x25519.Identity.generate()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Refused(f"{path} cannot be made: {error.strerror}") from None
    with os.fdopen(handle, "w") as file:
        file.write(f"# Opens the backups that are sealed to {key.to_public()}\n{key}\n")
        file.flush()
        os.fsync(file.fileno())
    return str(key.to_public())


def make(path: Path, progress: archive.Progress) -> Made:
    """Write a backup under a name, or in a folder under the moment's name. Raises Refused."""
    to = archive.recipients(places.recipients())
    now, database = timezone.now(), engine()
    if path.is_dir():
        path = path / f"statements-{now:%Y-%m-%dT%H%M%S}{EXTENSION}"
    database.require_programs()
    with (
        places.working() as folder,
        archive.writing(path, to, progress) as written,
        database.snapshot(folder, progress) as (alias, pieces),
    ):
        written.add_words(archive.HEADER, _header(now, database.NAME, alias))
        surveyed = contents.survey(alias, progress)
        files = list(_files(alias))
        written.add(archive.DATABASE, pieces())
        missing = [name for name in files if not _add_file(written, name, progress)]
        written.add_words(archive.CONTENTS, surveyed | {"missing": missing})
        written.end()
    # Without one nobody could tell later whether there was none, or it was lost.
    erasures.touch()
    size = path.stat().st_size
    places.note_backup(size)
    rows = sum(surveyed["rows"].values())
    return Made(path, size, rows, len(files) - len(missing), len(missing))


def _header(now: datetime, engine_name: str, alias: str) -> dict:
    return {
        "format": archive.FORMAT,
        "made_at": now.isoformat(),
        "engine": engine_name,
        "migrations": contents.applied(alias),
        "settings": settings.TOLD,
    }


def _files(alias: str) -> Iterator[str]:
    """The files that rows name. What no row names is refused, kept aside, or gone already."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                rows = model._base_manager.using(alias).exclude(**{field.name: ""})
                yield from rows.order_by().values_list(field.name, flat=True).iterator()


def _add_file(written: archive.Written, name: str, progress: archive.Progress) -> bool:
    try:
        with default_storage.open(name) as file:
            written.add_file(archive.MEDIA + name, file, file.size)
    except FileNotFoundError:
        return False
    progress("media", 0)
    return True
