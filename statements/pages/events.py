"""Events: what happened, who spoke about it, and what they demand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import ngettext, npgettext, pgettext

from statements.models import Demand, DemandAsMade, Event, FormerSlug, Place, Statement
from statements.models.event import EventQuerySet, tree_of, trees_of
from statements.pages.addresses import follows_former
from statements.pages.claims import QUOTATIONS, claims_of, leading_text
from statements.pages.comparison import Comparison, compare
from statements.pages.keyset import Part, page_of
from statements.pages.rows import may_be_named, names_concealed, rows_of, with_links
from statements.pages.world import world_of_event

LISTED = 20
MOST_PARTS = 100
# How many links of a page's events to statements, and to demands, are counted.
MOST_LINKS = 10_000
# Statements listed on an event's page; the list of all statements has the others.
SHOWN = 20
# How many of an event's statements, the newest, are compared and counted in words.
COMPARED = 200


def event_list(request: HttpRequest) -> HttpResponse:
    """Newest first; the parts of an event stand under it and nowhere else.

    With `place` in the address it is what happens there, and then parts have rows of their own.
    """
    code = request.GET.get("place", "")
    place = get_object_or_404(Place.objects.readable(), code=code) if code else None
    if place:
        events = _shown().filter(places=place)
    else:
        events = _shown().exclude(parent__in=Event.objects.readable())
    parts = [
        Part(events.filter(start_earliest__isnull=False), "-start_earliest"),
        Part(events.filter(start_earliest__isnull=True)),
    ]
    page = page_of(request, parts, LISTED, keep={"place": code} if place else {})
    below = _parts_of(page.rows)
    prefetch_related_objects([*page.rows, *below], "places")
    for root in page.rows:
        root.parts = [] if place else _in_tree(root, below)
    _count(page.rows)
    return render(request, "pages/event_list.html", {"page": page, "place": place})


@follows_former(FormerSlug.Noun.EVENT)
def event(request: HttpRequest, slug: str) -> HttpResponse:
    event, parent, parts = _with_relatives(slug)
    found = _statements_about(event)
    statements = with_links(found[:COMPARED], more=[QUOTATIONS])
    names = names_concealed(statements)
    comparison = compare(claims_of(statements, names))
    listed = rows_of(statements[:SHOWN], names)
    context = {
        "event": event,
        "parent": parent,
        "parts": parts,
        "sentences": sentences(statements, comparison),
        "comparison": comparison,
        "rows": listed,
        "world": world_of_event(event, parts, statements),
        "has_more": len(found) > SHOWN,
        "compared": COMPARED if len(found) > COMPARED else 0,
    }
    return render(request, "pages/event.html", context)


def _shown() -> EventQuerySet:
    return Event.objects.readable().named()


def _parts_of(events: list[Event]) -> list[Event]:
    ids = [event.pk for event in events]
    parts = _shown().filter(pk__in=trees_of(ids)).exclude(pk__in=ids)
    return list(parts.order_by("start_earliest", "pk")[:MOST_PARTS])


def with_counts(events: Iterable[Event]) -> list[Event]:
    """Events for a list beside another one, each with how much it and its parts gather."""
    found = list(events)
    below = list(_shown().filter(pk__in=trees_of([one.pk for one in found]))[:MOST_PARTS])
    for event in found:
        event.parts = _in_tree(event, below)
    if found:
        _count(found)
    return found


def _count(roots: list[Event]) -> None:
    """Set `statement_count` and `demand_count` of events with `parts`, what these gather included.

    At most `MOST_LINKS` links are looked at; `is_counted` says whether those are all.
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
    statements, all_statements = _by_event(about.values_list("event", "statement"))
    demands, all_demands = _by_event(made.values_list("statement__events", "demand"))
    for root in roots:
        tree = [event.pk for event in (root, *root.parts)]
        root.statement_count = len(set().union(*(statements[pk] for pk in tree)))
        root.demand_count = len(set().union(*(demands[pk] for pk in tree)))
        root.is_counted = all_statements and all_demands


