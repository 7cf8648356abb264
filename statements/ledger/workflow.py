"""What became of demands and persons: updates entered, corrected, and what follows from them.

Nothing else writes the derived columns (`state`, `as_of`, `changed_on`, `DemandPerson.met_by`).
They follow from the rows alone, so the order in which updates are entered changes nothing, and
`verify_ledger` can compare them at any time.

Locks are taken as in statements/publishing/links.py: demands, then persons, each by their keys,
and the end of the audit log last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction

from statements.auditing import workflow as auditing
from statements.dates import PartialDate
from statements.models import (
    Demand,
    DemandPerson,
    DemandUpdate,
    Person,
    PersonUpdate,
    Source,
)
from statements.models.update import Update, latest, meets, weight

CHUNK = 500
DERIVED = ["state", "as_of_earliest", "as_of_latest", "as_of_precision", "changed_on"]


class Gone(Exception):
    """A record was merged into another one, or deleted, before the update was entered."""


class AlreadyCorrected(Exception):
    """Another entry corrects this one already: correct that one."""


@dataclass(frozen=True)
class Derived:
    """What a record's updates say of it."""

    state: str
    as_of: PartialDate | None
    changed_on: date | None


# Deriving: from rows, asking nothing


def state_of_person(updates: Iterable[PersonUpdate]) -> tuple[Derived, PersonUpdate | None]:
    """The state that the updates in force give, and the one that decides."""
    decisive = latest(updates, Person.State)
    if not decisive:
        return Derived(Person.State.UNKNOWN, None, None), None
    happened = decisive.happened
    return Derived(decisive.state, happened, happened.sort_day), decisive


def state_of_demand(
    demand: Demand, updates: Iterable[DemandUpdate], met_by: Collection[PersonUpdate | None]
) -> Derived:
    """The state that its updates in force give, and those of the persons whom it is about.

    `met_by` has an entry a person: the update that met the demand for them, or None.
    """
    own = latest(updates, Demand.State)
    candidates = [(own.state, own.happened, weight(own, Demand.State)[:2])] if own else []
    if met := state_by_persons(met_by):
        state, happened = met
        order = (happened.sort_day, Demand.State.values.index(state))
        candidates.append((state, happened, order))
    if not candidates:
        return Derived(Demand.State.RAISED, None, demand.raised_on)
    # A person's update that says the same on the same day is as good.
    state, happened, _order = max(candidates, key=lambda one: one[2])
    return Derived(state, happened, happened.sort_day)


def state_by_persons(met_by: Collection[PersonUpdate | None]) -> tuple[str, PartialDate] | None:
    """The state that the persons whom a demand is about give it, and since when."""
    met = [one for one in met_by if one]
    if not met:
        return None
    state = Demand.State.MET if len(met) == len(met_by) else Demand.State.PARTLY_MET
    return state, latest(met, Person.State).happened


def state_foretold(
    demand: Demand,
    updates: Iterable[DemandUpdate],
    persons: Iterable[int],
    readable: models.QuerySet[Person],
) -> Derived:
    """The state that a demand would have with these updates in force, about these persons, of whom
    those may be read about."""
    theirs = _by_record(PersonUpdate.objects.in_force().filter(person__in=readable))
    decisive = [latest(theirs[key], Person.State) for key in set(persons)]
    met_by = [one if meets(one, demand) else None for one in decisive]
    return state_of_demand(demand, updates, met_by)


# Writing what was derived


@transaction.atomic
def derive_demands(demands: Iterable[int]) -> None:
    """Bring the state of demands up to date: call it when they, or whom they are about, changed."""
    keys = set(demands)
    for some in _chunks(sorted(keys)):
        locked = _lock_demands(some)
        about = DemandPerson.objects.filter(demand__in=some).values("person")
        _lock_persons(about)
        found = _found_for(locked)
        for demand in locked:
            _write(demand, found.demands[demand.pk])
        for row, met_by in found.met:
            if row.met_by_id != met_by:
                DemandPerson.objects.filter(pk=row.pk).update(met_by=met_by)


