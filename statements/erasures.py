"""What no restored backup may bring back: noted in the transaction of the act, and kept in a file.

    erasures.note(Kind.STANDING, statement, value="withdrawn")

A database that is restored knows nothing of what happened after its backup. So each act that
erases or withholds is noted here: what kind of record, which number, which act, and no word of
anybody. The note goes into the file ERASURES_FILE after the commit, and what could not be written
then with the next `manage.py run_due`. `manage.py restore` reads the file and does it all again.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from statements import naming, sealing
from statements.folding import UNSPACED
from statements.models import DemandPerson, Erasure, Naming, Person, Statement

Kind = Erasure.Kind
# What a spelling is made of: words, or letters where words have no spaces between them. Of one that
# has more of them no digest is looked for.
WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")
EDGES = re.compile(r"^\W+|\W+$")
MOST_PARTS, TOO_LONG = 14, "too long"
# As many as are written at once.
MANY = 1000
_is_silent: ContextVar[bool] = ContextVar("erasures_are_silent", default=False)


class Unreadable(Exception):
    """A line of the file is none of ours."""


def note(kind: str, what: models.Model, *, value: str = "") -> None:
    note_all(kind, what._meta.model, [what.pk], value=value)


def note_all(
    kind: str, model: type[models.Model], keys: Iterable[int | None], *, value: str = ""
) -> None:
    """The same of several records, of which some may be gone already."""
    _note_each(kind, model, dict.fromkeys(keys, value))


def _note_each(kind: str, model: type[models.Model], values: Mapping[int | None, str]) -> None:
    """Of several records, each with its value."""
    if _is_silent.get():
        return
    noun = model._meta.model_name
    rows = [
        Erasure(kind=kind, noun=noun, object_id=key, value=value) for key, value in values.items()
    ]
    if rows:
        Erasure.objects.bulk_create(rows, batch_size=MANY)
        transaction.on_commit(write, robust=True)


def note_file(name: str) -> None:
    """The random name of a file that is gone."""
    if not _is_silent.get():
        Erasure.objects.create(kind=Kind.FILE, noun="attachment", value=name)
        transaction.on_commit(write, robust=True)


def note_concealed_in(statements: Iterable[Statement] | models.QuerySet[Statement]) -> None:
    """Which spellings of persons not shown in full statements conceal: as digests."""
    found: defaultdict[int, defaultdict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    concealed = Person.objects.concealed()
    asked = DemandPerson.objects.filter(demand__made__statement__in=statements)
    asked = asked.filter(person__in=concealed).order_by()
    for statement, person in asked.values_list("demand__made__statement", "person"):
        found[statement][person] = []
    rows = Naming.objects.filter(text__statement__in=statements, person__in=concealed)
    named = rows.order_by("pk").values_list("text__statement", "person", "spelling")
    for statement, person, spelling in named:
        found[statement][person].append(digest(spelling))
    told = {statement: json.dumps(persons) for statement, persons in found.items()}
    _note_each(Kind.CONCEALED, Statement, told)


def note_concealed_about(demand: models.Model, persons: Iterable[Person]) -> None:
    """Whom a demand is about, of those who are not shown in full."""
    note(Kind.CONCEALED, demand, value=json.dumps({person.pk: [] for person in persons}))


def note_spellings_of(person: Person) -> None:
    """All names of somebody who is not shown in full."""
    names = [person.name, *person.names.order_by("pk").values_list("name", flat=True)]
    note(Kind.CONCEALED, person, value=json.dumps({person.pk: [digest(name) for name in names]}))


def digest(spelling: str) -> str:
    """It tells a spelling again to whoever has the text and the key, and nothing to others."""
    bare = EDGES.sub("", naming.folded(spelling)[0])
    return digest_of_bare(bare) if len(WORD.findall(bare)) <= MOST_PARTS else TOO_LONG


def digest_of_bare(spelling: str) -> str:
    """Of a folded spelling that begins and ends with a letter."""
    return sealing.digest(spelling, "erased name")[:32]


@contextmanager
def silent() -> Iterator[None]:
    """While what was noted is done again, nothing is noted."""
    before = _is_silent.set(True)
    try:
        yield
    finally:
        _is_silent.reset(before)


# The file


def write() -> int:
    """Put what is not in the file yet into it; how many. Two at once may both write one: it is
    read once."""
    written = 0
    while rows := list(Erasure.objects.filter(written_at__isnull=True).order_by("at")[:MANY]):
        _append("".join(line(row) for row in rows))
        keys = [row.pk for row in rows]
        written += Erasure.objects.filter(pk__in=keys).update(written_at=timezone.now())
    return written


def touch() -> None:
    """The file is there, if it tells nothing yet."""
    _append("")


def line(row: Erasure) -> str:
    said = {
        "id": str(row.pk),
        "at": row.at.isoformat(),
        "kind": row.kind,
        "noun": row.noun,
        "object": row.object_id,
        "value": row.value,
    }
    return json.dumps(said) + "\n"


def _append(lines: str) -> None:
    """On the disk before it is called written. After a line that was cut off a new one begins."""
    path = Path(settings.ERASURES_FILE)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "rb+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if lines and file.seek(0, os.SEEK_END):
            file.seek(-1, os.SEEK_END)
            lines = lines if file.read(1) == b"\n" else f"\n{lines}"
        file.write(lines.encode())
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> tuple[dict[UUID, Erasure], int]:
    """All that a file tells, in its order, and how many lines are cut off or damaged. One that a
    crash cut off was written again after it. Raises OSError, and Unreadable."""
    found, cut_off = {}, 0
    for number, words in enumerate(path.read_text(errors="replace").splitlines(), 1):
        try:
            said = json.loads(words)
        except ValueError:
            cut_off += bool(words.strip())
            continue
        try:
            found[UUID(said["id"])] = Erasure(
                id=UUID(said["id"]),
                at=datetime.fromisoformat(said["at"]),
                kind=Kind(said["kind"]),
                noun=str(said["noun"]),
                object_id=said["object"],
                value=str(said["value"]),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Unreadable(f"{path}, line {number}: {error!r}") from error
    return found, cut_off


def waiting() -> int:
    """How many are in the database alone."""
    return Erasure.objects.filter(written_at__isnull=True).count()
