"""A list and a record of every noun, for programs."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Query

from statements.api import asking, keysets
from statements.api.problems import Problem, not_found
from statements.models import Event, Place, Statement, Text
from statements.models.person import NUMBER
from statements.reading import listed
from statements.reading.filters import Filters
from statements.reading.ledger import Ledger
from statements.reading.searched import Search
from statements.records import demands
from statements.records.nouns import (
    DEMANDS,
    EVENTS,
    ORGANISATIONS,
    PEOPLE,
    PLACES,
    STATEMENTS,
    TAGS,
    TOMBSTONES,
    Noun,
)
from statements.records.shapes import Record, here


def statement_list(request: HttpRequest, asked: Query[asking.StatementsAsked]) -> HttpResponse:
    """Statements, the newest first."""
    filters = Filters(asked.filters())
    found = filters.statements().select_related("source")
    searched = _searched(filters)
    rows = keysets.statements_after(found, asked.cursor)
    return _page(request, asked, STATEMENTS, rows, searched)


def statement(request: HttpRequest, slug: str, asked: Query[asking.Asked]) -> HttpResponse:
    """A statement in all its languages, by the slug of any of its texts."""
    return _record(request, asked, STATEMENTS, lambda: _statement(slug))


def statement_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The same beside its page, with the page as the one that search engines show."""
    asking.refuse_unknown(request.GET, ["fields"])
    asked = asking.Asked.model_construct(fields=request.GET.get("fields"))
    answer = statement(request, slug, asked)
    page = here(reverse("pages:statement", args=[slug]))
    answer.headers["Link"] = f'<{page}>; rel="canonical"'
    return answer


def _statement(slug: str) -> Statement:
    texts = Text.objects.published().select_related("statement__source")
    found = get_object_or_404(texts, slug=slug).statement
    if not found.is_readable:
        [stone] = TOMBSTONES.gather([found])
        raise Problem(410, _("Delete what was kept of it."), tombstone=_dumped(stone))
    return found


def event_list(request: HttpRequest, asked: Query[asking.EventsAsked]) -> HttpResponse:
    """Events and their parts, those entered last first."""
    filters = asked.filters()
    search, code = Search.of(filters), filters.get("place", "").strip()
    place = Place.objects.readable().filter(code=code).first() if code else None
    found = Event.objects.none() if code and not place else listed.events(search, place)
    return _list(request, asked, EVENTS, found, search)


def event(request: HttpRequest, slug: str, asked: Query[asking.Asked]) -> HttpResponse:
    return _by_slug(request, asked, EVENTS, slug)


def organisation_list(
    request: HttpRequest, asked: Query[asking.OrganisationsAsked]
) -> HttpResponse:
    """Organisations, those entered last first."""
    search = Search.of(asked.filters())
    return _list(request, asked, ORGANISATIONS, listed.organisations(search), search)


def organisation(request: HttpRequest, slug: str, asked: Query[asking.Asked]) -> HttpResponse:
    return _by_slug(request, asked, ORGANISATIONS, slug)


def demand_list(request: HttpRequest, asked: Query[asking.DemandsAsked]) -> HttpResponse:
    """Demands, those entered last first."""
    ledger = Ledger(asked.filters())
    return _list(request, asked, DEMANDS, demands.rows(ledger.demands), ledger.search)


def demand(request: HttpRequest, slug: str, asked: Query[asking.Asked]) -> HttpResponse:
    """A demand, with the ledger of what became of it."""
    return _by_slug(request, asked, DEMANDS, slug)


def person_list(request: HttpRequest, asked: Query[asking.PeopleAsked]) -> HttpResponse:
    """People, as far as they are shown, those entered last first."""
    chosen = listed.PeopleForm(asked.filters()).values()
    search = Search.of(chosen)
    return _list(request, asked, PEOPLE, listed.people(search, chosen), search)


