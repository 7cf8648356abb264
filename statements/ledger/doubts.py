"""What is said to whoever enters an update where a date that is not exact decides.

"Arrested, 2020" is taken to have come after "released, June 2020", because a date that is not exact
counts as its last day. That may be wrong, and the editor may know more than was entered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from statements.dates import DAY, PartialDate
from statements.ledger import workflow
from statements.models import Demand, DemandUpdate, Person, PersonUpdate
from statements.models.update import Update, weight


@dataclass(frozen=True)
class Doubt:
    """The update that would decide about a record, and the one that may have come after it."""

    record: Demand | Person
    decisive: Update
    other: Update


def doubts(
    records: Sequence[Demand] | Sequence[Person],
    *,
    state: str,
    happened: PartialDate,
    corrects: Update | None = None,
) -> list[Doubt]:
    """Where the rule for partial dates alone would decide, were this update entered."""
    is_of_demands = isinstance(records[0], Demand)
    model = DemandUpdate if is_of_demands else PersonUpdate
    known = workflow.updates_in_force(records)
    met_by = workflow.met_by(records) if is_of_demands else {}
    found = []
    for record in records:
        others = [one for one in known[record.pk] if one != corrects]
        # What persons say of a demand, as if it were an update of its own.
        if derived := workflow.state_by_persons(met_by.get(record.pk, ())):
            others.append(DemandUpdate(state=derived[0], happened=derived[1]))
        if doubt := _doubt(record, model(state=state, happened=happened), others):
            found.append(doubt)
    return found


def _doubt(record: Demand | Person, new: Update, others: Iterable[Update]) -> Doubt | None:
    """None where both were there before: what is entered now changes nothing about those."""
    states = type(record).State
    ranked = sorted([new, *others], key=lambda one: weight(one, states), reverse=True)
    decisive = ranked[0]
    for other in ranked[1:]:
        if new not in (decisive, other) or other.state == decisive.state:
            continue
        if _may_be_later(other.happened, decisive.happened):
            return Doubt(record, decisive, other)
    return None


def _may_be_later(one: PartialDate, other: PartialDate) -> bool:
    if one.precision == other.precision == DAY:
        return False
    return not one.latest or not other.earliest or one.latest > other.earliest
