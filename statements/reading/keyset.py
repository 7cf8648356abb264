"""Pages of a list by keyset: the last page costs what the first one does.

    page = page_of(request, [Part(demands.filter(raised_on__isnull=False), "-raised_on")])

The address of a further page holds the number of the last row before it, and no value of that
row: an address must not tell a name that the page conceals.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import models
from django.http import HttpRequest

PARAMETER = "before"
NUMBER = re.compile(r"[1-9][0-9]{0,17}")


@dataclass(frozen=True)
class Part:
    """Rows that are ordered by one column, never null in them, and by number where it is equal.

    A list is one part after another: those with a day, then those without one.
    """

    rows: models.QuerySet
    by: str = ""

    @property
    def column(self) -> str:
        return self.by.lstrip("-")

    @property
    def is_descending(self) -> bool:
        return self.by.startswith("-") or not self.by

    def ordered(self) -> models.QuerySet:
        number = "-pk" if self.is_descending else "pk"
        return self.rows.order_by(*filter(None, (self.by, number)))

    def after(self, last: models.Model) -> models.QuerySet:
        """The rows that follow one; the first condition is the one that the index serves."""
        side = "lt" if self.is_descending else "gt"
        further = models.Q(**{f"pk__{side}": last.pk})
        if not self.by:
            return self.ordered().filter(further)
        value = getattr(last, self.column)
        beyond = models.Q(**{f"{self.column}__{side}": value})
        return (
            self.ordered()
            .filter(**{f"{self.column}__{side}e": value})
            .filter(beyond | models.Q(**{self.column: value}) & further)
        )


@dataclass(frozen=True)
class Page:
    """Some rows of a list, the address of the list's beginning and that of the rows after."""

    rows: list
    newer: str = ""
    older: str = ""


def page_of(
    request: HttpRequest, parts: Sequence[Part], size: int, *, keep: Mapping[str, str] | None = None
) -> Page:
    """The page that the address asks for; an address that names no row gives the first one.

    `keep` is what else belongs to the address of the list: its filters.
    """
    index, last = _last_row(request, parts)
    rows: list[models.Model] = []
    for number, part in enumerate(parts[index:], index):
        follows = last is not None and number == index
        wanted = part.after(last) if follows else part.ordered()
        rows.extend(wanted[: size + 1 - len(rows)])
        if len(rows) > size:
            break
    kept = dict(keep or {})
    older = "?" + urlencode(kept | {PARAMETER: rows[size - 1].pk}) if len(rows) > size else ""
    start = f"{request.path}?{urlencode(kept)}" if kept else request.path
    return Page(rows[:size], newer=start if last else "", older=older)


def _last_row(request: HttpRequest, parts: Sequence[Part]) -> tuple[int, models.Model | None]:
    """The row that the page before ended with, and the part of the list that it is in."""
    number = request.GET.get(PARAMETER, "")
    if NUMBER.fullmatch(number):
        for index, part in enumerate(parts):
            if row := part.rows.filter(pk=number).first():
                return index, row
    return 0, None
