"""Taking a published statement back, and putting it back: in public, with a reason."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from statements import erasures
from statements.auditing import workflow as auditing
from statements.data import workflow as dumps
from statements.models import Correction, Statement, Text
from statements.plain import collapse
from statements.publishing import links, workflow
from statements.publishing.states import STANDINGS, HourPassed, IllegalMove
from statements.safety import workflow as safety

Standing = Statement.Standing
# What the register calls each; archiving takes nothing back, so it is no entry.
ENTRIES = {
    Standing.WITHDRAWN: Correction.Kind.WITHDRAWAL,
    Standing.RETRACTED: Correction.Kind.RETRACTION,
    Standing.TAKEN_DOWN: Correction.Kind.TAKE_DOWN,
    Standing.CURRENT: Correction.Kind.UPDATE,
}

NOTHING_SCHEDULED = {
    "next_standing": "",
    "next_standing_at": None,
    "next_reason": "",
    "next_note": "",
    "next_refusal": "",
}


class ReasonMissing(Exception):
    """The public is told why: a note, or for what is taken down a reason."""


@transaction.atomic
def change_standing(
    statement: Statement,
    to: str,
    *,
    by: AbstractBaseUser | None = None,
    note: str = "",
    language: str = "en",
    reason: str = "",
) -> None:
    """Move a published statement to another standing, and tell the public why.

    Raises IllegalMove, and ReasonMissing: a take-down has a reason, since a note may say too
    much; what is withdrawn, retracted or put back has a note. Archiving needs neither. And
    safety.NotPassed, where it would be read again and nobody has asked about those at risk.
    """
    locked = Statement.objects.select_for_update().get(pk=statement.pk)
    before, note = locked.standing, collapse(note)
    if not locked.is_public or to not in STANDINGS[before]:
        raise IllegalMove
    if to in Statement.READABLE and before not in Statement.READABLE:
        safety.require_passed(locked)
    kind = _entry(before, to)
    _require_words(kind, to, note=note, reason=reason)
    # What was scheduled was meant for the standing before.
    Statement.objects.filter(pk=locked.pk).update(standing=to, **NOTHING_SCHEDULED)
    statement.standing = to
    Text.objects.published().filter(statement=locked).update(changed_at=timezone.now())
    if to not in Statement.READABLE:
        take_back_approvals(locked)
    if kind:
        Correction.objects.create(
            statement=locked, kind=kind, note=note, language=language, reason=reason
        )
    # Since when a demand is raised depends on the statements that may be read.
    links.links_changed(locked)
    if to not in Statement.READABLE:
        dumps.drop()
    erasures.note(erasures.Kind.STANDING, locked, value=f"{to} {reason}".strip())
    auditing.decide("change-standing", locked, by=by, before=before, after=to, code=reason)


def take_back_approvals(statement: Statement) -> None:
    """What was approved or scheduled for a statement that was read is a draft again."""
    texts = Text.objects.filter(statement=statement, state__in=Text.SETTLED)
    pks = list(texts.select_for_update().order_by("pk").values_list("pk", flat=True))
    Text.objects.filter(pk__in=pks).update(**workflow.without_approval(Text.State.DRAFT))


@transaction.atomic
def schedule_standing(
    statement: Statement,
    to: str,
    *,
    at: datetime,
    now: datetime,
    by: AbstractBaseUser | None = None,
    reason: str = "",
    note: str = "",
    language: str = "en",
) -> None:
    """Have the standing of a published statement changed at a moment, and the public told then.

    What would be refused then is refused now: raises what `change_standing` raises, and
    HourPassed. A change of the standing before that moment takes the schedule away.
    """
    locked = Statement.objects.select_for_update().get(pk=statement.pk)
    before, note = locked.standing, collapse(note)
    if not locked.is_public or to not in STANDINGS[before]:
        raise IllegalMove
    if to in Statement.READABLE and before not in Statement.READABLE:
        safety.require_passed(locked, on=timezone.localdate(at))
    _require_words(_entry(before, to), to, note=note, reason=reason)
    if at <= now:
        raise HourPassed
    _schedule(
        locked,
        **NOTHING_SCHEDULED
        | {
            "next_standing": to,
            "next_standing_at": at,
            "next_reason": reason,
            "next_note": note,
            "next_note_language": language,
        },
    )
    auditing.decide(
        "schedule-standing", locked, by=by, before=locked.standing, after=to, code=reason
    )


@transaction.atomic
def unschedule_standing(statement: Statement, *, by: AbstractBaseUser | None = None) -> None:
    """Leave the standing as it is. Raises IllegalMove where nothing is scheduled."""
    locked = Statement.objects.select_for_update().get(pk=statement.pk)
    if not locked.next_standing:
        raise IllegalMove
    _schedule(locked, **NOTHING_SCHEDULED)
    auditing.decide(
        "unschedule-standing", locked, by=by, before=locked.next_standing, after=locked.standing
    )


def _schedule(statement: Statement, **columns: object) -> None:
    Statement.objects.filter(pk=statement.pk).update(**columns)


def _require_words(kind: str, to: str, *, note: str, reason: str) -> None:
    if kind and not (reason if to == Standing.TAKEN_DOWN else note):
        raise ReasonMissing


def _entry(before: str, to: str) -> str:
    """The kind of entry in the register that a move makes; empty where it takes nothing back."""
    if to == Standing.ARCHIVED or (before, to) == (Standing.ARCHIVED, Standing.CURRENT):
        return ""
    return ENTRIES[to]
