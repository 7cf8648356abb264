"""Whether anything that visitors may see has changed: noted in the transaction that changes it.

Every statement that writes to the database passes `_note_writes`, whoever sends it, so no workflow
has to think of it. All processes read the same two numbers, and need nothing else in common.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils import timezone

TABLE = "statements_contentchange"
WRITES = re.compile(
    r'\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)', re.IGNORECASE
)
SHOWN = ("statements_", "taggit_")
# Tables of which no page shows anything that may not be ten minutes old. All others count.
UNSEEN = {
    f"statements_{name}"
    for name in (
        *("contentchange", "actor", "audithead", "auditentry", "presence", "limit", "token"),
        *("submission", "submissionmessage", "earlierwords", "proposedwords", "digest"),
        *("submissionattachment", "unsentform", "suggestion", "followrequest", "follower"),
        *("following", "mailing", "erasure"),
        *(f"search{name}" for name in ("entry", "links", "words", "term", "rebuild")),
    )
}
# So many notes, older than that, are taken away at once: all that is kept is made anew then.
MANY, OLD = 1000, timedelta(hours=1)

Version = tuple[int, int]
_is_migrating = False
_told: list[Callable[[], None]] = []


def watch() -> None:
    """Note what is written from now on, on every connection. Called once, when Django starts."""
    connection_created.connect(_watch_connection, dispatch_uid="changes")
    pre_migrate.connect(_stop_noting, dispatch_uid="changes")
    post_migrate.connect(_note_migration, dispatch_uid="changes")


def tell(listener: Callable[[], None]) -> None:
    """Call this, in this process, after a transaction that changed something."""
    _told.append(listener)


def version() -> Version:
    """A greater one after every transaction that changed something. One query.

    Transactions end in another order than they began: so the notes are counted, too. The highest
    number never falls, and while it stays, notes are only added: so of two versions of one database
    the greater is the later one.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0), count(*) FROM {TABLE}")  # noqa: S608
        return cursor.fetchone()


def note() -> None:
    """Say that something has changed. For those who write past Django."""
    _note(connection)


@transaction.atomic
def forget_old() -> int:
    """Take notes away that are of no use any more, when they are many. Returns how many."""
    with connection.cursor() as cursor:
        before = timezone.now() - OLD
        cursor.execute(f"SELECT count(*) FROM {TABLE} WHERE at < %s", [before])  # noqa: S608
        (count,) = cursor.fetchone()
        if count < MANY:
            return 0
        cursor.execute(f"DELETE FROM {TABLE} WHERE at < %s", [before])  # noqa: S608
    note()
    return count


def _watch_connection(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    if _note_writes not in connection.execute_wrappers:
        connection.execute_wrappers.append(_note_writes)


def _note_writes(execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
    result = execute(sql, params, many, context)
    if (found := WRITES.match(sql)) and found[1].startswith(SHOWN) and found[1] not in UNSEEN:
        _note(context["connection"])
    return result


def _note(connection: BaseDatabaseWrapper) -> None:
    if _is_migrating or not settings.KEPT_MEGABYTES:
        return
    # Django takes what was to be done on commit away with a savepoint that is rolled back, as the
    # database takes the note away: so what is on this list is still noted.
    if any(_tell_here in one for one in connection.run_on_commit):
        return
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE} (at) VALUES (%s)", [timezone.now()])  # noqa: S608
    transaction.on_commit(_tell_here, using=connection.alias)


def _tell_here() -> None:
    for listener in _told:
        listener()


def _stop_noting(**kwargs: object) -> None:
    """The table may not be there yet."""
    global _is_migrating
    _is_migrating = True


def _note_migration(using: str, **kwargs: object) -> None:
    global _is_migrating
    _is_migrating = False
    if TABLE in connections[using].introspection.table_names():
        _note(connections[using])
