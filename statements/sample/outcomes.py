"""What became of the demands and persons of one batch: updates, and the columns they lead to."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from statements.ledger import workflow as ledger
from statements.models import Demand, DemandUpdate, Person, PersonUpdate, Source
from statements.models.update import Update
from statements.sample import words
from statements.sample.records import dated, partial_date
from statements.sample.rows import Row

if TYPE_CHECKING:
    from statements.sample.drawing import Batch

# How often what is entered: most demands are never answered.
DEMANDS = {
    Demand.State.ACKNOWLEDGED: 5,
    Demand.State.NEGOTIATED: 3,
    Demand.State.PARTLY_MET: 3,
    Demand.State.MET: 2,
    Demand.State.REFUSED: 5,
    Demand.State.IGNORED: 4,
    Demand.State.OVERTAKEN: 1,
    Demand.State.WITHDRAWN: 1,
}
# One after the other, so far as chance goes.
PERSONS = (
    Person.State.DETAINED,
    Person.State.CHARGED,
    Person.State.SENTENCED,
    Person.State.RELEASED,
)


def tell(batch: Batch) -> None:
    """Give updates to a part of the demands and persons, and derive every state."""
    for person in batch.persons:
        _tell_of_person(batch, person)
    own: defaultdict[int, list[Row]] = defaultdict(list)
    for demand in batch.demands:
        if demand.raised_on and batch.random.random() < 0.3:
            own[demand.id] = _tell_of_demand(batch, demand)
    met_by: defaultdict[int, list[Row | None]] = defaultdict(list)
    for demand, person, row in batch.concerned:
        decisive = person.decisive if person.public_since else None
        met = decisive if ledger.meets(decisive, demand) else None
        row.met_by_id = met.id if met else None
        met_by[demand.id].append(met)
    for demand in batch.demands:
        _write(demand, ledger.state_of_demand(demand, own[demand.id], met_by[demand.id]))


def _tell_of_person(batch: Batch, person: Row) -> None:
    day = date(2020, 1, 1) + timedelta(batch.random.randrange(365))
    updates = []
    for state in PERSONS[: batch.random.randrange(len(PERSONS) + 1)]:
        day += timedelta(batch.random.randrange(20, 400))
        updates.append(_update(batch, PersonUpdate, state, day, person_id=person.id))
    derived, person.decisive = ledger.state_of_person(updates)
    _write(person, derived)


def _tell_of_demand(batch: Batch, demand: Row) -> list[Row]:
    day, updates = demand.raised_on, []
    for _number in range(batch.random.choice((1, 1, 2))):
        day += timedelta(batch.random.randrange(1, 300))
        state = batch.random.choices(list(DEMANDS), list(DEMANDS.values()))[0]
        updates.append(_update(batch, DemandUpdate, state, day, demand_id=demand.id))
    return updates


def _update(batch: Batch, model: type[Update], state: str, day: date, **about: int) -> Row:
    number = batch.random.randrange(1_000_000)
    source = batch.add(
        Source,
        publication=f"{words.LANGUAGES['en'].name(number)} Gazette",
        url=f"https://example.org/{batch.pool.seed}/outcomes/{number}",
        **dated("published", partial_date((day + timedelta(1)).isoformat())),
    )
    happened = partial_date(day.isoformat()[: batch.random.choice((10, 10, 10, 7))])
    return batch.add(
        model,
        state=state,
        source_id=source.id,
        entered_at=batch.now,
        **about,
        **dated("happened", happened),
    )


def _write(record: Row, derived: ledger.Derived) -> None:
    vars(record).update(
        dated("as_of", derived.as_of), state=derived.state, changed_on=derived.changed_on
    )
