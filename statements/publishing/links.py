"""What follows from links: what is public and found, its place in lists, and since when demands are
raised.

Nothing else writes `public_since` of linked records, `sort_on` or the day of a demand. Whoever
changes several records locks them first: submissions, release sets, statements, texts, then tables
in the order of LOCKED, each by its keys, and the log last. So two who do it at once never wait for
each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db import models, transaction
from django.utils import timezone

from statements import erasures
from statements.data import workflow as dumps
from statements.ledger import workflow as ledger
from statements.models import (
    Authorship,
    Demand,
    DemandAsMade,
    DemandMaker,
    DemandPerson,
    Event,
    Organisation,
    Person,
    Source,
    Statement,
    Text,
)
from statements.models.base import Linked
from statements.models.demand import MAKER
from statements.models.safety import may_be_named, names_nobody_waiting
from statements.prepared import Prepared
from statements.publishing import slugs
from statements.publishing.addresses import (
    concealed_persons_in,
    concealed_persons_of,
    forget_former_addresses,
    texts_about,
)
from statements.publishing.wording import place_quotations
from statements.search import workflow as search

CHUNK = 500
LOCKED = (Demand, Event, Organisation, Person)
Keys = dict[type[Linked], set[int]]


def sort_day(statement: Statement) -> date:
    """The last day of issued, the first where the last is open, else the source's, else ours."""
    source = statement.source
    known = statement.issued or (source.published if source else None)
    if known:
        return known.sort_day
    return timezone.localdate(statement.created_at or timezone.now())


@transaction.atomic
def links_changed(*statements: Statement, demands_before: Iterable[int] = ()) -> Keys:
    """Bring what follows from statements' links up to date: call it after they were saved.

    Their place in lists; and, for those that are public, the public existence of what they are
    linked to and the day on which their demands were first raised. `demands_before` are the ids of
    those that they made until now: one that they make no more may have been raised by others.
    Returns what became public by it.
    """
    rows = Statement.objects.filter(pk__in=[one.pk for one in statements])
    locked = list(rows.select_related("source").select_for_update(of=("self",)).order_by("pk"))
    for statement in locked:
        if statement.sort_on != sort_day(statement):
            Statement.objects.filter(pk=statement.pk).update(sort_on=sort_day(statement))
    for text in Text.objects.quoted().filter(statement__in=locked).order_by("statement", "pk"):
        place_quotations(text)
    # Who is named by now may not have been when an address was made or changed.
    concealed = {one for statement in locked for one in concealed_persons_in(statement)}
    if concealed:
        for text in Text.objects.published().filter(statement__in=locked).order_by("pk"):
            slugs.leave_names_out(text)
    public = [statement for statement in locked if statement.is_public]
    found: Keys = {}
    if public:
        found = _what_is_linked_is_public(public, set(demands_before))
    for person in concealed:
        forget_former_addresses(person)
    _index(found, statements=public)
    if concealed and public:
        erasures.note_concealed_in(public)
        # Nor when the dump was made that is served.
        dumps.drop()
    return found


def _what_is_linked_is_public(statements: list[Statement], demands_before: set[int]) -> Keys:
    demands = Demand.objects.filter(made__statement__in=statements)
    to_date = demands_before | set(demands.values_list("pk", flat=True))
    texts = Text.objects.readable().filter(statement__in=statements)
    linked = [
        Event.objects.filter(statements__in=statements),
        Organisation.objects.filter(authorships__statement__in=statements),
        Person.objects.filter(namings__text__in=texts),
    ]
    if to_date:
        linked += [demands, Person.objects.filter(demands__in=demands)]
    found = _make_public(linked, and_lock={Demand: to_date, Person: _persons_about(to_date)})
    for demand in Demand.objects.filter(pk__in=to_date).order_by("pk"):
        _date(demand)
    ledger.derive_demands(to_date)
    count_makers(to_date)
    return found


def count_makers(demands: Iterable[int]) -> None:
    """Store who makes demands in their own name, and how many they are, as `counted()` does."""
    keys = set(demands)
    found, stored = _makers_of(keys), _makers_stored(keys)
    for demand in Demand.objects.filter(pk__in=keys).only("maker_count").order_by("pk"):
        makers = found[demand.pk]
        if demand.maker_count != len(makers.names):
            Demand.objects.filter(pk=demand.pk).update(maker_count=len(makers.names))
        if gone := stored[demand.pk] - makers.organisations:
            demand.made_by.filter(organisation__in=gone).delete()
        new = sorted(makers.organisations - stored[demand.pk])
        demand.made_by.bulk_create(
            DemandMaker(demand=demand, organisation_id=organisation) for organisation in new
        )


def miscounted() -> Iterator[int]:
    """Demands whose stored makers are not those that links give."""
    last = 0
    while some := dict(
        Demand.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "maker_count")[:CHUNK]
    ):
        found, stored = _makers_of(some), _makers_stored(some)
        for key, number in some.items():
            if number != len(found[key].names) or stored[key] != found[key].organisations:
                yield key
        last = max(some)