@transaction.atomic
def derive_persons(persons: Iterable[int]) -> None:
    """Bring the state of persons up to date, and of the demands about them."""
    keys = sorted(set(persons))
    for some in _chunks(keys):
        demands = _demands_about(some)
        _lock_demands(demands)
        locked = _lock_persons(some)
        updates = _by_record(PersonUpdate.objects.in_force().filter(person__in=some))
        for person in locked:
            _write(person, state_of_person(updates[person.pk])[0])
        # Once more: somebody may have made a demand about them while we waited.
        derive_demands(_demands_about(some))


def demands_told_of(persons: Collection[int]) -> set[int]:
    """The demands about persons who have updates: what those say of them depends on the gates."""
    if not persons:
        return set()
    told = PersonUpdate.objects.filter(person__in=persons).values("person")
    return set(
        DemandPerson.objects.filter(person__in=told).order_by().values_list("demand", flat=True)
    )


def _demands_about(persons: Iterable[int]) -> list[int]:
    rows = DemandPerson.objects.filter(person__in=persons).order_by("demand")
    return list(rows.values_list("demand", flat=True).distinct())


def _lock_demands(keys: object) -> list[Demand]:
    return list(Demand.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def _lock_persons(keys: object) -> list[Person]:
    return list(Person.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def _write(record: Demand | Person, derived: Derived) -> None:
    if stored(record) == derived:
        return
    for name in ("state", "as_of", "changed_on"):
        setattr(record, name, getattr(derived, name))
    record.save(update_fields=DERIVED)


def stored(record: Demand | Person) -> Derived:
    return Derived(record.state, record.as_of, record.changed_on)


@dataclass(frozen=True)
class Found:
    """What the rows of some demands say: their states, and (row, id of what met it) for persons."""

    demands: dict[int, Derived]
    met: list[tuple[DemandPerson, int | None]]


def _found_for(demands: Collection[Demand]) -> Found:
    """Three queries, however many demands."""
    by_key = {demand.pk: demand for demand in demands}
    updates = _by_record(DemandUpdate.objects.in_force().filter(demand__in=by_key))
    rows = list(DemandPerson.objects.filter(demand__in=by_key).order_by("pk"))
    # Nothing that became of somebody shows anywhere who may not be read about.
    persons = Person.objects.readable().filter(pk__in={row.person_id for row in rows})
    theirs = _by_record(PersonUpdate.objects.in_force().filter(person__in=persons) if rows else [])
    decisive = {key: latest(some, Person.State) for key, some in theirs.items()}
    met_by: defaultdict[int, list[PersonUpdate | None]] = defaultdict(list)
    met = []
    for row in rows:
        one = decisive.get(row.person_id)
        one = one if meets(one, by_key[row.demand_id]) else None
        met_by[row.demand_id].append(one)
        met.append((row, one.pk if one else None))
    states = {
        key: state_of_demand(demand, updates[key], met_by[key]) for key, demand in by_key.items()
    }
    return Found(states, met)


def updates_in_force(
    records: Sequence[Demand] | Sequence[Person],
) -> defaultdict[int, list[Update]]:
    """Those that decide, by the id of the record that they are about."""
    model = DemandUpdate if isinstance(records[0], Demand) else PersonUpdate
    return _by_record(model.objects.in_force().filter(**{f"{model.ABOUT}__in": records}))


def met_by(demands: Sequence[Demand]) -> defaultdict[int, list[PersonUpdate | None]]:
    """For each person whom a demand is about the update that met it for them, by the demand."""
    found: defaultdict[int, list[PersonUpdate | None]] = defaultdict(list)
    for row in DemandPerson.objects.filter(demand__in=demands).select_related("met_by"):
        found[row.demand_id].append(row.met_by)
    return found


def _by_record(updates: Iterable[Update]) -> defaultdict[int, list]:
    found: defaultdict[int, list] = defaultdict(list)
    for update in updates:
        found[getattr(update, f"{update.ABOUT}_id")].append(update)
    return found


def _chunks(keys: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


# Entering updates


def add_update(record: Demand | Person, state: str, **entered: object) -> Update:
    """`add_updates` for one record."""
    return add_updates([record], state=state, **entered)[0]


@transaction.atomic
def add_updates(
    records: Sequence[Demand] | Sequence[Person],
    *,
    state: str,
    happened: PartialDate,
    source: Source,
    by: AbstractBaseUser | None,
    corrects: Update | None = None,
    **words: str,
) -> list[Update]:
    """Enter that the state of demands, or of persons, changed, and all that follows.

    `source` may be a new one, which is stored; one that is here with the same address is taken in
    its place. `words` are quotation, quotation_language, note and language. With `corrects` the
    entry stands in place of that one, which stays, struck through. What is here already, word for
    word, is not entered twice. Raises Gone, AlreadyCorrected.
    """
    model = DemandUpdate if isinstance(records[0], Demand) else PersonUpdate
    locked = _lock(records)
    if len(locked) < len(records):
        raise Gone
    if corrects and (
        corrects.pk not in locked[0].updates.values_list("pk", flat=True)
        or model.objects.filter(corrects=corrects).exists()
    ):
        raise AlreadyCorrected
    source = _stored(source)
    before = {record.pk: record.state for record in locked}
    values = {"state": state, "source": source, "corrects": corrects, "entered_by": by} | words
    updates = [
        _already(record, happened, values)
        or model.objects.create(happened=happened, **{model.ABOUT: record}, **values)
        for record in locked
    ]
    if model is DemandUpdate:
        derive_demands(before)
    else:
        derive_persons(before)
    for record in records:
        record.refresh_from_db(fields=DERIVED)
    after = {record.pk: record.state for record in records}
    for update in updates:
        key = getattr(update, f"{model.ABOUT}_id")
        auditing.record(
            "correct-update" if corrects else "add-update",
            update,
            by=by,
            before=before[key],
            after=after[key],
            code=f"{model.ABOUT}-{key}" + (f"-corrects-{corrects.pk}" if corrects else ""),
        )
    return updates


def _lock(records: Sequence[Demand] | Sequence[Person]) -> list:
    keys = [record.pk for record in records]
    if isinstance(records[0], Person):
        _lock_demands(_demands_about(keys))
        return _lock_persons(keys)
    locked = _lock_demands(keys)
    _lock_persons(DemandPerson.objects.filter(demand__in=keys).values("person"))
    return locked


def _stored(source: Source) -> Source:
    if source.pk:
        return source
    same = Source.objects.filter(url=source.url, publication=source.publication)
    known = same.order_by("pk").first() if source.url else None
    if not known:
        source.save()
    return known or source


def _already(
    record: Demand | Person, happened: PartialDate, values: dict[str, object]
) -> Update | None:
    """The same entry, which a form that was sent twice would make again."""
    same = record.updates.in_force().filter(
        **{name: value for name, value in values.items() if name != "entered_by"}
    )
    return next((one for one in same if one.happened == happened), None)


# Comparing what is stored with the rows


def differences() -> Iterator[tuple[str, int]]:
    """(noun, id) of every record whose stored state is not the one that its rows give."""
    for some in _all(Person):
        updates = _by_record(
            PersonUpdate.objects.in_force().filter(person__in=[one.pk for one in some])
        )
        for person in some:
            if stored(person) != state_of_person(updates[person.pk])[0]:
                yield "person", person.pk
    for some in _all(Demand):
        found = _found_for(some)
        wrong = {row.demand_id for row, met_by in found.met if row.met_by_id != met_by}
        for demand in some:
            if demand.pk in wrong or stored(demand) != found.demands[demand.pk]:
                yield "demand", demand.pk


def _all(model: type[models.Model]) -> Iterator[list]:
    """All records, a chunk at a time: as much memory for a million as for five hundred."""
    last = 0
    while some := list(model.objects.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield some
        last = some[-1].pk
