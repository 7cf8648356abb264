"""One event: its page, and those of the demands side by side and of who spoke.

All of them are made of the newest statements about the event and its parts, and of their links:
a query for each kind. What a page does not show it does not fetch.
"""

from __future__ import annotations

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from statements.models import FormerSlug
from statements.pages.addresses import follows_former
from statements.reading import linked
from statements.reading.claims import QUOTATIONS
from statements.reading.comparison import Order
from statements.reading.coverage import coverage_of, languages_of, sentences, untranslated
from statements.reading.event import Gathered, comparison_of, gathered, timeline_about
from statements.reading.rows import rows_of
from statements.reading.timeline_drawing import draw
from statements.reading.world import world_of_event

# Statements listed on an event's page; the list of all statements has the others.
SHOWN = 20
# Demands on an event's page: side by side where there are so few, else the most shared of them.
MOST_DEMANDS = 12
MOST_SHARED = 8
# Entries on a page of a timeline.
ENTRIES = 60


@follows_former(FormerSlug.Noun.EVENT)
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """Light, however much is said: what is large stands on pages of its own."""
    found = found_or_404(slug)
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
    timeline = timeline_about(found, to_draw=True)
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
    found = found_or_404(slug, words=True)
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
    found = found_or_404(slug)
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
    found = found_or_404(slug)
    timeline = timeline_about(found)
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


def found_or_404(slug: str, *, words: bool = False) -> Gathered:
    found = gathered(slug, words=words)
    if not found:
        raise Http404
    return found


def page_number(asked: str, count: int) -> int:
    """The page that an address asks for, else the first one."""
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else 1
    return number if 1 <= number <= count else 1
