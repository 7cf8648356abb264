"""Piles of records that somebody has to look after, and one line for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from statements.models import Demand, Person
from statements.models.counting import MOST_COUNTED, counted

# On one page of a pile.
MOST = 50


@dataclass(frozen=True)
class Line:
    """A record, what is told of it, and where to go on."""

    record: Model
    told: list[str]
    url: str
    act: str


@dataclass
class Pile:
    key: str
    name: str | Promise
    empty: str | Promise
    lines: list[Line] = field(default_factory=list)
    count: int = 0
    start: int = 0
    # What is counted, where there is more than one page of it.
    rows: QuerySet | None = None
    # Not where the pile is read on a page of its own alone.
    is_read: bool = True

    @property
    def number(self) -> str:
        if self.count > MOST_COUNTED:
            return _("more than %(number)s") % {"number": MOST_COUNTED}
        return str(self.count)

    @property
    def has_more(self) -> bool:
        return self.count > self.start + len(self.lines)

    @property
    def first(self) -> int:
        return self.start + 1

    @property
    def last(self) -> int:
        return self.start + len(self.lines)

    @property
    def next_page(self) -> int:
        return self.start // MOST + 2


def filled(pile: Pile, rows: QuerySet, lines: Iterable[Line], start: int) -> Pile:
    pile.start, pile.lines = start, list(lines)
    pile.count = start + len(pile.lines)
    if start or len(pile.lines) == MOST:
        pile.rows = rows
    return pile


def count_all(piles: list[Pile]) -> list[Pile]:
    """Piles with their numbers: one query for all of them."""
    many = [pile for pile in piles if pile.rows is not None]
    for pile, number in zip(many, counted(pile.rows for pile in many), strict=True):
        pile.count = number
    return piles


def state_of(record: Demand | Person) -> str:
    return record.get_state_display()


def day_shown(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def updates_of(record: Demand | Person) -> tuple[str, str]:
    """Where an update of the record is entered, and what that is called."""
    url = reverse(f"admin:statements_{record._meta.model_name}_updates", args=[record.pk])
    return url, _("Add an update")
