"""What the public register of corrections says, without names that must not be shown."""

from __future__ import annotations

from collections.abc import Iterable

from statements.models import Correction, Text
from statements.naming import Concealed, conceal

MOST_CORRECTIONS = 10


def corrections_of(text: Text, hidden: list[Concealed]) -> list[Correction]:
    """What was changed in a text since its first version, the newest first."""
    found = Correction.objects.filter(version__text=text).select_related("version")
    return noted(found.newest_first()[:MOST_CORRECTIONS], hidden)


def noted(corrections: Iterable[Correction], hidden: list[Concealed]) -> list[Correction]:
    """Entries of the register, their notes without names that must not be shown."""
    entries = list(corrections)
    for entry in entries:
        entry.note = conceal(entry.note, hidden)
    return entries
