"""One event: its page, and those of the demands side by side and of who spoke.

All of them are made of the newest statements about the event and its parts, and of their links:
a query for each kind. What a page does not show it does not fetch.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from statements.models import Event, FormerSlug, Statement
from statements.models.event import tree_of
from statements.pages.addresses import follows_former
from statements.pages.events import MOST_PARTS, in_tree, shown
from statements.reading import linked
from statements.reading.claims import QUOTATIONS, claims_of
from statements.reading.comparison import Comparison, Order, compare
from statements.reading.coverage import coverage_of, languages_of, sentences, untranslated
from statements.reading.rows import Names, links, names_concealed, rows_of
from statements.reading.timeline import Timeline, timeline_of
from statements.reading.timeline_drawing import draw
from statements.reading.world import world_of_event

# Statements listed on an event's page; the list of all statements has the others.
SHOWN = 20
# How many of an event's statements, the newest, are compared and counted in words.
COMPARED = 200
# Demands on an event's page: side by side where there are so few, else the most shared of them.
MOST_DEMANDS = 12
MOST_SHARED = 8
# Entries on a page of a timeline.
ENTRIES = 60


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


def gathered(slug: str, *, words: bool = False) -> Gathered:
    event, parent, parts = _with_relatives(slug)
    found = _statements_about(event)
    known = links()
    statements = found[:COMPARED]
    wanted = [known[name] for name in ("texts_shown", "authors_shown", "demands_shown")]
    prefetch_related_objects(statements, *wanted, *([QUOTATIONS] if words else []))
    names = names_concealed(statements) if statements else {}
    return Gathered(event, parent, parts, statements, names, len(found) > COMPARED, known)


def comparison_of(found: Gathered, order: Order | None = None) -> Comparison:
    return compare(claims_of(found.statements, found.names), order)


@follows_former(FormerSlug.Noun.EVENT)
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """Light, however much is said: what is large stands on pages of its own."""
    found = gathered(slug)
    prefetch_related_objects([found.event, *found.parts], "places")
    comparison = comparison_of(found)
    is_small = (
        comparison.is_table
        and len(comparison.lines) <= MOST_DEMANDS
        and len(comparison.pages()) == 1
    )
    listed = found.statements[:SHOWN]
    prefetch_related_objects(listed, found.links["events_shown"], found.links["places_shown"])
    if is_small:
        prefetch_related_objects(found.statements, QUOTATIONS)
        comparison = comparison_of(found)
    timeline = _timeline_of(found)
    context = {
        "found": found,
        "event": found.event,
        "timeline": timeline,
        "drawing": draw(timeline),
        "sentences": sentences(found.statements, comparison),
        "comparison": comparison,
        "groups": comparison.groups(comparison.lines) if is_small else [],
        "shared": [] if is_small else comparison.most_shared()[:MOST_SHARED],
        "languages": languages_of(found.event, found.statements),
        "rows": rows_of(listed, found.names),
        "world": world_of_event(found.event, found.parts, found.statements),
        "has_more": len(found.statements) > SHOWN,
        "linked": linked.of_event(found.event, found.parent),
        "has_calendar": any(one.days for one in (found.event, *found.parts)),
    }
    return render(request, "pages/event.html", context)


@follows_former(FormerSlug.Noun.EVENT)
def event_comparison(request: HttpRequest, slug: str) -> HttpResponse:
    """Every demand, in the words of all who make it."""
    found = gathered(slug, words=True)
    order = Order.read(request.GET)
    comparison = comparison_of(found, order)
    pages = comparison.pages()
    number = page_number(request.GET.get("page", ""), len(pages))
    context = {
        "found": found,
        "event": found.event,
        "comparison": comparison,
        "groups": comparison.groups(pages[number - 1]),
        "newer": order.address(page=number - 1) if number > 1 else None,
        "older": order.address(page=number + 1) if number < len(pages) else None,
        "is_first": order == Order() and number == 1,
    }
    return render(request, "pages/event_comparison.html", context)


@follows_former(FormerSlug.Noun.EVENT)
def event_coverage(request: HttpRequest, slug: str) -> HttpResponse:
    found = gathered(slug)
    lacking = request.GET.get("lacking", "")
    if lacking not in dict(settings.LANGUAGES):
        lacking = ""
    context = {
        "found": found,
        "event": found.event,
        "coverage": coverage_of(found.event, found.statements, found.names),
        "lacking": lacking,
        "untranslated": untranslated(found.statements, found.names, lacking) if lacking else [],
    }
    return render(request, "pages/event_coverage.html", context)


@follows_former(FormerSlug.Noun.EVENT)
def event_timeline(request: HttpRequest, slug: str) -> HttpResponse:
    """Every entry, the oldest first; the drawing stands on the first page."""
    found = gathered(slug)
    timeline = _timeline_of(found)
    table = timeline.table
    count = -(-len(table) // ENTRIES) or 1
    number = page_number(request.GET.get("page", ""), count)
    context = {
        "found": found,
        "event": found.event,
        "timeline": timeline,
        "drawing": draw(timeline),
        "entries": table[(number - 1) * ENTRIES : number * ENTRIES],
        "newer": number - 1,
        "older": number + 1 if number < count else 0,
    }
    return render(request, "pages/event_timeline.html", context)


def _timeline_of(found: Gathered) -> Timeline:
    return timeline_of(found.event, found.parts, found.statements, found.names)


def page_number(asked: str, count: int) -> int:
    """The page that an address asks for, else the first one."""
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else 1
    return number if 1 <= number <= count else 1


def _with_relatives(slug: str) -> tuple[Event, Event | None, list[Event]]:
    """An event, its public parent, and its public parts at any depth, in one query."""
    near = shown().filter(pk__in=tree_of(slug, and_parent=True))
    relatives = list(near.order_by("start_earliest", "pk")[: MOST_PARTS + 2])
    event = next((one for one in relatives if one.slug == slug), None)
    if not event:
        raise Http404
    parent = next((one for one in relatives if one.pk == event.parent_id), None)
    return event, parent, in_tree(event, relatives)


def _statements_about(event: Event) -> list[Statement]:
    """The newest statements about an event and its parts: one more than are compared."""
    about = Statement.events.through.objects.filter(event__in=tree_of(event.slug))
    statements = Statement.objects.readable().filter(pk__in=about.values("statement"))
    return list(statements.select_related("source").newest_first()[: COMPARED + 1])
