"""Making a dump: every noun as JSON Lines and as tables, a batch at a time.

    for step in build():
        ...

Nothing is held in memory but a batch. After each the state is written down, so that a making
which was cut off goes on where it was; what was written after that is cut away. When something had
to leave the dump meanwhile it begins anew.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import time
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.utils import timezone, translation
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from statements import spreadsheets
from statements.data import workflow
from statements.data.tables import Column, Table, tables_of
from statements.data.workflow import Busy, Dropped, File
from statements.records.nouns import NOUNS, Noun

BATCH = 100
STATE = "state.json"
DICTIONARY = "dictionary.csv"
# It is begun anew so often, and then left for later.
TRIES = 5
CHUNK = 1 << 20


@dataclass
class State:
    """How far a dump has come; its files are as long as they were after the last batch."""

    begun_in: int
    noun: int = 0
    reached: int = 0
    sizes: dict[str, int] = field(default_factory=dict)
    records: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """A batch: of which noun, and how many records of it are written by now."""

    noun: Noun
    records: int


def build(*, anew: bool = False) -> Iterator[Step]:
    """Make a dump and have it served; goes on where the last making was cut off, if not `anew`.

    Raises Busy, and Dropped where time and again something had to leave it.
    """
    with workflow.locked():
        if anew:
            workflow.erase(workflow.building())
        for left in reversed(range(TRIES)):
            try:
                yield from _build()
                return
            except Dropped:
                workflow.erase(workflow.building())
                if not left:
                    raise


def _build() -> Iterator[Step]:
    folder = workflow.building()
    state = _resumed(folder) or _begun(folder)
    while state.noun < len(NOUNS):
        noun = NOUNS[state.noun]
        with translation.override(settings.LANGUAGE_CODE):
            written = _write_batch(folder, state, noun)
        if workflow.generation() != state.begun_in:
            raise Dropped
        _keep(folder, state)
        if written:
            yield Step(noun, state.records[noun.name])
    with translation.override(settings.LANGUAGE_CODE):
        files = _finish(folder, state)
    _serve(folder, state, files)


# State


def _begun(folder: Path) -> State:
    workflow.erase(folder)
    folder.mkdir()
    state = State(begun_in=workflow.generation(), records={noun.name: 0 for noun in NOUNS})
    for noun in NOUNS:
        _append(folder, state, _lines_of(noun), gzip.compress(b"", mtime=0))
        for table in tables_of(noun).all():
            _append(folder, state, _csv(table.name), spreadsheets.table([table.head]))
    _keep(folder, state)
    return state


def _resumed(folder: Path) -> State | None:
    try:
        state = State(**json.loads((folder / STATE).read_text()))
        for name, size in state.sizes.items():
            os.truncate(folder / name, size)
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return state if state.begun_in == workflow.generation() else None


def _keep(folder: Path, state: State) -> None:
    """Whole or not at all: by another name first."""
    draft = folder / f"{STATE}.new"
    with draft.open("w") as file:
        json.dump(asdict(state), file)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / STATE)


def _append(folder: Path, state: State, name: str, content: bytes) -> None:
    with (folder / name).open("ab") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        state.sizes[name] = file.tell()


# A batch


def _write_batch(folder: Path, state: State, noun: Noun) -> int:
    """Write the next records of a noun, or go on to the next one."""
    rows = list(noun.rows().filter(pk__gt=state.reached).order_by("pk")[:BATCH])
    if not rows:
        state.noun, state.reached = state.noun + 1, 0
        return 0
    records = noun.gather(rows)
    lines = [f"{record.model_dump_json()}\n" for record in records]
    packed = gzip.compress("".join(lines).encode(), mtime=0)
    _append(folder, state, _lines_of(noun), packed)
    found = defaultdict(list)
    table = tables_of(noun)
    for record in records:
        for name, row in table.rows(record):
            found[name].append(row)
    for name, some in found.items():
        _append(folder, state, _csv(name), spreadsheets.further(some))
    state.records[noun.name] += len(records)
    state.reached = rows[-1].pk
    return len(records)


def _lines_of(noun: Noun) -> str:
    return f"{noun.name}.jsonl.gz"


def _csv(name: str) -> str:
    return f"{name}.csv"


def _zip_of(noun: Noun) -> str:
    return f"{noun.name}.csv.zip"


# The end


def _finish(folder: Path, state: State) -> list[File]:
    (folder / DICTIONARY).write_bytes(spreadsheets.table(_dictionary()))
    files = [_measured(folder, DICTIONARY, "", None)]
    for noun in NOUNS:
        _pack(folder, noun)
        for name in (_lines_of(noun), _zip_of(noun)):
            files.append(_measured(folder, name, noun.name, state.records[noun.name]))
    return files


def _pack(folder: Path, noun: Noun) -> None:
    """The tables of a noun in one file, the same for the same tables."""
    with ZipFile(folder / _zip_of(noun), "w", ZIP_DEFLATED) as package:
        for table in tables_of(noun).all():
            entry = zipfile.ZipInfo(_csv(table.name))
            entry.compress_type = ZIP_DEFLATED
            with (
                (folder / entry.filename).open("rb") as source,
                package.open(entry, "w", force_zip64=True) as target,
            ):
                while chunk := source.read(CHUNK):
                    target.write(chunk)


def _measured(folder: Path, name: str, noun: str, records: int | None) -> File:
    with (folder / name).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return File(name, noun, (folder / name).stat().st_size, digest, records)


def _dictionary() -> Iterator[list[object]]:
    """What each column and each field means."""
    yield ["file", "column", "type", "meaning", "codes"]
    for noun in NOUNS:
        for table in tables_of(noun).all():
            for column in (*table.keys, *table.columns):
                yield _explained(table, column)


def _explained(table: Table, column: Column) -> list[object]:
    codes = " ".join(column.codes)
    return [_csv(table.name), column.name, column.kind, column.description, codes]


def _serve(folder: Path, state: State, files: list[File]) -> None:
    """From its own folder, and without what only its making needed."""
    served = {file.name for file in files}
    for path in folder.iterdir():
        if path.name not in served:
            path.unlink()
    listed = json.dumps([asdict(file) for file in files])
    (folder / workflow.MANIFEST).write_text(listed)
    key = workflow.new_folder()
    folder.rename(workflow.folder_of(key))
    try:
        workflow.serve(key, begun_in=state.begun_in)
    except Dropped:
        workflow.erase(workflow.folder_of(key))
        raise
    workflow.erase_others(key)


# By itself


@task()
def make_dump() -> str:
    """By a worker; what happens to be made already is left to whoever does it."""
    try:
        for _step in build():
            pass
    except (Busy, Dropped) as left:
        return type(left).__name__
    return "made"


def make_due(*, seconds: float) -> str:
    """Make a dump where one is due: by a worker, else here for some seconds, and then on next time.

    What was done, in a word; empty where nothing was.
    """
    if not workflow.is_due(timezone.now()):
        return ""
    try:
        return _queue() if settings.HAS_WORKER else _go_on(time.monotonic() + seconds)
    except (Busy, Dropped):
        return ""


def _queue() -> str:
    """Once: not while one waits, nor while somebody makes it."""
    with workflow.locked():
        queued = DBTaskResult.objects.filter(task_path=make_dump.module_path)
        if queued.ready().exists():
            return ""
        # Nobody makes one, so whoever began was stopped.
        queued.running().delete()
    make_dump.enqueue()
    return "queued"


def _go_on(until: float) -> str:
    with closing(build()) as steps:
        for _step in steps:
            if time.monotonic() > until:
                return "begun"
    return "made"