def person(request: HttpRequest, slug: str, asked: Query[asking.Asked]) -> HttpResponse:
    """A person, with what became of them. Who is shown as initials has a number as slug."""
    person = get_object_or_404(PEOPLE.rows().at(slug))
    if slug != person.address:
        return redirect("api:person", person.address, permanent=True)
    return _record(request, asked, PEOPLE, lambda: person)


def tag_list(request: HttpRequest, asked: Query[asking.Paged]) -> HttpResponse:
    """Tags that a statement bears, those made last first."""
    return _list(request, asked, TAGS, TAGS.rows())


def tag(request: HttpRequest, slug: str, asked: Query[asking.Asked]) -> HttpResponse:
    return _by_slug(request, asked, TAGS, slug)


def place_list(request: HttpRequest, asked: Query[asking.Paged]) -> HttpResponse:
    """Places that something is about, or comes from."""
    return _list(request, asked, PLACES, PLACES.rows())


def place(request: HttpRequest, slug: str, asked: Query[asking.Asked]) -> HttpResponse:
    """A place, by its code."""
    return _record(request, asked, PLACES, lambda: get_object_or_404(PLACES.rows(), code=slug))


def tombstone_list(request: HttpRequest, asked: Query[asking.Paged]) -> HttpResponse:
    """Statements that were taken back: for whoever keeps copies."""
    return _list(request, asked, TOMBSTONES, TOMBSTONES.rows())


def tombstone(request: HttpRequest, slug: str, asked: Query[asking.Asked]) -> HttpResponse:
    """What may be said of a statement that was taken back, by its number."""
    if not NUMBER.fullmatch(slug):
        raise not_found()
    find = lambda: get_object_or_404(TOMBSTONES.rows(), pk=slug)  # noqa: E731
    return _record(request, asked, TOMBSTONES, find)


# How it is answered


def _list(
    request: HttpRequest,
    asked: asking.Paged,
    noun: Noun,
    found: QuerySet,
    search: Search | None = None,
) -> HttpResponse:
    searched = _searched(search or Search())
    rows = keysets.records_after(found, asked.cursor)
    return _page(request, asked, noun, rows, searched)


def _searched(search: Search | Filters) -> dict[str, object]:
    """What an answer says of its search. One that takes too long is no empty list."""
    if search.took_too_long:
        advice = _("Ask for rarer words, or for fewer.")
        raise Problem(503, advice, headers={"Retry-After": "60"})
    return {
        "is_cut": bool(search.is_cut or search.query.is_cut or search.vague),
        "unanswered": [value for _heading, value in search.unanswered],
    }


def _page(
    request: HttpRequest,
    asked: asking.Paged,
    noun: Noun,
    rows: QuerySet,
    searched: dict[str, object],
) -> HttpResponse:
    asking.refuse_unknown(request.GET, asked.parameters())
    names = asked.names(noun.in_list)
    found = list(rows[: asked.size + 1])
    shown = found[: asked.size]
    further = None
    if len(found) > asked.size:
        cursor = keysets.cursor_of(shown[-1], by_day=noun is STATEMENTS)
        further = here(asking.next_address(request, cursor))
    results = [_dumped(one, names) for one in noun.gather_list(shown)]
    answer = _json({"results": results, "next": further, **searched})
    if further:
        answer.headers["Link"] = f'<{further}>; rel="next"'
    return answer


def _by_slug(request: HttpRequest, asked: asking.Asked, noun: Noun, slug: str) -> HttpResponse:
    return _record(request, asked, noun, lambda: get_object_or_404(noun.rows(), slug=slug))


def _record(
    request: HttpRequest, asked: asking.Asked, noun: Noun, find: Callable[[], Model]
) -> HttpResponse:
    asking.refuse_unknown(request.GET, asked.parameters())
    names = asked.names(noun.record)
    [record] = noun.gather([find()])
    return _json(_dumped(record, names))


def _dumped(record: Record, names: set[str] | None = None) -> dict[str, object]:
    return record.model_dump(mode="json", include=names)


def _json(body: object) -> HttpResponse:
    written = json.dumps(body, ensure_ascii=False, indent=1)
    return HttpResponse(written + "\n", content_type="application/json")