def _by_event(links: QuerySet) -> tuple[defaultdict[int, set[int]], bool]:
    """What events are linked to, and whether that is everything."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    rows = list(links.order_by()[: MOST_LINKS + 1])
    for event, other in rows[:MOST_LINKS]:
        found[event].add(other)
    return found, len(rows) <= MOST_LINKS


def _in_tree(root: Event, events: Iterable[Event]) -> list[Event]:
    """The parts of an event, each followed by its own."""
    found = []
    for event in events:
        if event.parent_id == root.pk and event.pk != root.pk:
            rest = [one for one in events if one is not event]
            found += [event, *_in_tree(event, rest)]
    return found


def _with_relatives(slug: str) -> tuple[Event, Event | None, list[Event]]:
    """An event, its public parent, and its public parts at any depth, in one query and places."""
    near = _shown().filter(pk__in=tree_of(slug, and_parent=True))
    relatives = list(near.order_by("start_earliest", "pk")[: MOST_PARTS + 2])
    event = next((one for one in relatives if one.slug == slug), None)
    if not event:
        raise Http404
    parent = next((one for one in relatives if one.pk == event.parent_id), None)
    parts = _in_tree(event, relatives)
    prefetch_related_objects([event, *parts], "places")
    return event, parent, parts


def _statements_about(event: Event) -> list[Statement]:
    """The newest statements about an event and its parts: one more than are compared."""
    about = Statement.events.through.objects.filter(event__in=tree_of(event.slug))
    statements = Statement.objects.readable().filter(pk__in=about.values("statement"))
    return list(statements.select_related("source").newest_first()[: COMPARED + 1])


def sentences(statements: list[Statement], comparison: Comparison) -> list[str]:
    """Who spoke, in how many languages, and what they demand, in words."""
    statements = [statement for statement in statements if statement.texts_shown]
    speakers = {
        author.organisation_id or author.name_as_printed: author
        for statement in statements
        for author in statement.authors_shown
        if may_be_named(author)
    }
    examples = sum(
        bool(author.organisation and author.organisation.is_example) for author in speakers.values()
    )
    languages = {leading_text(statement).language for statement in statements}
    if not speakers:
        return []
    found = [_who_spoke(len(speakers), len(languages), comparison.demand_count)]
    if comparison.editors_count:
        found.append(_what_editors_add(comparison.editors_count, comparison.demand_count))
    if examples:
        found.append(_how_many_invented(examples, len(speakers)))
    return found


def _who_spoke(organisations: int, languages: int, demands: int) -> str:
    """One sentence of three counts, each worded for itself: languages differ in their plurals."""
    words = {
        "organisations": npgettext(
            "who spoke about an event", "One organisation", "%(count)d organisations", organisations
        )
        % {"count": organisations},
        "languages": npgettext(
            "spoke about it, …", "in one language", "in %(count)d languages", languages
        )
        % {"count": languages},
        "demands": npgettext("made …", "one demand", "%(count)d demands", demands)
        % {"count": demands}
        if demands
        else pgettext("made …", "no demand"),
    }
    return (
        ngettext(
            "%(organisations)s spoke about it, %(languages)s, and made %(demands)s.",
            "%(organisations)s spoke about it, %(languages)s, and made %(demands)s.",
            organisations,
        )
        % words
    )


def _what_editors_add(demands: int, to_others: int) -> str:
    if to_others:
        words = ngettext("The editors made one more.", "The editors made %(count)d more.", demands)
    else:
        words = ngettext(
            "The editors made one demand.", "The editors made %(count)d demands.", demands
        )
    return words % {"count": demands}


def _how_many_invented(examples: int, organisations: int) -> str:
    if examples == organisations:
        return ngettext(
            "It is an invented example.", "All of them are invented examples.", organisations
        )
    return ngettext(
        "One of the organisations is an invented example.",
        "%(count)d of the organisations are invented examples.",
        examples,
    ) % {"count": examples}
