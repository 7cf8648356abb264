"""What all that is made of an event gathers: its relatives, and the newest statements about it.

What something made of it does not show it does not fetch: it asks for further `links` by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects

from statements.models import Event, Statement
from statements.models.event import EventQuerySet, tree_of
from statements.reading.claims import QUOTATIONS, claims_of
from statements.reading.comparison import Comparison, Order, compare
from statements.reading.rows import Names, links, names_concealed
from statements.reading.timeline import Timeline, timeline_of

# How many of an event's statements, the newest, are compared and counted in words.
COMPARED = 200
MOST_PARTS = 100


@dataclass
class Gathered:
    """An event with its relatives, and the newest statements about it with their links."""

    event: Event
    parent: Event | None
    parts: list[Event]
    statements: list[Statement]
    names: Names
    has_more: bool
    # Ways to fetch what else lists show of the statements.
    links: dict[str, Prefetch]

    @property
    def compared(self) -> int:
        """How many statements are compared and counted, where those are not all."""
        return COMPARED if self.has_more else 0


def gathered(slug: str, *, words: bool = False) -> Gathered | None:
    """None where there is no such event; with `words` the quotations too."""
    event, parent, parts = _with_relatives(slug)
    if not event:
        return None
    found = _statements_about(event)
    known = links()
    statements = found[:COMPARED]
    wanted = [known[name] for name in ("texts_shown", "authors_shown", "demands_shown")]
    prefetch_related_objects(statements, *wanted, *([QUOTATIONS] if words else []))
    names = names_concealed(statements) if statements else {}
    return Gathered(event, parent, parts, statements, names, len(found) > COMPARED, known)


def comparison_of(found: Gathered, order: Order | None = None) -> Comparison:
    return compare(claims_of(found.statements, found.names), order)


def timeline_about(found: Gathered, *, to_draw: bool = False) -> Timeline:
    return timeline_of(found.event, found.parts, found.statements, found.names, to_draw=to_draw)


def shown() -> EventQuerySet:
    return Event.objects.readable().named()


def in_tree(root: Event, events: Iterable[Event]) -> list[Event]:
    """The parts of an event, each followed by its own."""
    found = []
    for event in events:
        if event.parent_id == root.pk and event.pk != root.pk:
            rest = [one for one in events if one is not event]
            found += [event, *in_tree(event, rest)]
    return found


def _with_relatives(slug: str) -> tuple[Event | None, Event | None, list[Event]]:
    """An event, its public parent, and its public parts at any depth, in one query."""
    near = shown().filter(pk__in=tree_of(slug, and_parent=True))
    relatives = list(near.order_by("start_earliest", "pk")[: MOST_PARTS + 2])
    event = next((one for one in relatives if one.slug == slug), None)
    if not event:
        return None, None, []
    parent = next((one for one in relatives if one.pk == event.parent_id), None)
    return event, parent, in_tree(event, relatives)


def _statements_about(event: Event) -> list[Statement]:
    """The newest statements about an event and its parts: one more than are compared."""
    about = Statement.events.through.objects.filter(event__in=tree_of(event.slug))
    statements = Statement.objects.readable().filter(pk__in=about.values("statement"))
    return list(statements.select_related("source").newest_first()[: COMPARED + 1])
