"""What statements have to do with: turned round, to find all who follow something at once.

The same links as those of the pages and feeds of organisations, events and persons, which ask for
one record at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime

from statements.models import (
    Authorship,
    Demand,
    DemandAsMade,
    DemandPerson,
    DemandUpdate,
    Event,
    Naming,
    PersonUpdate,
    Statement,
    Text,
)

# A kind of record and its id.
Key = tuple[str, int]


def statements_by_record(statements: Collection[int]) -> dict[Key, set[int]]:
    """Which of these published statements belong to which organisation, event and person.

    A fixed number of queries. Nothing says here which of the records may be read about.
    """
    found: defaultdict[Key, set[int]] = defaultdict(set)
    for kind, rows in (
        ("organisation", _authors(statements)),
        ("event", _events(statements)),
        ("person", _persons(statements)),
    ):
        for record, statement in rows:
            found[kind, record].add(statement)
    return found


def _authors(statements: Collection[int]) -> Iterator[tuple[int, int]]:
    rows = Authorship.objects.filter(
        role=Authorship.Role.AUTHOR, statement__in=statements, organisation__isnull=False
    )
    yield from rows.order_by().values_list("organisation", "statement")


def _events(statements: Collection[int]) -> Iterator[tuple[int, int]]:
    """An event, and whatever it is a public part of, as in `models.event.tree_of`."""
    rows = list(
        Statement.events.through.objects.filter(statement__in=statements).values_list(
            "event", "statement"
        )
    )
    if not rows:
        return
    parts = Event.objects.published().filter(parent__isnull=False).order_by()
    wholes = dict(parts.values_list("pk", "parent"))
    for event, statement in rows:
        seen: set[int] = set()
        while event and event not in seen:
            yield event, statement
            seen.add(event)
            event = wholes.get(event, 0)


def _persons(statements: Collection[int]) -> Iterator[tuple[int, int]]:
    """As `statements_about` a person: who is named in it, or whom a demand of it is about."""
    readable = Statement.objects.readable().filter(pk__in=statements).order_by().values("pk")
    texts = Text.objects.readable().filter(statement__in=statements).order_by().values("pk")
    named = Naming.objects.filter(text__in=texts).order_by()
    yield from named.values_list("person", "text__statement")
    made = DemandAsMade.objects.filter(
        statement__in=readable, demand__in=Demand.objects.readable(), demand__people__isnull=False
    )
    yield from made.order_by().values_list("demand__people", "statement")


def with_updates(since: datetime, until: datetime) -> set[Key]:
    """The demands and persons of whom something was entered, in a fixed number of queries.

    A demand to release somebody too, when they were released.
    """
    moment = {"entered_at__gt": since, "entered_at__lte": until}
    demands = DemandUpdate.objects.filter(**moment).order_by().values_list("demand", flat=True)
    persons = set(PersonUpdate.objects.filter(**moment).order_by().values_list("person", flat=True))
    found = {("demand", pk) for pk in demands} | {("person", pk) for pk in persons}
    concerned = DemandPerson.objects.filter(person__in=persons, demand__kind=Demand.Kind.RELEASE)
    return found | {("demand", pk) for pk in concerned.values_list("demand", flat=True)}
