"""How many of the matching statements each further filter would leave: one query for all, and one
for what these filters are called.

Counted are at most the newest 250 matches, whatever the size of the archive, since reading what
they are linked to is what takes time. How many match altogether is counted to 1,000.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from django.conf import settings
from django.db import connections
from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    QuerySet,
    Value,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, ExtractYear
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from statements.models import Authorship, DemandAsMade, Statement, Tagging, Text
from statements.models.counting import MOST_COUNTED
from statements.prepared import Prepared
from statements.reading import amounts, labels
from statements.reading.filters import HEADINGS, Filters, words_of
from statements.reading.labels import Compiled, Label, compiled

# How many matches, the newest, are counted by what they are linked to.
MOST_READ = 250
MOST_VALUES = 12
OPEN = {"event", "demand", "language", "year"}
LISTS = {
    "event": "pages:event_list",
    "demand": "pages:demand_list",
    "organisation": "pages:organisation_list",
    "place": "pages:place_list",
    "tag": "pages:tag_list",
}
COUNTED = "SELECT id, kind, year FROM matching ORDER BY sort_on DESC, id DESC LIMIT %s"
# Every statement with its events and what these are part of, through public events only: the
# filter by an event includes its parts (see `tree_of`), so its count does. What an event is part of
# is asked as a value: joined, PostgreSQL would read all events that are part of one.
EVENTS = """
    SELECT link.statement_id, link.event_id
    FROM statements_statement_events AS link
    JOIN statements_event AS part ON part.id = link.event_id
    WHERE link.statement_id IN (SELECT id FROM counted) AND part.public_since IS NOT NULL
    UNION
    SELECT statement_id, (
        SELECT parent_id FROM statements_event AS part
        WHERE part.id = events.event_id AND part.public_since IS NOT NULL
    )
    FROM events WHERE event_id IS NOT NULL
"""
# Tallies of what the counted statements themselves hold, or of links that were fetched once.
TALLIES = """
    SELECT 'kind', NULL, kind, COUNT(*) FROM counted GROUP BY kind
    UNION ALL
    SELECT 'year', NULL, year, COUNT(*) FROM counted GROUP BY year
    UNION ALL
    SELECT 'event', event_id, '', COUNT(*)
    FROM events WHERE event_id IS NOT NULL GROUP BY event_id
    UNION ALL
    SELECT 'organisation', organisation_id, '', COUNT(DISTINCT statement_id)
    FROM authors GROUP BY organisation_id
    UNION ALL
    SELECT 'from', country_id, '', COUNT(DISTINCT statement_id)
    FROM authors WHERE country_id IS NOT NULL GROUP BY country_id
"""
BEST = """
    SELECT 'total', NULL, '', COUNT(*) FROM matching
    UNION ALL
    SELECT facet, record, value, number
    FROM (
        SELECT tally.*, row_number() OVER (
            PARTITION BY facet ORDER BY number DESC, value DESC, record
        ) AS place
        FROM tally
    ) AS placed
    WHERE place <= %s
