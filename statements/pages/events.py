"""The list of events, and how much each gathers; the page of one is in event.py."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Value, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from statements.models import Demand, DemandAsMade, Event, Place, Statement
from statements.models.event import trees_of
from statements.reading import amounts, listed
from statements.reading.event import MOST_PARTS, in_tree, shown
from statements.reading.keyset import Part, page_of
from statements.reading.searched import Search

LISTED = 20
# How many links of a page's events to statements, and to demands, are counted.
MOST_LINKS = 20_000


def event_list(request: HttpRequest) -> HttpResponse:
    """Newest first; the parts of an event stand under it and nowhere else.

    With `place` in the address it is what happens there, and with `q` what is called so; then parts
    have rows of their own.
    """
    code = request.GET.get("place", "")
    place = get_object_or_404(Place.objects.readable(), code=code) if code else None
    search = Search.of(request.GET)
    is_flat = bool(place or search.words)
    if is_flat:
        events = listed.events(search, place)
    else:
        events = shown().exclude(parent__in=Event.objects.readable())
    parts = [
        Part(events.filter(start_earliest__isnull=False), "-start_earliest"),
        Part(events.filter(start_earliest__isnull=True)),
    ]
    kept = {name: value for name, value in (("q", search.words), ("place", code)) if value}
    page = page_of(request, parts, LISTED, keep=kept)
    below = [] if is_flat else _parts_of(page.rows)
    if is_flat:
        wholes = shown().in_bulk({one.parent_id for one in page.rows} - {None})
        # What their parts gather counts, though these are not shown under them.
        for event in with_counts(page.rows):
            event.parts, event.part_of = [], wholes.get(event.parent_id)
    else:
        for root in page.rows:
            root.parts = in_tree(root, below)
        _count(page.rows)
    prefetch_related_objects([*page.rows, *below], "places")
    context = {
        "page": page,
        "place": place,
        "search": search,
        "found": amounts.events(search.number, and_more=search.is_cut),
        "is_flat": is_flat,
    }
    return render(request, "pages/event_list.html", context)


def _parts_of(events: list[Event]) -> list[Event]:
    ids = [event.pk for event in events]
    parts = shown().filter(pk__in=trees_of(ids)).exclude(pk__in=ids)
    return list(parts.order_by("start_earliest", "pk")[:MOST_PARTS])


def with_counts(events: Iterable[Event]) -> list[Event]:
    """Events for a list beside another one, each with how much it and its parts gather."""
    found = list(events)
    below = list(shown().filter(pk__in=trees_of([one.pk for one in found]))[:MOST_PARTS])
    for event in found:
        event.parts = in_tree(event, below)
    if found:
        _count(found)
    return found


def _count(roots: list[Event]) -> None:
    """Set `statement_count` and `demand_count` of events with `parts`, what these gather included.

    At most `MOST_LINKS` links are looked at, in one query; `is_counted` says whether those are all.
    """
    ids = [event.pk for root in roots for event in (root, *root.parts)]
    about = Statement.events.through.objects.filter(
        event__in=ids, statement__in=Statement.objects.readable()
    )
    made = DemandAsMade.objects.filter(
        statement__events__in=ids,
        statement__in=Statement.objects.readable(),
        demand__in=Demand.objects.readable(),
    )
    links = about.order_by().values_list(Value("statement"), "event", "statement")
    made = made.order_by().values_list(Value("demand"), "statement__events", "demand")
    rows = list(links.union(made, all=True)[: MOST_LINKS + 1])
    found: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for noun, event, other in rows[:MOST_LINKS]:
        found[noun, event].add(other)
    for root in roots:
        tree = [event.pk for event in (root, *root.parts)]
        root.statement_count = len(set().union(*(found["statement", pk] for pk in tree)))
        root.demand_count = len(set().union(*(found["demand", pk] for pk in tree)))
        root.is_counted = len(rows) <= MOST_LINKS
