"""Restoring a backup, or finding out whether it could be: the same, but for where it ends.

All is done beside: the database, the files, the migrations, the erasures since. Only then does it
take the place of what the site has, or is thrown away.
"""

from __future__ import annotations

import json
import os
import posixpath
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import DatabaseError
from django.utils import timezone

from statements import erasures as records
from statements.backup import archive, contents, places
from statements.backup.engines import engine
from statements.backup.places import Refused
from statements.uploads import are_in_a_bucket

ASIDE = ".restoring"
# A site that was moved is restored on the same day.
MOVING = timedelta(days=1)


class Doubtful(Refused):
    """It was read to its end, and something of it is not as it should be."""


@dataclass(frozen=True)
class Order:
    """What the operator wants."""

    path: Path
    identity: Path
    erasures: list[Path] = field(default_factory=list)
    # Nothing was erased since, and that is known.
    is_without_erasures: bool = False
    # The site was stopped before the backup: nothing happened since.
    is_moved: bool = False
    is_other_site: bool = False
    may_replace: bool = False
    is_verified_only: bool = False


@dataclass(frozen=True)
class Restored:
    made_at: str
    rows: int
    files: int
    missing: int
    settings: dict[str, str]
    # What was done in it; see inside.py.
    done: dict


def restore(order: Order, progress: archive.Progress) -> Restored:
    """Raises Refused, and then the site is as it was."""
    keys = archive.identities(order.identity)
    erasures = _erasures(order)
    database = engine()
    database.require_programs()
    if not order.is_verified_only:
        if not order.may_replace and not is_empty():
            raise Refused(
                "The site's database is not empty: --replace puts the backup in its place."
            )
        database.require_stopped()
    with places.working() as folder:
        media = folder / ASIDE
        if not (order.is_verified_only or are_in_a_bucket()):
            # On the disk that they are to stay on.
            media = Path(settings.MEDIA_ROOT) / ASIDE
        shutil.rmtree(media, ignore_errors=True)
        try:
            return _restore(order, keys, erasures, folder, media, progress)
        except (OSError, DatabaseError) as error:
            raise Refused(f"Nothing was restored: {error}") from None
        finally:
            shutil.rmtree(media, ignore_errors=True)


def is_empty() -> bool:
    return engine().is_empty()


def _erasures(order: Order) -> list[Path]:
    """The files that tell what was erased since. Raises Refused."""
    own = Path(settings.ERASURES_FILE)
    if order.is_without_erasures:
        return []
    found = order.erasures or [one for one in [own] if one.exists()]
    for path in found:
        if not path.is_file():
            raise Refused(f"{path} is no file that tells what was erased.")
    if order.erasures and own.exists() and not order.is_verified_only:
        _require_all_of(own, order.erasures)
    if not found and not order.is_moved and not order.is_verified_only:
        raise Refused(
            f"There is no {own}, which tells what was erased or withheld since the backup: it would"
            " come back. Give it with --erasures FILE; --moved says that the site was stopped"
            " before the backup; --without-erasures goes on without it."
        )
    return found


def _require_all_of(own: Path, given: list[Path]) -> None:
    """A copy from elsewhere may be older than the file of this machine. Raises Refused."""
    try:
        told = {key for path in given for key in records.read(path)[0]}
        lacking = records.read(own)[0].keys() - told
    except records.Unreadable as error:
        raise Refused(str(error)) from None
    if lacking:
        raise Refused(
            f"{own}, the file of this machine, tells {len(lacking)} erasures that those given do"
            " not: they would come back. Give it too, with another --erasures; or move it away,"
            " where it is of another site."
        )


def _restore(
    order: Order,
    keys: list,
    erasures: list[Path],
    folder: Path,
    media: Path,
    progress: archive.Progress,
) -> Restored:
    database, packed = engine(), folder / "database"
    said = archive.unpack(
        order.path,
        keys,
        archive.Place(packed, media),
        is_other_site=order.is_other_site,
        progress=progress,
    )
    header, told = said[archive.HEADER], said[archive.CONTENTS]
    _require_fitting(header, database.NAME)
    made_at = datetime.fromisoformat(header["made_at"])
    if order.is_moved and not erasures and timezone.now() - made_at > MOVING:
        raise Refused(
            f"The backup was made at {made_at:%Y-%m-%d %H:%M}: a site that is moved is restored at"
            " once. Give what was erased since with --erasures FILE."
        )
    media.mkdir(parents=True, exist_ok=True)
    with database.scratch(folder if order.is_verified_only else None) as url:
        progress("loading the database", 0)
        database.load(packed, url)
        packed.unlink()
        done = _inside(order, header, told, erasures, folder, media, url, progress)
        if done["lacks_erasures"] and not order.is_verified_only:
            raise Refused(f"Nothing was restored: {done['look'][0]}.")
        if not order.is_verified_only:
            _put_in_place(media, url)
            _write_settings(header["settings"])
    names = [name for name in said[archive.END]["parts"] if name.startswith(archive.MEDIA)]
    rows = sum(told["rows"].values())
    return Restored(
        header["made_at"], rows, len(names), len(told["missing"]), header["settings"], done
    )


