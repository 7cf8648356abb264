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
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from statements.dates import PartialDate
from statements.models import Demand, Event, Organisation, Person, Revision, SearchEntry, Text
from statements.models.counting import MOST_COUNTED
from statements.prepared import Prepared
from statements.prose import public_text
from statements.reading.facets import Facets, facets
from statements.reading.filters import Filters
from statements.reading.rows import (
    Author,
    Names,
    Row,
    names_concealed,
    rows_of,
    statements_by_id,
    text_for_reader,
    with_links,
)
from statements.search import finding, suggesting
from statements.search.engines import TookTooLong
from statements.search.highlighting import Piece, Wanted, marked, passage
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
class Hit:
    """A text that was found, with the passage that shows why."""

    url: str
    language: str
    direction: str
    title: list[Piece]
    passage: list[Piece]
    day: PartialDate
    authors: list[Author]
    needs_mark: bool


@dataclass(frozen=True)
class Line:
    record: Model
    name: list[Piece]
    language: str


@dataclass(frozen=True)
class Group:
    name: str
    heading: str
    lines: list[Line]
    # The list of all that fit, where these are the first of more.
    more: str = ""


@dataclass
class Results:
    filters: Filters
    facets: Facets
    hits: list[Hit] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    suggestion: str = ""
    newer: str = ""
    older: str = ""
    # Whether the last page ends before the last match does.
    ends_early: bool = False

    @property
    def suggestion_query(self) -> str:
        return urlencode(self.filters.values | {"q": self.suggestion})


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
        hits=_hits(ids[first : first + SHOWN], filters, wanted),
        groups=_groups(filters, wanted) if number == 1 else [],
        newer=filters.address(page=str(number - 1) if number > 2 else "") if number > 1 else "",
    )
    if len(ids) > first + SHOWN:
        results.older = filters.address(page=str(number + 1))
    else:
        results.ends_early = filters.is_cut
    if number == 1 and len(ids) < FEW:
        query = filters.query
        results.suggestion = suggesting.suggestion(query, filters.typed.words)
    return results


def _ids(filters: Filters) -> list[int]:
    if filters.is_searched:
        return filters.found.statements
    newest = filters.statements().newest_first()
    return list(newest.values_list("pk", flat=True)[:MOST_COUNTED])


def _hits(ids: Sequence[int], filters: Filters, wanted: Wanted) -> list[Hit]:
    statements = with_links(
        statements_by_id(ids), but=["events_shown", "places_shown", "demands_shown"]
    )
    names = names_concealed(statements)
    rows = rows_of(statements, names, language=filters.language)
    texts = {row.statement.pk: _text(row, filters) for row in rows}
    found = LIVE.records([text.live_revision_id for text in texts.values()])
    revisions = {one.pk: one for one in found}
    return [
        _hit(row, texts[row.statement.pk], revisions, names, wanted)
        for row in rows
        if texts[row.statement.pk].live_revision_id in revisions
    ]


# nosemgrep: past-the-gates - the keys are those of readable texts
LIVE = Prepared(lambda keys: Revision.objects.filter(pk__in=keys).order_by(), lists=1)


def _text(row: Row, filters: Filters) -> Text:
    """Of the texts that were found, the one that fits the language."""
    found = filters.found.texts.get(row.statement.pk, []) if filters.typed.words else []
    fitting = [text for text in row.statement.texts_shown if text.pk in found]
    return text_for_reader(fitting, filters.language) if fitting else row.text


def _hit(
    row: Row, text: Text, revisions: Mapping[int, Revision], names: Names, wanted: Wanted
) -> Hit:
    words = public_text(revisions[text.live_revision_id], names["text"].get(text.pk, []))
    title = words.pop("title", "")
    return Hit(
        url=text.get_absolute_url(),
        language=text.language,
        direction=text.direction,
        title=marked(title, wanted, text.language),
        passage=passage(words.values(), wanted, text.language),
        day=row.day,
        authors=row.authors,
        needs_mark=row.needs_mark,
    )


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
    return [group for group in groups if group.lines]


def _group(kind: int, keys: Sequence[int], filters: Filters, wanted: Wanted) -> Group:
    heading, model, page = RECORDS[Kind(kind)]
    known = _named(model, get_language() or settings.LANGUAGE_CODE)
    records = {one.pk: one for one in known.records(keys[:MOST_RECORDS])}
    lines = [
        Line(
            record,
            marked(record.name_shown, wanted, record.name_language),
            record.name_language,
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
