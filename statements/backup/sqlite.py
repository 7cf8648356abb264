"""SQLite: copied by its own means while others write to it, and put in place by a rename."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection, connections

from statements.backup.contents import LEFT_OUT
from statements.backup.places import Refused, fsync, fsync_folder

NAME = "sqlite"
# So many pages are copied between two words of how far it is.
PAGES, PIECE = 4096, 1024 * 1024
COPY = "backup-copy"
ASIDE = ".restoring"
Progress = Callable[[str, int], None]


def require_programs() -> None:
    """It needs none."""


def _site() -> Path:
    return Path(connection.settings_dict["NAME"])


@contextmanager
def snapshot(
    folder: Path, progress: Progress
) -> Iterator[tuple[str, Callable[[], Iterator[bytes]]]]:
    """A copy of one moment in a folder, under an alias of its own."""
    copy = folder / "copy.sqlite3"
    _copy(copy, progress)
    connections.databases[COPY] = connection.settings_dict | {"NAME": str(copy), "OPTIONS": {}}
    try:
        yield COPY, lambda: _packed(copy)
    finally:
        connections[COPY].close()
        del connections[COPY]
        del connections.databases[COPY]
        copy.unlink(missing_ok=True)


def _copy(copy: Path, progress: Progress) -> None:
    if not _site().exists():
        raise Refused(f"There is no database {_site()}.")
    copy.touch(mode=0o600)
    try:
        _copy_to(copy, progress)
    except sqlite3.OperationalError as error:
        raise Refused(f"The database could not be copied to {copy.parent}: {error}") from None


def _copy_to(copy: Path, progress: Progress) -> None:
    with (
        closing(sqlite3.connect(_site(), timeout=20, isolation_level=None)) as source,
        closing(sqlite3.connect(copy, isolation_level=None)) as target,
    ):
        # While we read, the moment stays: without it each writer would have us begin anew.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(
            target,
            pages=PAGES,
            progress=lambda status, left, total: progress("copy", (total - left) * 4096),
        )
        source.execute("COMMIT")
        target.execute("PRAGMA journal_mode=DELETE")
        target.execute("PRAGMA secure_delete=ON")
        for table in LEFT_OUT:
            target.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own


def _packed(copy: Path) -> Iterator[bytes]:
    packer = zlib.compressobj(3)
    connections[COPY].close()
    with copy.open("rb") as file:
        while piece := file.read(PIECE):
            if packed := packer.compress(piece):
                yield packed
    yield packer.flush()


# Restoring


def is_empty() -> bool:
    return not _site().exists() or not _site().stat().st_size or not has_content(connection)


def has_content(connection: object) -> bool:
    """Whether anybody has written anything: an account, a record, an act."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for name in ("auth_user", "statements_statement", "statements_auditentry"):
            if name in tables:
                cursor.execute(f"SELECT 1 FROM {name} LIMIT 1")  # noqa: S608 - names of our own
                if cursor.fetchone():
                    return True
    return False


@contextmanager
def scratch(folder: Path | None) -> Iterator[str]:
    """The address of an empty database: in a folder that is thrown away, or beside the site's."""
    path = folder / "scratch.sqlite3" if folder else _site().with_name(_site().name + ASIDE)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _erase(path)
    try:
        yield f"sqlite:///{path.absolute()}"
    finally:
        _erase(path)


def _erase(path: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def load(file: Path, url: str) -> None:
    path = Path(url.removeprefix("sqlite:///"))
    unpacker = zlib.decompressobj()
    path.touch(mode=0o600)
    with file.open("rb") as packed, path.open("wb") as out:
        while piece := packed.read(PIECE):
            out.write(unpacker.decompress(piece))
        out.write(unpacker.flush())
        fsync(out)


def require_stopped() -> None:
    """Raises Refused where somebody has the site's database open."""
    if not _site().exists():
        return
    connection.close()
    with closing(sqlite3.connect(_site(), timeout=1, isolation_level=None)) as site:
        try:
            # It needs the database for itself; and what stood beside it is in it from then on.
            mode = site.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
        except sqlite3.OperationalError:
            mode = ""
    if mode != "delete":
        raise Refused("The site is running: stop it, with its workers and run_due, and try again.")


def put_in_place(url: str) -> None:
    path = Path(url.removeprefix("sqlite:///"))
    require_stopped()
    with closing(sqlite3.connect(path, timeout=20, isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode=DELETE")
    with path.open("rb+") as file:
        fsync(file)
    path.replace(_site())
    fsync_folder(_site().parent)
