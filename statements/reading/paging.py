"""Pages of a list of statements, by the place of a row and never by a number.

An address says `before=20200812-345`: the statements that come after that one in the list.
The cost is the same on every page, and a statement published meanwhile shifts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.db import models
from django.db.models import F, Func, Value
from django.db.models.lookups import GreaterThan, LessThan

from statements.models import Statement
from statements.reading.rows import Row, statement_rows

PAGE_SIZE = 20
# A day and a key that a database takes.
PLACE = re.compile(r"(\d{8})-(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class Place:
    """Where a statement stands in a list: its day, then its key."""

    day: date
    key: int

    @classmethod
    def parse(cls, value: str) -> Place | None:
        """None for anything that `str` has not written: the list then begins at its start."""
        match = PLACE.fullmatch(value)
        if not match:
            return None
        try:
            return cls(datetime.strptime(match[1], "%Y%m%d").date(), int(match[2]))
        except ValueError:
            return None

    @classmethod
    def of(cls, statement: Statement) -> Place:
        return cls(statement.sort_on, statement.pk)

    def __str__(self) -> str:
        return f"{self.day.year:04}{self.day:%m%d}-{self.key}"


class Together(Func):
    """Two columns compared as one, which an index on both serves."""

    template = "(%(expressions)s)"
    arity = 2
    output_field = models.BooleanField()


@dataclass
class StatementPage:
    rows: list[Row]
    # Addresses of the neighbouring pages, empty where there is none.
    newer: str = ""
    older: str = ""
    # The page's own address, free of whatever else was asked for.
    address: str = ""
    is_first: bool = True


def address_of(path: str) -> Callable[..., str]:
    """Addresses of the pages of a list whose own address has no filters."""
    return lambda **place: f"{path}?{urlencode(place)}" if place else path


def statement_page(
    statements: models.QuerySet[Statement],
    query: Mapping[str, str],
    address: Callable[..., str],
    *,
    language: str = "",
) -> StatementPage:
    """The page that `before` or `after` in an address asks for, else the first one.

    `address(before=…)` gives the address of a page of the same list; `language` is the one that was
    asked for.
    """
    before, after = (Place.parse(query.get(name, "")) for name in ("before", "after"))
    if after and not before:
        return _page_after(statements, after, address, language)
    if before:
        statements = older_than(statements, before)
    rows = statement_rows(statements.newest_first()[: PAGE_SIZE + 1], language=language)
    shown = rows[:PAGE_SIZE]
    return StatementPage(
        shown,
        newer=address(after=_edge(shown[0])) if before and shown else "",
        older=address(before=_edge(shown[-1])) if len(rows) > PAGE_SIZE else "",
        address=address(before=str(before)) if before else address(),
        is_first=not before,
    )


def older_than(statements: models.QuerySet[Statement], place: Place) -> models.QuerySet[Statement]:
    """Those that come after a place in a list, whatever has become of the statement there."""
    return statements.filter(LessThan(_place_of_row(), _place(place)))


def _page_after(
    statements: models.QuerySet[Statement],
    after: Place,
    address: Callable[..., str],
    language: str,
) -> StatementPage:
    statements = statements.filter(GreaterThan(_place_of_row(), _place(after)))
    newer = statements.order_by("sort_on", "pk")[: PAGE_SIZE + 1]
    rows = statement_rows(newer, language=language)
    shown = rows[:PAGE_SIZE][::-1]
    return StatementPage(
        shown,
        newer=address(after=_edge(shown[0])) if len(rows) > PAGE_SIZE else "",
        older=address(before=_edge(shown[-1])) if shown else "",
        address=address(after=str(after)),
        is_first=False,
    )


def _place_of_row() -> Together:
    return Together(F("sort_on"), F("pk"))


def _place(place: Place) -> Together:
    return Together(Value(place.day), Value(place.key))


def _edge(row: Row) -> str:
    return str(Place.of(row.statement))
