"""The page that searches everything: statements with their filters, and records by kind.

It stands with the other lists, since it is made of their filters, counts and rows; how words are
found is statements/search/. What was searched for is in the address alone: it is not stored, and
nothing of ours logs addresses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from statements.models import Demand, Event, Organisation, Person, SearchEntry
from statements.models.counting import MOST_COUNTED
from statements.prepared import Prepared
from statements.reading.facets import Facets, facets
from statements.reading.filters import Filters
from statements.reading.hits import Hit, RecordHit, hits
from statements.search import finding
from statements.search.engines import TookTooLong
from statements.search.highlighting import Wanted, marked
from statements.search.parsing import LONGEST

Kind = SearchEntry.Kind
SHOWN, MOST_RECORDS, FEW = 20, 5, 3
PAGE = re.compile(r"[1-9][0-9]?")
# In the order in which the page has them: a heading, the model, and the list of all.
RECORDS = {
    Kind.EVENT: (_("Events"), Event, "pages:event_list"),
    Kind.ORGANISATION: (_("Organisations"), Organisation, "pages:organisation_list"),
    Kind.DEMAND: (_("Demands"), Demand, "pages:demand_list"),
    Kind.PERSON: (_("People"), Person, "pages:person_list"),
}


@dataclass(frozen=True)
class Group:
    name: str
    heading: str
    hits: list[RecordHit]
    # The list of all that fit, where these are the first of more.
    more: str = ""


@dataclass
class Results:
    filters: Filters
    facets: Facets
    hits: list[Hit] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    # Whether so little was found that another word is offered.
    is_little: bool = False
    newer: str = ""
    older: str = ""
    # Whether the last page ends before the last match does.
    ends_early: bool = False


def search(request: HttpRequest) -> HttpResponse:
    filters = Filters(request.GET, page="pages:search")
    is_asked = bool(filters.typed.words or filters.values)
    results = _results(filters, _number(request.GET)) if is_asked else None
    context = {
        "filters": filters,
        "words": filters.typed.words[:LONGEST],
        "chosen": filters.chosen(),
        "results": results,
        "longest": LONGEST,
    }
    return render(request, "pages/search.html", context)


def _number(query: Mapping[str, str]) -> int:
    page = query.get("page", "")
    return int(page) if PAGE.fullmatch(page) else 1


def _results(filters: Filters, number: int) -> Results:
    ids = _ids(filters)
    # Whoever asks for a page beyond the last one gets the last one.
    number = min(number, max(-(-len(ids) // SHOWN), 1))
    first = (number - 1) * SHOWN
    wanted = Wanted.of(filters.query)
    results = Results(
        filters,
        facets(filters),
        hits=hits(ids[first : first + SHOWN], filters, wanted),
        groups=_groups(filters, wanted) if number == 1 else [],
        newer=filters.address(page=str(number - 1) if number > 2 else "") if number > 1 else "",
    )
    if len(ids) > first + SHOWN:
        results.older = filters.address(page=str(number + 1))
    else:
        results.ends_early = filters.is_cut
    results.is_little = number == 1 and len(ids) < FEW
    return results


def _ids(filters: Filters) -> list[int]:
    if filters.is_searched:
        return filters.found.statements
    newest = filters.statements().newest_first()
    return list(newest.values_list("pk", flat=True)[:MOST_COUNTED])


def _groups(filters: Filters, wanted: Wanted) -> list[Group]:
    """The first records of each kind; the lists of them take filters, too."""
    if filters.took_too_long or filters.is_narrowed:
        return []
    try:
        found = finding.records(filters.query, RECORDS, MOST_RECORDS + 1)
    except TookTooLong:
        filters.took_too_long = True
        return []
    groups = (_group(kind, keys, filters, wanted) for kind, keys in found.items() if keys)
    return [group for group in groups if group.hits]


def _group(kind: int, keys: Sequence[int], filters: Filters, wanted: Wanted) -> Group:
    heading, model, page = RECORDS[Kind(kind)]
    known = _named(model, get_language() or settings.LANGUAGE_CODE)
    records = {one.pk: one for one in known.records(keys[:MOST_RECORDS])}
    lines = [
        RecordHit(
            url=record.get_absolute_url(),
            language=record.name_language,
            name=marked(record.name_shown, wanted, record.name_language),
            acronym=getattr(record, "acronym", ""),
            is_example=record.is_example,
        )
        for record in (records[key] for key in keys[:MOST_RECORDS] if key in records)
    ]
    more = f"{reverse(page)}?{filters.words_alone()}" if len(keys) > MOST_RECORDS else ""
    return Group(model._meta.model_name, str(heading), lines, more)


@cache
def _named(model: type[Model], language: str) -> Prepared:
    return Prepared(
        lambda keys: model.objects.readable().named(language).filter(pk__in=keys).order_by(),
        lists=1,
    )
