"""Writing the audit log, and finding out whether it is whole (R-OP1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, models, transaction
from django.utils import timezone

from statements.models import Actor, AuditEntry, AuditHead, Decision

# For so long an account acts under one number.
MONTH = timedelta(days=30)


@transaction.atomic
def record(
    act: str,
    what: models.Model | None = None,
    *,
    by: AbstractBaseUser | None = None,
    before: str = "",
    after: str = "",
    code: str = "",
) -> AuditEntry:
    """Add an entry to the log, in the transaction of the act itself.

    Writers wait for each other until that transaction ends, so call it last: whoever holds the
    log's end and then waits for a record could be waited for.
    """
    actor = _actor(by) if by and by.pk else None
    if connection.vendor == "postgresql":
        # New rows wait for the records that they point at, and would do so when the transaction
        # ends. They wait now, while nobody waits for us.
        connection.check_constraints()
    heads = AuditHead.objects.select_for_update()
    if not (head := heads.filter(pk=1).first()):
        AuditHead.objects.get_or_create(pk=1)
        head = heads.get(pk=1)
    entry = AuditEntry(
        number=head.number + 1,
        at=timezone.now(),
        actor=actor,
        act=act,
        noun=what._meta.model_name if what else "",
        object_id=what.pk if what else None,
        before=before,
        after=after,
        code=code,
    )
    entry.hash = entry.chained(head.hash)
    entry.save(force_insert=True)
    AuditHead.objects.filter(pk=1).update(number=entry.number, hash=entry.hash)
    return entry


def _actor(account: AbstractBaseUser) -> Actor:
    """The number under which an account acts now. Two at once may begin two: both are its own."""
    of_this_month = Actor.objects.filter(user=account, since__gt=timezone.now() - MONTH)
    return of_this_month.order_by("pk").first() or Actor.objects.create(user=account)


@transaction.atomic
def forget_actors(before: datetime) -> int:
    """Erase whose the numbers are that were begun before; the entries and their chain stay."""
    due = list(
        Actor.objects.select_for_update()
        .filter(since__lt=before, user__isnull=False)
        .values_list("pk", flat=True)
    )
    Decision.objects.filter(entry__actor__in=due).update(by=None)
    return Actor.objects.filter(pk__in=due).update(user=None)


@transaction.atomic
def decide(
    act: str,
    what: models.Model,
    *,
    by: AbstractBaseUser | None,
    before: str = "",
    after: str = "",
    code: str = "",
    note: str = "",
) -> Decision:
    """Record that somebody moved a record from one state to another, with a note for colleagues."""
    entry = record(act, what, by=by, before=before, after=after, code=code)
    return Decision.objects.create(entry=entry, by=by, note=note, **{what._meta.model_name: what})


@dataclass(frozen=True)
class Verdict:
    """Whether the log is whole. `broken` is the first number that is not as it was written."""

    count: int
    head: str
    broken: int | None = None
    reason: str = ""


def verify(known: str = "", progress: Callable[[int], None] = lambda number: None) -> Verdict:
    """Follow the chain from its beginning.

    `known` is a head, "number:hash", that was written down elsewhere: whoever can rewrite the
    whole log cannot rewrite that.
    """
    wanted_number, _colon, wanted_hash = known.partition(":")
    previous, number = "", 0
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=2000):
        if entry.number != number + 1:
            return Verdict(number, f"{number}:{previous}", number + 1, "missing")
        if entry.hash != entry.chained(previous):
            return Verdict(number, f"{number}:{previous}", entry.number, "changed")
        number, previous = entry.number, entry.hash
        if str(number) == wanted_number and previous != wanted_hash:
            return Verdict(number, f"{number}:{previous}", number, "rewritten")
        progress(number)
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    written = max(head.number, int(wanted_number or 0))
    if written > number:
        return Verdict(number, f"{number}:{previous}", number + 1, "missing")
    if head.hash != previous:
        return Verdict(number, f"{number}:{previous}", number, "rewritten")
    return Verdict(number, f"{number}:{previous}")
