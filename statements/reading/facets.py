"""How many of the matching statements each further filter would leave: one query for all.

Counted are at most the newest 250 matches, whatever the size of the archive, since reading what
they are linked to is what takes time. How many match altogether is counted to 1,000.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.conf import settings
from django.db import connection
from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    Exists,
    OuterRef,
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
# filter by an event includes its parts (see `tree_of`), so its count does.
EVENTS = """
    SELECT link.statement_id, link.event_id
    FROM statements_statement_events AS link
    JOIN statements_event AS part ON part.id = link.event_id
    WHERE link.statement_id IN (SELECT id FROM counted) AND part.public_since IS NOT NULL
    UNION
    SELECT events.statement_id, part.parent_id
    FROM events
    JOIN statements_event AS part ON part.id = events.event_id
    WHERE part.public_since IS NOT NULL AND part.parent_id IS NOT NULL
"""
# Tallies of what the counted statements themselves hold, or of links that were fetched once.
TALLIES = """
    SELECT 'kind', NULL, kind, COUNT(*) FROM counted GROUP BY kind
    UNION ALL
    SELECT 'year', NULL, year, COUNT(*) FROM counted GROUP BY year
    UNION ALL
    SELECT 'event', event_id, '', COUNT(*) FROM events GROUP BY event_id
    UNION ALL
    SELECT 'organisation', organisation_id, '', COUNT(DISTINCT statement_id)
    FROM authors GROUP BY organisation_id
    UNION ALL
    SELECT 'from', country_id, '', COUNT(DISTINCT statement_id)
    FROM authors WHERE country_id IS NOT NULL GROUP BY country_id
"""
BEST = """
    SELECT facet, record, value, number, place
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
    found = _count(filters.newest(MOST_READ))
    total = sum(label.count for label in found if label.kind == "total")
    if filters.is_searched:
        # Known already, and not looked up again.
        total = min(len(filters.found.texts), MOST_COUNTED + 1)
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
    choices = [_choice(label, filters) for label in values[:MOST_VALUES]]
    return Facet(name, str(HEADINGS[name]), choices, has_more=len(values) > MOST_VALUES)


def _choice(label: Label, filters: Filters) -> Choice:
    is_current = filters.values.get(label.kind) == label.value
    return Choice(
        words=label.words or words_of(label.kind, label.value),
        language=label.language,
        count=label.count,
        url=filters.address(**{label.kind: "" if is_current else label.value}),
        is_current=is_current,
    )


def _count(matches: QuerySet[Statement]) -> list[Label]:
    year = Cast(ExtractYear("sort_on"), CharField())
    newest = matches.newest_first().values_list("pk", "kind", year, "sort_on")
    matching, wanted = compiled(newest[: MOST_COUNTED + 1])
    (before, after), further = _query(get_language() or settings.LANGUAGE_CODE, matches.db)
    return labels.run((before + matching + after, [*wanted, *further]), matches.db)


@lru_cache(32)
def _query(language: str, database: str) -> tuple[list[str], Sequence[object]]:
    """All but the query for what matches, which stands between two parts: it is long, and the same
    each time in one language."""
    between = "MATCHING"
    sql, parameters = labels.composed(
        [_best(name) for name in labels.MODELS],
        demands=labels.people_of_demands(demand__in=_keys("demand")),
        tables=[
            # Looked for once, since that is what grows with the archive.
            ("matching (id, kind, year, sort_on)", (between, ())),
            ("counted (id, kind, year)", (COUNTED, [MOST_READ])),
            ("authors (statement_id, organisation_id, country_id)", _authors()),
            ("events (statement_id, event_id)", (EVENTS, ())),
            ("tally (facet, record, value, number)", _tally()),
            ("best (facet, record, value, number, place)", (BEST, [MOST_VALUES + 1])),
        ],
        rows=[
            "SELECT facet, record, value, '', '', number FROM best WHERE record IS NULL",
            "SELECT 'total', NULL, '', '', '', COUNT(*) FROM matching",
        ],
    )
    return sql.split(between), parameters


def _authors() -> Compiled:
    """The readable organisations that issued the counted statements."""
    authors = Authorship.objects.filter(
        _is_readable("organisation"), statement__in=_counted(), role=Authorship.Role.AUTHOR
    )
    return compiled(
        authors.order_by().values_list("statement", "organisation", "organisation__country")
    )


def _tally() -> Compiled:
    """(facet, record, value, number): how many of the counted statements have each link."""
    counted = _counted()
    made = DemandAsMade.objects.filter(_is_readable("demand"), statement__in=counted)
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


def _is_readable(name: str) -> Exists:
    """EXISTS and not IN: SQLite would begin with every readable record, for each statement."""
    return Exists(labels.readable(name).filter(pk=OuterRef(name)))


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


def _keys(name: str) -> RawSQL:
    return RawSQL("SELECT record FROM best WHERE facet = %s", [name])


def _best(name: str) -> QuerySet:
    """The labels of a facet's most frequent records, with their numbers."""
    model = labels.MODELS[name]
    table = connection.ops.quote_name(model._meta.db_table)
    number = RawSQL(  # noqa: S611 - the names are our own
        f"SELECT number FROM best WHERE facet = %s AND record = {table}.id",  # noqa: S608
        [name],
        output_field=BigIntegerField(),
    )
    return labels.labels_of(name, labels.readable(name).filter(pk__in=_keys(name)), number)
