"""Year by year: what was said and demanded, and what came of it, each number a way to its list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connections
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language_bidi, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from statements.models import Demand, Person, Statement
from statements.reading.amounts import grouped
from statements.reading.labels import compiled

# The years that are told, the newest first, and how far each number is counted: so the page costs
# the same however large the archive is.
YEARS = 20
MOST = 10_000
# Stand for the days of a year in a query that is written once for all of them.
FIRST, LAST = date(1, 1, 1), date(1, 12, 31)
DAYS = (FIRST, LAST)


@dataclass(frozen=True)
class Measure:
    """Something that is counted by year: which rows, and where the list of them is."""

    heading: object
    rows: QuerySet
    list_name: str
    filters: dict[str, str]
    # What the list calls the year that is meant.
    by: str = "year"

    def url(self, year: int) -> str:
        return f"{reverse(self.list_name)}?{urlencode(self.filters | {self.by: year})}"


@dataclass(frozen=True)
class Cell:
    number: int
    url: str
    # Of the largest number in its chart, in per cent; `start` is where the bar begins.
    share: float

    @property
    def start(self) -> float:
        """Bars begin where lines do: on the right in a right-to-left language."""
        return round(100 - self.share, 1) if get_language_bidi() else 0

    def __str__(self) -> str:
        if self.number > MOST:
            return _("more than %(number)s") % {"number": grouped(MOST)}
        return grouped(self.number)


@dataclass(frozen=True)
class Chart:
    """Bars and their numbers: a row a year, a column a measure."""

    name: str
    heading: object
    note: object
    measures: Sequence[Measure]
    rows: list[tuple[int, list[Cell]]]


def years(request: HttpRequest) -> HttpResponse:
    newest = timezone.localdate().year
    return render(
        request,
        "pages/years.html",
        {"charts": list(_charts(range(newest, newest - YEARS, -1))), "years": YEARS},
    )


def _parts() -> list[tuple[str, object, object, list[Measure]]]:
    demands, people = Demand.objects.readable(), Person.objects.readable()
    moved = demands.filter(changed_on__range=DAYS)
    return [
        (
            "statements",
            _("Statements"),
            _("By the day on which each was issued, as the list of statements is ordered."),
            [
                Measure(
                    _("Statements"),
                    Statement.objects.readable().filter(sort_on__range=DAYS),
                    "pages:statement_list",
                    {},
                )
            ],
        ),
        (
            "demands",
            _("Demands"),
            _(
                "Raised: when each was first made. Met and refused: demands that are so today, by"
                " the day of that change, each with a source."
            ),
            [
                Measure(
                    pgettext_lazy("demands of a year", "Raised"),
                    demands.filter(raised_on__range=DAYS),
                    "pages:demand_list",
                    {},
                ),
                *(
                    Measure(
                        heading,
                        moved.filter(state=state),
                        "pages:demand_list",
                        {"state": state},
                        by="changed",
                    )
                    for state, heading in (
                        (Demand.State.MET, pgettext_lazy("demands of a year", "Met")),
                        (Demand.State.REFUSED, pgettext_lazy("demands of a year", "Refused")),
                    )
                ),
            ],
        ),
        (
            "people",
            _("People released"),
            _("Those who are free today as far as this archive knows, by the day of release."),
            [
                Measure(
                    pgettext_lazy("people of a year", "Released"),
                    people.filter(state=Person.State.RELEASED, changed_on__range=DAYS),
                    "pages:person_list",
                    {"state": Person.State.RELEASED},
                )
            ],
        ),
    ]


def _charts(told: Sequence[int]) -> Iterator[Chart]:
    parts = _parts()
    numbers = iter(_counted([one for *_words, some in parts for one in some], told))
    for name, heading, note, measures in parts:
        columns = [next(numbers) for _measure in measures]
        largest = max((max(column) for column in columns), default=0)
        rows = [
            (
                year,
                [
                    _cell(measure, year, column[place], largest)
                    for measure, column in zip(measures, columns, strict=True)
                ],
            )
            for place, year in enumerate(told)
        ]
        while rows and not any(cell.number for cell in rows[-1][1]):
            rows.pop()
        yield Chart(name, heading, note, measures, rows)


def _cell(measure: Measure, year: int, number: int, largest: int) -> Cell:
    share = round(100 * number / largest, 1) if largest else 0
    return Cell(number, measure.url(year) if number else "", share)


def _counted(measures: Sequence[Measure], told: Sequence[int]) -> list[list[int]]:
    """How many rows each measure has in each year, in one query."""
    arms, values = [], []
    connection = connections[measures[0].rows.db]
    stand_ins = [connection.ops.adapt_datefield_value(day) for day in DAYS]
    for place, measure in enumerate(measures):
        sql, parameters = compiled(measure.rows.order_by().values("pk")[: MOST + 1])
        for year in told:
            days = [date(year, 1, 1), date(year, 12, 31)]
            arms.append(f"SELECT %s AS measure, %s AS year, COUNT(*) FROM ({sql}) AS counted")  # noqa: S608
            values += [place, year]
            values += [
                days[stand_ins.index(one)] if one in stand_ins else one for one in parameters
            ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(arms), values)
        found = {(measure, year): number for measure, year, number in cursor.fetchall()}
    return [[found[place, year] for year in told] for place in range(len(measures))]
