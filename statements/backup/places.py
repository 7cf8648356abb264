"""Where backups are made: for one user alone, and with nothing left behind by who is killed."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils import timezone

# In the folder of the backup: what is not whole yet.
PART = (".statements-", ".part")
WORK, LAST, RECIPIENTS, LOCK = "work-", "last.json", "recipients", "lock"


class Refused(Exception):
    """It cannot be done; the words say why, and what to do."""


def root() -> Path:
    place = Path(settings.BACKUP_ROOT)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


@contextmanager
def working() -> Iterator[Path]:
    """A folder of its own, for one at a time. What others left who were killed is erased."""
    with (root() / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("A backup is being made or restored at this moment.") from None
        for left in root().glob(f"{WORK}*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=WORK, dir=root()))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def part_file(path: Path) -> Iterator[BinaryIO]:
    """A file that is written aside, and has its name once it is whole. Raises Refused."""
    if path.exists():
        raise Refused(f"{path} is there already: no backup is written over.")
    aside = path.parent / secrets.token_hex(8).join(PART)
    try:
        _clear_parts(path.parent)
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Refused(f"{path.parent} cannot be written to: {error.strerror}") from None
    try:
        with os.fdopen(handle, "wb", 1024 * 1024) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
            fsync(file)
        aside.rename(path)
    except OSError as error:
        raise Refused(f"{path.parent}: the backup could not be written: {error}") from None
    finally:
        aside.unlink(missing_ok=True)
    fsync_folder(path.parent)


def _clear_parts(folder: Path) -> None:
    """What others began to write in a folder and never will: nobody holds it."""
    for left in folder.glob("*".join(PART)):
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()


def fsync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def recipients() -> list[str]:
    """The public keys that backups are sealed to: those of the setting, else those of a file."""
    if settings.BACKUP_RECIPIENTS:
        return settings.BACKUP_RECIPIENTS
    with suppress(FileNotFoundError):
        return (Path(settings.BACKUP_ROOT) / RECIPIENTS).read_text().split()
    return []


def note_backup(size: int) -> None:
    """Write down when the last one was made, for `doctor`."""
    said = json.dumps({"at": timezone.now().isoformat(), "size": size})
    aside = root() / f"{LAST}.new"
    aside.write_text(said)
    aside.replace(root() / LAST)


def last_backup() -> datetime | None:
    """When the last whole one was made here."""
    try:
        said = json.loads((Path(settings.BACKUP_ROOT) / LAST).read_text())
        return datetime.fromisoformat(said["at"]).astimezone(UTC)
    except (OSError, ValueError, KeyError):
        return None