"""


@dataclass(frozen=True)
class Choice:
    """A value that a filter can take; the address of one in force takes it away."""

    words: str
    language: str
    count: int
    url: str
    is_current: bool


@dataclass
class Facet:
    name: str
    heading: str
    choices: list[Choice] = field(default_factory=list)
    has_more: bool = False

    @property
    def is_open(self) -> bool:
        """Whether its values are seen at once: those that readers look for first, or in force."""
        return self.name in OPEN or any(choice.is_current for choice in self.choices)

    @property
    def url(self) -> str:
        """The page that lists all of its records, where there is one."""
        return reverse(LISTS[self.name]) if self.name in LISTS else ""

    @property
    def note(self) -> str:
        return _("An event includes its parts.") if self.name == "event" else ""


@dataclass
class Facets:
    # At most one more than `MOST_COUNTED`.
    total: int
    facets: list[Facet]
    # Whether there are more than the words were looked for.
    is_cut: bool = False

    @property
    def is_more(self) -> bool:
        """Whether there are more matches than the facets count."""
        return self.total > MOST_READ

    def __str__(self) -> str:
        """How many statements match, in words."""
        return capfirst(amounts.statements(self.total, and_more=self.is_cut))

    @property
    def most(self) -> str:
        return amounts.grouped(MOST_READ)


def facets(filters: Filters) -> Facets:
    if filters.is_empty:
        return Facets(0, [])
    if filters.is_searched:
        # How many there are is known already.
        total = min(len(filters.found.texts), MOST_COUNTED + 1)
        _counted_ones, *best = SEARCHED.rows(filters.found.newest(MOST_READ))
    else:
        statements = filters.statements()
        with connections[statements.db].cursor() as cursor:
            cursor.execute(*_tallied(statements))
            [(_total, _record, _value, total), *best] = cursor.fetchall()
    found = _labelled(best)
    return Facets(
        total,
        [one for name in HEADINGS if (one := _facet(name, found, filters)).choices],
        filters.is_cut,
    )


def _facet(name: str, found: list[Label], filters: Filters) -> Facet:
    """The most frequent values of a filter; years in their own order."""
    values = sorted(
        (label for label in found if label.kind == name),
        key=lambda label: label.value if name == "year" else (label.count, -(label.key or 0)),
        reverse=True,
    )
    current, address = filters.values.get(name), filters.addresses(name)
    choices = [
        Choice(
            words=label.words or words_of(name, label.value),
            language=label.language,
            count=label.count,
            url=filters.address(**{name: ""}) if label.value == current else address(label.value),
            is_current=label.value == current,
        )
        for label in values[:MOST_VALUES]
    ]
    return Facet(name, str(HEADINGS[name]), choices, has_more=len(values) > MOST_VALUES)


def _tallied(statements: QuerySet[Statement]) -> Compiled:
    """How many statements there are, and the most frequent values of those that are counted."""
    year = Cast(ExtractYear("sort_on"), CharField())
    newest = statements.newest_first().values_list("pk", "kind", year, "sort_on")
    matching, wanted = compiled(newest[: MOST_COUNTED + 1])
    (before, after), further = _around()
    return before + matching + after, [*wanted, *further]


SEARCHED = Prepared(
    lambda keys: _tallied(Statement.objects.readable().filter(pk__in=keys)), lists=1
)


def _labelled(best: Sequence[tuple]) -> list[Label]:
    keys = {name: [row[1] for row in best if row[0] == name] for name in labels.MODELS}
    named = _names(get_language() or settings.LANGUAGE_CODE).rows(*keys.values())
    known = {(label.kind, label.key): label for label in labels.named(named)}
    return [
        replace(known[name, record], count=number)
        if record
        else Label(name, None, value, "", "", number)
        for name, record, value, number in best
        if not record or (name, record) in known
    ]


@cache
def _names(language: str) -> Prepared:
    """What the most frequent records of each kind are called. Whether places and tags may be named
    is not asked again: something readable has them."""

    def write(*keys: Sequence[int]) -> Compiled:
        of = dict(zip(labels.MODELS, keys, strict=True))
        return labels.composed(
            [labels.labels_of(name, _shown(name).filter(pk__in=some)) for name, some in of.items()],
            demands=labels.people_of_demands(demand__in=of["demand"]),
        )

    return Prepared(write, lists=len(labels.MODELS))


def _shown(name: str) -> QuerySet:
    is_certain = name in ("place", "from", "tag")
    return labels.MODELS[name].objects.all() if is_certain else labels.readable(name)


@cache
def _around() -> tuple[list[str], Sequence[object]]:
    """All but the query for what matches, which stands between two parts: it is long, and the same
    each time."""
    between = "MATCHING"
    tables = [
        # Looked for once, since that is what grows with the archive.
        ("matching (id, kind, year, sort_on)", (between, ())),
        ("counted (id, kind, year)", (COUNTED, [MOST_READ])),
        ("authors (statement_id, organisation_id, country_id)", _authors()),
        ("events (statement_id, event_id)", (EVENTS, ())),
        ("tally (facet, record, value, number)", _tally()),
    ]
    sql = "WITH RECURSIVE {} {}".format(
        ", ".join(f"{name} AS ({query})" for name, (query, _parameters) in tables), BEST
    )
    parameters = [one for _name, (_query, some) in tables for one in some]
    return sql.split(between), [*parameters, MOST_VALUES + 1]


def _authors() -> Compiled:
    """The readable organisations that issued the counted statements."""
    authors = Authorship.objects.filter(
        organisation__public_since__isnull=False,
        statement__in=_counted(),
        role=Authorship.Role.AUTHOR,
    )
    return compiled(
        authors.order_by().values_list("statement", "organisation", "organisation__country")
    )


def _tally() -> Compiled:
    """(facet, record, value, number): how many of the counted statements have each link."""
    counted = _counted()
    made = DemandAsMade.objects.filter(demand__public_since__isnull=False, statement__in=counted)
    places = Statement.places.through.objects.filter(statement__in=counted)
    first, *others = (
        _number("place", places, "place"),
        _number("tag", Tagging.objects.filter(content_object__in=counted), "tag", "content_object"),
        _number("demand", made, "demand"),
        _value("language", Text.objects.published().filter(statement__in=counted), "language"),
    )
    sql, parameters = compiled(first.union(*others, all=True))
    return f"{sql} UNION ALL {TALLIES}", parameters


def _counted() -> RawSQL:
    return RawSQL("SELECT id FROM counted", ())


def _number(name: str, links: QuerySet, record: str, statement: str = "statement") -> QuerySet:
    """Statements by the record that links lead to, each counted once."""
    return (
        links.order_by()
        .values(record)
        .annotate(number=Count(statement, distinct=True))
        .values_list(_text(name), record, _text(""), "number")
    )


def _value(name: str, links: QuerySet, value: str) -> QuerySet:
    """Statements by a value of what links to them, which is no record."""
    return (
        links.order_by()
        .values(value)
        .annotate(number=Count("statement", distinct=True))
        .values_list(_text(name), Value(None, output_field=BigIntegerField()), value, "number")
    )


def _text(words: str) -> Value:
    return Value(words, output_field=CharField())
