"""Files that came with a form that was refused: kept aside until the form is sent again.

They are what would have been stored (statements/uploads.py), in a folder from which nothing is
served. The form carries a signed token for each, good for a day and for one account.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from statements.uploads import Taken

FOLDER = "aside"
SALT = "statements.aside"
LONGEST = timedelta(days=1)


@dataclass(frozen=True)
class Aside:
    """A file that was kept: what it was called by whoever chose it, and where it stands."""

    label: str
    path: str
    taken: Taken


def put(taken: Taken, label: str, *, owner: int) -> str:
    """Keep the file, and give the token that it is asked back with."""
    forget_old()
    path = default_storage.save(f"{FOLDER}/{taken.file.name}", taken.file)
    kept = {
        "owner": owner,
        "label": label[:200],
        "path": path,
        "type": taken.type,
        "width": taken.width,
        "height": taken.height,
    }
    return signing.dumps(kept, salt=SALT)


def find(token: str | None, *, owner: int) -> Aside | None:
    """The file of a token, while both are valid."""
    try:
        kept = signing.loads(token or "", salt=SALT, max_age=LONGEST)
    except signing.BadSignature:
        return None
    if kept["owner"] != owner or not default_storage.exists(kept["path"]):
        return None
    with default_storage.open(kept["path"]) as opened:
        file = ContentFile(opened.read(), name=PurePosixPath(kept["path"]).name)
    taken = Taken(file, kept["type"], kept["width"], kept["height"])
    return Aside(kept["label"], kept["path"], taken)


def forget_old() -> None:
    """Delete what nobody has asked back for a day."""
    oldest = timezone.now() - LONGEST
    with suppress(FileNotFoundError):
        for name in default_storage.listdir(FOLDER)[1]:
            path = f"{FOLDER}/{name}"
            if default_storage.get_modified_time(path) < oldest:
                default_storage.delete(path)
