"""What the public register of corrections says, without names that must not be shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from statements.models import Correction, Text
from statements.naming import Concealed, conceal
from statements.prepared import Prepared

MOST_CORRECTIONS = 10


def corrections_of(text: Text, hidden: list[Concealed]) -> list[Correction]:
    """What was changed in a text since its first version, the newest first."""
    return noted(CORRECTIONS.records([text.pk]), hidden)


def _newest(texts: Collection[int]) -> QuerySet:
    found = Correction.objects.filter(version__text__in=texts).select_related("version")
    return found.newest_first()[:MOST_CORRECTIONS]


CORRECTIONS = Prepared(_newest, lists=1)


def noted(corrections: Iterable[Correction], hidden: list[Concealed]) -> list[Correction]:
    """Entries of the register, their notes without names that must not be shown."""
    entries = list(corrections)
    for entry in entries:
        entry.note = conceal(entry.note, hidden)
    return entries
