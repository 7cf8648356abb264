"""Demands that are there twice, made one: every quotation, update and address is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction

from statements.auditing import workflow as auditing
from statements.dates import PartialDate
from statements.ledger import workflow as ledger
from statements.models import (
    Addressee,
    Demand,
    DemandAsMade,
    DemandLetter,
    DemandPerson,
    DemandUpdate,
    DemandWording,
    Naming,
    Person,
    Quotation,
    SafetyCheck,
    Statement,
)
from statements.models.safety import at_risk, may_be_named, waiting_persons
from statements.newsletter import workflow as newsletter
from statements.publishing import links, slugs
from statements.search import workflow as search


class NotMergeable(Exception):
    """A demand cannot be merged into itself, or into one that is gone."""


class NotAsked(NotMergeable):
    """Readers would see somebody at risk by it, of whom nobody was asked."""


@transaction.atomic
def merge(gone: Demand, into: Demand, *, by: AbstractBaseUser) -> Demand:
    """Make two demands one: what pointed at `gone` points at `into`, its wordings stay as further
    ones, its addresses lead there, and the state follows from the updates of both.

    The one that stays keeps its kind, and its addressee if it has one. Raises NotMergeable.
    """
    gone, into = locked(gone, into)
    refuse_unasked(gone, into)
    is_public = gone.is_public or into.is_public
    statements = list(gone.made.values_list("statement", flat=True))
    move_made(gone.made.all(), into)
    gone.updates.update(demand=into)
    move_people(gone.demand_people.all(), into)
    _move_wordings(gone, into)
    _move_letters(gone, into)
    slugs.lead_to(gone, into)
    newsletter.lead_to(gone, into)
    into.addressee_id = into.addressee_id or gone.addressee_id
    into.edition += 1
    into.review_on = min(filter(None, (into.review_on, gone.review_on)), default=None)
    into.save(update_fields=["addressee", "review_on", "edition"])
    number = gone.pk
    gone.delete()
    follow(into, is_public=is_public, statements=statements)
    auditing.record("merge", into, by=by, before=f"demand-{number}")
    return into


# What merging and splitting have in common


def locked(*demands: Demand) -> list[Demand]:
    """The demands as they are now, locked with whatever moves when their rows do."""
    keys = {one.pk for one in demands}
    links.lock_with_makers(keys)
    found = Demand.objects.in_bulk(keys)
    if len(found) < len(demands):
        raise NotMergeable
    return [found[one.pk] for one in demands]


def refuse_unasked(one: Demand, other: Demand) -> None:
    """Of two demands that become one, before readers would see somebody at risk by it."""
    if asked_about_first(one, other):
        raise NotAsked


def asked_about_first(one: Demand, other: Demand) -> list[Person]:
    """At risk, and of whom nobody was asked: they may stand in a wording that becomes public with
    the other one, or would be shown in statements that make that."""
    keys = named_by_hidden(one, other)
    people = {demand: set(demand.people.values_list("pk", flat=True)) for demand in (one, other)}
    made = {demand: set(demand.made.values_list("statement", flat=True)) for demand in people}
    keys |= newly_shown(people[one] - people[other], made[other])
    keys |= newly_shown(people[other] - people[one], made[one])
    return list(Person.objects.filter(pk__in=keys).order_by("name", "pk"))


def named_by_hidden(*both: Demand) -> set[int]:
    """At risk and unasked, where one of two demands is public, and what belongs to the other one
    comes to be so: a wording or an update may name them."""
    hidden = [one.pk for one in both if not one.is_public]
    if len(hidden) != 1:
        return set()
    return set(waiting_persons().filter(demands__in=hidden).values_list("pk", flat=True))


def newly_shown(persons: set[int], statements: set[int]) -> set[int]:
    """Those of persons whom statements that readers read would show from now on, unasked.

    Persons who are public nowhere wait by themselves.
    """
    persons = set(
        Person.objects.published().filter(at_risk(), pk__in=persons).values_list("pk", flat=True)
    )
    if not persons:
        return set()
    readable = Statement.objects.readable().filter(pk__in=statements)
    here = {"person__in": persons}
    pairs = set(
        SafetyCheck.objects.passed()
        .filter(statement__in=readable, persons__in=persons)
        .values_list("statement", "persons")
    )
    pairs |= set(
        Naming.objects.filter(text__statement__in=readable, **here).values_list(
            "text__statement", "person"
        )
    )
    pairs |= set(
        DemandPerson.objects.filter(demand__made__statement__in=readable, **here).values_list(
            "demand__made__statement", "person"
        )
    )
    keys = list(readable.order_by().values_list("pk", flat=True))
    return {person for person in persons for key in keys if (key, person) not in pairs}


def move_made(rows: models.QuerySet[DemandAsMade], into: Demand) -> None:
    """Statements make the other demand; in each voice once, with the quotations of both."""
    kept = {(one.statement_id, one.voice): one for one in into.made.all()}
    alone = []
    for row in rows:
        same = kept.get((row.statement_id, row.voice))
        if not same:
            alone.append(row.pk)
            continue
        same.position = min(same.position, row.position)
        same.save(update_fields=["position"])
        _move_quotations(row, same)
        row.delete()
    DemandAsMade.objects.filter(pk__in=alone).update(demand=into)


def _move_quotations(row: DemandAsMade, into: DemandAsMade) -> None:
    """The same words are kept once, and count as gone only where both rows say so."""
    kept = {(one.text_id, one.field, one.words): one for one in into.quotations.all()}
    for quotation in row.quotations.all():
        same = kept.get((quotation.text_id, quotation.field, quotation.words))
        if not same:
            quotation.made = into
            quotation.save(update_fields=["made"])
        elif same.is_gone and not quotation.is_gone:
            same.is_gone = False
            same.save(update_fields=["is_gone"])


def move_people(rows: Iterable[DemandPerson], into: Demand, *, and_stay: bool = False) -> None:
    """A demand is about each person once; those who come stand after those who were there."""
    there = dict(into.demand_people.values_list("person", "position"))
    position = max(there.values(), default=-1)
    for row in rows:
        if not and_stay:
            row.delete()
        if row.person_id not in there:
            position += 1
            into.demand_people.create(person_id=row.person_id, position=position)


def follow(demand: Demand, *, is_public: bool, statements: Iterable[int]) -> None:
    """What follows for a demand whose rows were moved: its gates, its day and its state.

    Whoever has the form of one of the statements open is told that its rows are others now.
    """
    Statement.objects.filter(pk__in=statements).update(edition=models.F("edition") + 1)
    if is_public:
        links.make_public(Demand.objects.filter(pk=demand.pk))
    links.date_demand(demand)
    links.count_makers([demand.pk])
    links.record_saved(demand)
    makers = demand.made.values_list("statement", flat=True)
    search.statements_changed({*statements, *makers})


def _move_wordings(gone: Demand, into: Demand) -> None:
    """Rows of their own, made last: where both have words in a language, those of `into` show."""
    there = {(into.language, into.wording), *into.names.values_list("language", "name")}
    own = (gone.language, gone.wording)
    for language, words in (own, *gone.names.order_by("pk").values_list("language", "name")):
        if (language, words) not in there:
            there.add((language, words))
            DemandWording.objects.create(demand=into, language=language, name=words)


def _move_letters(gone: Demand, into: Demand) -> None:
    """Made anew as well, for the same reason."""
    for letter in gone.letters.order_by("pk"):
        letter.pk, letter.demand = None, into
        letter._state.adding = True
        letter.save()


# Before it is done


@dataclass(frozen=True)
class Foretold:
    """What the one that stays will have, and what an editor should look at first."""

    statements: int
    quotations: int
    updates: list[DemandUpdate]
    people: list[Person]
    wordings: list[tuple[str, str]]
    letters: list[DemandLetter]
    addressee: Addressee | None
    raised: PartialDate | None
    state: Demand.State
    as_of: PartialDate | None
    becomes_public: bool
    unasked: list[Person]


def foretell(gone: Demand, into: Demand) -> Foretold:
    """What merging would give, in a fixed number of queries; nothing is changed."""
    both = [into, gone]
    made = DemandAsMade.objects.filter(demand__in=both).order_by()
    quotations = Quotation.objects.filter(made__demand__in=both).order_by()
    updates = DemandUpdate.objects.filter(demand__in=both).select_related("source", "replaced_by")
    updates = list(updates.by_day())
    persons = Person.objects.filter(demand_people__demand__in=both).distinct()
    dates = [one.raised for one in both if one.raised]
    raised = min(dates, key=lambda one: one.sort_day, default=None)
    merged = Demand(kind=into.kind, raised=raised, raised_on=raised.sort_day if raised else None)
    in_force = [one for one in updates if not hasattr(one, "replaced_by")]
    people = list(persons.order_by("name", "pk"))
    hidden = [one for one in both if not one.is_public]
    becomes_public = len(hidden) == 1
    readable = models.Q(public_since__isnull=False)
    if len(hidden) < len(both):
        readable |= may_be_named()
    shown = persons.filter(readable).exclude(shown_as=Person.Shown.WITHHELD)
    keys = [one.pk for one in people]
    derived = ledger.state_foretold(merged, in_force, keys, shown.order_by().values("pk"))
    return Foretold(
        statements=made.values("statement").distinct().count(),
        quotations=quotations.values("made__statement", "made__voice", "text", "field", "words")
        .distinct()
        .count(),
        updates=updates,
        people=people,
        wordings=_wordings(both),
        letters=_letters(gone, into),
        addressee=into.addressee or gone.addressee,
        raised=raised,
        state=Demand.State(derived.state),
        as_of=derived.as_of,
        becomes_public=becomes_public,
        unasked=asked_about_first(gone, into),
    )


def _wordings(demands: list[Demand]) -> list[tuple[str, str]]:
    """(language, words) of demands, each once, those of the first demand first."""
    rows = DemandWording.objects.filter(demand__in=demands).order_by("pk")
    found = [
        (language, words)
        for demand in demands
        for language, words in (
            (demand.language, demand.wording),
            *((row.language, row.name) for row in rows if row.demand_id == demand.pk),
        )
    ]
    return list(dict.fromkeys(found))


def _letters(gone: Demand, into: Demand) -> list[DemandLetter]:
    """Model letters of both, by language; of several in one the first is shown."""
    letters = DemandLetter.objects.filter(demand__in=[gone, into])
    return sorted(letters, key=lambda one: (one.language, one.demand_id == gone.pk, one.pk))
