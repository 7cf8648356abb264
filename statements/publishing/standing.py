"""Taking a published statement back, and putting it back: in public, with a reason."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from statements.auditing import workflow as auditing
from statements.models import Correction, Statement
from statements.plain import collapse
from statements.publishing import links
from statements.publishing.states import STANDINGS, IllegalMove
from statements.safety import workflow as safety

Standing = Statement.Standing
# What the register calls each; archiving takes nothing back, so it is no entry.
ENTRIES = {
    Standing.WITHDRAWN: Correction.Kind.WITHDRAWAL,
    Standing.RETRACTED: Correction.Kind.RETRACTION,
    Standing.TAKEN_DOWN: Correction.Kind.TAKE_DOWN,
    Standing.CURRENT: Correction.Kind.UPDATE,
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
    if kind and not (reason if to == Standing.TAKEN_DOWN else note):
        raise ReasonMissing
    Statement.objects.filter(pk=locked.pk).update(standing=to)
    statement.standing = to
    if kind:
        Correction.objects.create(
            statement=locked, kind=kind, note=note, language=language, reason=reason
        )
    # Since when a demand is raised depends on the statements that may be read.
    links.links_changed(locked)
    auditing.decide("change-standing", locked, by=by, before=before, after=to, code=reason)


def _entry(before: str, to: str) -> str:
    """The kind of entry in the register that a move makes; empty where it takes nothing back."""
    if to == Standing.ARCHIVED or (before, to) == (Standing.ARCHIVED, Standing.CURRENT):
        return ""
    return ENTRIES[to]
