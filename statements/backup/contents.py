"""How many rows each table has, and a digest of what stands in them, the same on both databases.

Rows are read by the models as they were at the migrations that the database has, so that a backup
can be compared before it is migrated. The digests of rows are added up: their order does not
matter, and no database has to sort.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.apps.registry import Apps
from django.db import connections, models
from django.db.migrations.loader import MigrationLoader

# Of these tables the rows are not taken along: counts of attempts, sessions, what is typed and not
# sent yet, and who looks at what at this moment.
LEFT_OUT = (
    *("django_session", "statements_limit", "statements_presence", "statements_unsentform"),
)
# They can be written anew, and each database has columns of its own for them.
INDEX = tuple(f"statements_search{name}" for name in ("entry", "links", "term", "rebuild"))
WHOLE = 2**256


def applied(alias: str) -> list[str]:
    """The migrations that a database has, as "app.name"."""
    found = MigrationLoader(connections[alias]).applied_migrations
    return sorted(f"{app}.{name}" for app, name in found)


def known() -> set[str]:
    """The migrations that this code has, those among them that others replace."""
    loader = MigrationLoader(None)
    found = set(loader.disk_migrations)
    for one in loader.disk_migrations.values():
        found |= set(one.replaces)
    return {f"{app}.{name}" for app, name in found}


def survey(alias: str, progress: Callable[[str, int], None]) -> dict:
    """{"rows": {table: how many}, "digests": {table: of its rows}, "sha256": of all of them}."""
    rows, digests, total = {}, {}, hashlib.sha256()
    for model in sorted(_models(alias), key=lambda model: model._meta.db_table):
        table = model._meta.db_table
        if table in LEFT_OUT:
            continue
        count, added = _read(model, alias, is_hashed=table not in INDEX)
        rows[table] = count
        if table not in INDEX:
            digests[table] = f"{added:064x}"
            total.update(f"{table} {count} {added:064x}\n".encode())
        progress(table, count)
    return {"rows": rows, "digests": digests, "sha256": total.hexdigest()}


def _models(alias: str) -> list[type[models.Model]]:
    loader = MigrationLoader(connections[alias])
    nodes = [one for one in loader.applied_migrations if one in loader.graph.nodes]
    apps: Apps = loader.project_state(nodes).apps
    found = apps.get_models(include_auto_created=True)
    return [one for one in found if one._meta.managed and not one._meta.proxy]


def _read(model: type[models.Model], alias: str, *, is_hashed: bool) -> tuple[int, int]:
    manager = model._base_manager.using(alias).order_by()
    if not is_hashed:
        return manager.count(), 0
    names = sorted(field.attname for field in model._meta.concrete_fields)
    count = added = 0
    for row in manager.values_list(*names).iterator(chunk_size=500):
        words = json.dumps(row, ensure_ascii=False, default=_word, sort_keys=True)
        digest = hashlib.sha256(words.encode(errors="surrogatepass")).digest()
        added = (added + int.from_bytes(digest, "big")) % WHOLE
        count += 1
    return count, added


def _word(value: object) -> str:
    """What JSON has no word for, the same whichever database it came from."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date | UUID | timedelta):
        return str(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    raise TypeError(type(value).__name__)
