"""How long somebody was held, counted from the dates of what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from statements.dates import PartialDate
from statements.models.person import Person
from statements.models.update import PersonUpdate, weight

State = Person.State
# What begins custody and what ends it. A charge, a trial or a sentence says nothing of where
# somebody is; after a disappearance, or where nothing is known, nobody can count.
TAKEN = (State.ARRESTED, State.DETAINED, State.HOUSE_ARREST)
FREE = (State.RELEASED, State.EXILED, State.EXCHANGED, State.DIED)
LOST = (State.DISAPPEARED, State.UNKNOWN)


@dataclass(frozen=True)
class Custody:
    """From when to when somebody was held. Without an end they are held still, as far as known."""

    start: PartialDate
    end: PartialDate | None
    # The last entry that says so: an archive that nobody keeps up says less every day.
    as_of: PartialDate

    def days(self, today: date) -> tuple[int | None, int | None]:
        """The least and the most days that the dates allow; either may be open."""
        first, last = self.start.latest, self.start.earliest
        end = self.end or PartialDate.of(today)
        least = max((end.earliest - first).days, 0) if first and end.earliest else None
        most = max((end.latest - last).days, 0) if last and end.latest else None
        return least, most


def custody(updates: Iterable[PersonUpdate]) -> list[Custody]:
    """The times in custody that the updates in force tell, the newest first."""
    found: list[Custody] = []
    start = told = None
    for update in sorted(updates, key=lambda one: (weight(one, State), one.pk)):
        if update.state in TAKEN and not start:
            start = update.happened
        elif update.state in FREE and start:
            found.append(Custody(start, update.happened, update.happened))
            start = None
        elif update.state in LOST:
            start = None
        told = update.happened
    if start and told:
        found.append(Custody(start, None, told))
    return found[::-1]