def _require_fitting(header: dict, name: str) -> None:
    if header["engine"] != name:
        raise Refused(
            f"The backup is of {header['engine']}, and DATABASE_URL names {name}: a backup is"
            " restored into the database that it was made of."
        )
    if unknown := sorted(set(header["migrations"]) - contents.known()):
        raise Refused(
            f"The backup was made by a newer version of the site, with {unknown[-1]}: update the"
            " code first."
        )


def _inside(
    order: Order,
    header: dict,
    told: dict,
    erasures: list[Path],
    folder: Path,
    media: Path,
    url: str,
    progress: archive.Progress,
) -> dict:
    own = "" if order.is_verified_only else str(Path(settings.ERASURES_FILE).absolute())
    what = {
        "contents": told,
        "made_at": header["made_at"],
        "erasures": [str(path.absolute()) for path in erasures],
        "own": own,
        "is_moved": order.is_moved,
    }
    apart = {
        "DATABASE_URL": url,
        "MEDIA_ROOT": str(media),
        # The files that are restored are in that folder, wherever the site's own are.
        "S3_BUCKET": "",
        "DATA_ROOT": str(folder / "data"),
        "BACKUP_ROOT": str(folder / "inside"),
        "ERASURES_FILE": str(folder / "inside" / "erasures.jsonl"),
        "EMAIL_URL": "memory:",
        "HAS_WORKER": "1",
        "KEPT_MEGABYTES": "0",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "statements.backup.inside"],
        cwd=settings.BASE_DIR,
        env=os.environ | apart,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        process.stdin.write(json.dumps(what) + "\n")
        # It stays open: whoever reads it learns when we are gone.
        process.stdin.flush()
        said: dict = {}
        for line in process.stdout:
            said = json.loads(line)
            progress(said.get("step", ""), 0)
    if "refused" in said:
        raise Doubtful(said["refused"])
    if "done" not in said:
        raise Doubtful("The backup could not be brought up to date: see above.")
    return said["done"]


def _put_in_place(media: Path, url: str) -> None:
    """Files, database, and then what the new database does not name: whoever is stopped in between
    has a site with all its files, and at most some of which no row tells."""
    engine().require_stopped()
    kept = {one.relative_to(media) for one in media.rglob("*") if one.is_file()}
    if are_in_a_bucket():
        _put_in_bucket(media, kept)
    else:
        _put_in_folder(media, kept)
    engine().put_in_place(url)
    shutil.rmtree(media)
    if are_in_a_bucket():
        for name in _in_bucket():
            if Path(name) not in kept:
                default_storage.delete(name)
        return
    here = media.parent
    for one in here.rglob("*"):
        if one.is_file() and one.relative_to(here) not in kept:
            one.unlink()
    places.fsync_folder(here)


def _put_in_folder(media: Path, kept: set[Path]) -> None:
    for one in kept:
        (media.parent / one).parent.mkdir(exist_ok=True)
        (media / one).replace(media.parent / one)


def _put_in_bucket(media: Path, kept: set[Path]) -> None:
    for one in sorted(kept):
        # A name that is there would be given another one.
        default_storage.delete(one.as_posix())
        with (media / one).open("rb") as file:
            default_storage.save(one.as_posix(), File(file))


def _in_bucket(folder: str = "") -> Iterator[str]:
    folders, files = default_storage.listdir(folder)
    for name in files:
        yield posixpath.join(folder, name)
    for name in folders:
        yield from _in_bucket(posixpath.join(folder, name))


def _write_settings(told: dict[str, str]) -> None:
    """For whoever sets a new machine up: not taken over, since machines differ."""
    lines = [f"{name}={value}\n" for name, value in sorted(told.items())]
    (places.root() / "settings-of-backup.env").write_text("".join(lines))