@dataclass
class Makers:
    """Who makes a demand: all of them, and those that are organisations, by their ids."""

    names: set[str] = field(default_factory=set)
    organisations: set[int] = field(default_factory=set)


def _makers_of(demands: Collection[int]) -> defaultdict[int, Makers]:
    found: defaultdict[int, Makers] = defaultdict(Makers)
    for demand, name, organisation in MAKERS.rows(demands):
        found[demand].names.add(name)
        if organisation:
            found[demand].organisations.add(organisation)
    return found


def _makers(demands: Collection[int]) -> models.QuerySet:
    """(demand, who makes it as `MAKER` says, the organisation)."""
    return (
        Authorship.objects.filter(
            role=Authorship.Role.AUTHOR,
            statement__in=Statement.objects.readable(),
            statement__demands_made__demand__in=demands,
            statement__demands_made__voice__in=DemandAsMade.OWN,
        )
        .order_by()
        .values_list("statement__demands_made__demand", MAKER, "organisation")
        .distinct()
    )


MAKERS = Prepared(_makers, lists=1)


def _makers_stored(demands: Collection[int]) -> defaultdict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    rows = DemandMaker.objects.filter(demand__in=list(demands)).order_by()
    for demand, organisation in rows.values_list("demand", "organisation"):
        found[demand].add(organisation)
    return found


def _persons_about(demands: set[int]) -> set[int]:
    rows = DemandPerson.objects.filter(demand__in=demands).order_by()
    return set(rows.values_list("person", flat=True))


@transaction.atomic
def source_changed(source: Source) -> None:
    """A source's date is the day of statements without one, and of the editors' demands."""
    links_changed(*source.statements.all())


@transaction.atomic
def date_demand(demand: Demand) -> None:
    """Store when a demand was first raised by a published statement, and what follows from it."""
    _date(demand)
    ledger.derive_demands([demand.pk])
    count_makers([demand.pk])
    demand.refresh_from_db()


def _date(demand: Demand) -> None:
    # Whoever publishes another statement that makes it reads after we have written.
    Demand.objects.select_for_update().order_by("pk").get(pk=demand.pk)
    made = DemandAsMade.objects.filter(
        demand=demand, statement__in=Statement.objects.readable()
    ).select_related("statement__source")
    dates = [date for date in (one.raised for one in made) if date]
    demand.raised = min(dates, key=lambda one: one.sort_day, default=None)
    demand.raised_on = demand.raised.sort_day if demand.raised else None
    demand.save(update_fields=["raised_earliest", "raised_latest", "raised_precision", "raised_on"])


@transaction.atomic
def make_public(records: models.QuerySet) -> None:
    """Give records, and for those in a tree their parents and parts, a public address."""
    _index(_make_public([records]))


def _index(changed: Keys, *, statements: Iterable[Statement] = ()) -> None:
    """Let it be found: after everything else was locked, and before the log is."""
    for model, keys in changed.items():
        search.records_changed(model, keys)
    search.statements_changed([one.pk for one in statements])


def _make_public(records: Iterable[models.QuerySet], *, and_lock: Keys | None = None) -> Keys:
    hidden = _hidden_among(records)
    told_of = ledger.demands_told_of(hidden[Person])
    also = and_lock or {}
    for model in LOCKED:
        more = told_of if model is Demand else set()
        _lock(model, hidden[model] | also.get(model, set()) | more)
    if hidden[Demand]:
        about = DemandPerson.objects.filter(demand__in=hidden[Demand])
        about = about.filter(person__in=Person.objects.concealed()).values("demand")
        for demand in Demand.objects.filter(pk__in=about, public_since__isnull=True):
            slugs.leave_names_out(demand)
    now = timezone.now()
    for model, ids in hidden.items():
        # Under the lock: somebody else may have been first, and the moment is kept.
        model.objects.filter(pk__in=ids, public_since__isnull=True).update(public_since=now)
    ledger.derive_demands(told_of)
    return hidden


def _hidden_among(records: Iterable[models.QuerySet]) -> Keys:
    """Those that are not public yet, and those that become so with them.

    Persons at risk wait for the answers of a statement (`safety.answer`), whoever links them, and
    so do demands about them.
    """
    found: Keys = {model: set() for model in LOCKED}
    waiting = list(records)
    while waiting:
        some = waiting.pop()
        model = some.model
        if model is Person:
            some = some.filter(may_be_named())
        elif model is Demand:
            some = some.filter(names_nobody_waiting())
        ids = set(some.filter(public_since__isnull=True).values_list("pk", flat=True))
        new = ids - found[model]
        if new:
            found[model] |= new
            waiting += _becoming_public_with(model, new)
    return found


def _becoming_public_with(model: type[Linked], ids: set[int]) -> list[models.QuerySet]:
    """The parents and parts of records in a tree, and the persons whom demands are about."""
    if model is Demand:
        return [Person.objects.filter(demands__in=ids)]
    if hasattr(model, "parent"):
        near = models.Q(children__in=ids) | models.Q(parent__in=ids)
        return [model.objects.filter(near)]
    return []


def _lock(model: type[models.Model], ids: set[int]) -> None:
    if ids:
        rows = model.objects.filter(pk__in=ids).select_for_update().order_by("pk")
        list(rows.values_list("pk", flat=True))


def lock_in_order(demands: Iterable[int], organisations: set[int]) -> None:
    """Lock demands, then organisations with all in their trees that may change with them."""
    near = models.Q(children__in=organisations) | models.Q(parent__in=organisations)
    relatives = Organisation.objects.filter(near)
    also = _hidden_among([relatives])[Organisation] | set(relatives.values_list("pk", flat=True))
    _lock(Demand, set(demands))
    _lock(Organisation, organisations | also)


def lock_with_relatives(record: Linked, *, parent: int | None = None) -> None:
    """Lock a record that is to be saved, with all in its tree that may become public with it.

    `parent` is the id of the parent that it is to have.
    """
    model, ids = type(record), {record.pk}
    if hasattr(model, "parent"):
        parents = [one for one in (record.parent_id, parent) if one]
        near = models.Q(children=record.pk) | models.Q(parent=record.pk)
        near |= models.Q(pk__in=parents)
        ids |= _hidden_among([model.objects.filter(near)])[model]
    if model is Person:
        # Their texts change with the name, and a statement is never locked after a demand.
        _lock(Statement, set(texts_about(record).values_list("statement", flat=True)))
        _lock(Demand, ledger.demands_told_of(ids))
    _lock(model, ids)


class _MoreMeanwhile(Exception):
    """Somebody linked one more record while we waited for locks."""


def lock_with_makers(demands: Iterable[int]) -> None:
    """Lock demands whose rows are to be moved, with the statements that make them, the persons
    whom they are about, and the other demands that tell of these.

    A statement is never locked after a demand: where one more makes them by the time that they
    are locked, all is let go, and locked anew.
    """
    keys = set(demands)
    while True:
        statements, told, persons = _around(keys)
        try:
            with transaction.atomic():
                _lock(Statement, statements)
                _lock(Demand, keys | told)
                _lock(Person, persons)
                now = _around(keys)
                if now[0] <= statements and now[1] <= told and now[2] <= persons:
                    return
                raise _MoreMeanwhile
        except _MoreMeanwhile:
            continue


def _around(demands: set[int]) -> tuple[set[int], set[int], set[int]]:
    """The statements that make demands, the demands that tell of the same persons, and these."""
    made = DemandAsMade.objects.filter(demand__in=demands).order_by()
    told = ledger.demands_told_of(_persons_about(demands))
    return set(made.values_list("statement", flat=True)), told, _persons_about(demands | told)


def name_shown_otherwise(person: Person) -> None:
    """Texts about somebody show another name from now on: those who keep copies are told."""
    about = texts_about(person).order_by().values("pk")
    Text.objects.published().filter(pk__in=about).update(changed_at=timezone.now())
    if person.shown_as != Person.Shown.FULL:
        # They may have been named there when nobody was to be concealed, and since a backup.
        erasures.note_concealed_in(Statement.objects.published().filter(texts__in=about).distinct())
        for demand in person.demands.order_by("pk"):
            erasures.note_concealed_about(demand, concealed_persons_of(demand))


@transaction.atomic
def record_saved(record: Linked) -> None:
    """A linked record was saved: it is public as soon as a parent or a part of it is."""
    model = type(record)
    found: Keys = {}
    if hasattr(model, "parent"):
        near = models.Q(children=record.pk) | models.Q(parent=record.pk)
        if record.parent_id:
            near |= models.Q(pk=record.parent_id)
        relatives = model.objects.filter(near)
        if record.is_public:
            found = _make_public([relatives])
        elif relatives.published().exists():
            found = _make_public([model.objects.filter(pk=record.pk)])
    if isinstance(record, Demand):
        if record.is_public:
            found = _make_public([Person.objects.filter(demands=record)])
        ledger.derive_demands([record.pk])
    elif isinstance(record, Person):
        # How their name is shown decides what of their updates shows.
        ledger.derive_demands(ledger.demands_told_of([record.pk]))
    concealed = concealed_persons_of(record)
    if concealed and isinstance(record, Demand):
        slugs.leave_names_out(record)
    for person in concealed:
        forget_former_addresses(person)
    _index({**found, model: found.get(model, set()) | {record.pk}})
    if concealed and isinstance(record, Person):
        erasures.note_spellings_of(record)
    elif concealed:
        erasures.note_concealed_about(record, concealed)
    if concealed and record.is_public:
        dumps.drop()
