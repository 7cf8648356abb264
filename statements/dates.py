"""Partial dates: what is known of a day, when only a month, a year or a bound is known."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

DAY, MONTH, YEAR, BEFORE, AFTER = "day", "month", "year", "before", "after"
NOTATION = re.compile(r"(?:(before|after) )?(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


class NotADate(ValueError):
    """The words are not a partial date in our notation."""


class NoSuchDay(NotADate):
    """The notation is ours, but the calendar has no such day."""


@dataclass(frozen=True)
class PartialDate:
    """An earliest and a latest day, either of which may be open, and how exact they are.

    "Before 9 August" has 8 August as its latest day and no earliest one.
    """

    earliest: date | None
    latest: date | None
    precision: str

    @classmethod
    def of(cls, day: date) -> PartialDate:
        return cls(day, day, DAY)

    @classmethod
    def parse(cls, notation: str) -> PartialDate:
        """Read "2020-08-12", "2020-08", "2020", "before 2020-08-09" or "after 2020-08".

        The ISO 8601 forms of reduced precision, with a bound before them where there is one.
        """
        match = NOTATION.fullmatch(" ".join(notation.split()).lower())
        if not match:
            raise NotADate(notation)
        bound, *parts = match.groups()
        year, month, day = (int(part) if part else None for part in parts)
        try:
            first = date(year or 0, month or 1, day or 1)
            if day:
                last = first
            elif month:
                last = first.replace(day=calendar.monthrange(first.year, month)[1])
            else:
                last = date(first.year, 12, 31)
            if bound == BEFORE:
                return cls(None, first - timedelta(days=1), BEFORE)
            if bound == AFTER:
                return cls(last + timedelta(days=1), None, AFTER)
        except (ValueError, OverflowError) as error:
            raise NoSuchDay(notation) from error
        return cls(first, last, DAY if day else MONTH if month else YEAR)

    @property
    def bound(self) -> date:
        """The day that stands in the words: the day itself, or the one that bounds it."""
        if self.precision == BEFORE and self.latest:
            return self.latest + timedelta(days=1)
        if self.precision == AFTER and self.earliest:
            return self.earliest - timedelta(days=1)
        if not self.earliest:
            raise NotADate("a partial date has at least one day")
        return self.earliest

    @property
    def sort_day(self) -> date:
        """The last day that it may be; the first, where the last is open."""
        day = self.latest or self.earliest
        if not day:
            raise NotADate("a partial date has at least one day")
        return day

    @property
    def notation(self) -> str:
        """What `parse` reads; never translated."""
        if self.precision in (BEFORE, AFTER):
            return f"{self.precision} {self.bound.isoformat()}"
        return self.bound.isoformat()[: {YEAR: 4, MONTH: 7}.get(self.precision, 10)]

    @property
    def exact(self) -> str:
        """The day, month or year in words, without its bound: "9 August 2020"."""
        if self.precision == YEAR:
            return str(self.bound.year)
        form = "YEAR_MONTH_FORMAT" if self.precision == MONTH else "DATE_FORMAT"
        return _in_words(self.bound, form, get_language())

    def __str__(self) -> str:
        if self.precision == BEFORE:
            return pgettext("partial date", "before %(day)s") % {"day": self.exact}
        if self.precision == AFTER:
            return pgettext("partial date", "after %(day)s") % {"day": self.exact}
        return self.exact


@lru_cache(10_000)
def _in_words(day: date, form: str, language: str | None) -> str:
    """In the language that is active. Lists have the same days over and over."""
    return date_format(day, form)


PRECISIONS = [
    (DAY, gettext_lazy("day")),
    (MONTH, gettext_lazy("month")),
    (YEAR, gettext_lazy("year")),
    (BEFORE, gettext_lazy("before")),
    (AFTER, gettext_lazy("after")),
]


class PartialDateColumns:
    """Three columns of a model that are one PartialDate, or None, under one name.

    `issued = PartialDateColumns(_("issued"))` makes issued_earliest, issued_latest and
    issued_precision, and a property `issued` that reads and writes them together.
    """

    def __init__(self, verbose_name: object) -> None:
        self.verbose_name = verbose_name

    def contribute_to_class(self, cls: type[models.Model], name: str) -> None:
        for column, field in (
            ("earliest", models.DateField(self.verbose_name, null=True, editable=False)),
            ("latest", models.DateField(self.verbose_name, null=True, editable=False)),
            (
                "precision",
                models.CharField(
                    self.verbose_name,
                    max_length=6,
                    choices=PRECISIONS,
                    blank=True,
                    default="",
                    editable=False,
                ),
            ),
        ):
            cls.add_to_class(f"{name}_{column}", field)

        def read(row: models.Model) -> PartialDate | None:
            precision = getattr(row, f"{name}_precision")
            if not precision:
                return None
            return PartialDate(
                getattr(row, f"{name}_earliest"), getattr(row, f"{name}_latest"), precision
            )

        def write(row: models.Model, value: PartialDate | None) -> None:
            setattr(row, f"{name}_earliest", value.earliest if value else None)
            setattr(row, f"{name}_latest", value.latest if value else None)
            setattr(row, f"{name}_precision", value.precision if value else "")

        # A property, because Model(issued=…) takes those by name.
        setattr(cls, name, property(read, write, doc=f"PartialDate or None: {self.verbose_name}"))


def partial_date_constraint(table: str, name: str) -> models.CheckConstraint:
    """Either no date and no precision, or bounds that fit the precision and each other."""
    both = models.Q(
        **{
            f"{name}_precision__in": [DAY, MONTH, YEAR],
            f"{name}_earliest__isnull": False,
            f"{name}_latest__isnull": False,
            f"{name}_latest__gte": models.F(f"{name}_earliest"),
        }
    )
    before = models.Q(
        **{
            f"{name}_precision": BEFORE,
            f"{name}_earliest__isnull": True,
            f"{name}_latest__isnull": False,
        }
    )
    after = models.Q(
        **{
            f"{name}_precision": AFTER,
            f"{name}_earliest__isnull": False,
            f"{name}_latest__isnull": True,
        }
    )
    none = models.Q(
        **{
            f"{name}_precision": "",
            f"{name}_earliest__isnull": True,
            f"{name}_latest__isnull": True,
        }
    )
    return models.CheckConstraint(
        condition=both | before | after | none, name=f"{table}_{name}_is_a_partial_date"
    )


class DayInYear(models.Func):
    """Month and day of a date as one number that has an order: 809 is 9 August.

    In functions of the database itself, so that an index of it is one for every program.
    """

    template = (
        "CAST((EXTRACT(MONTH FROM %(expressions)s) * 100 + EXTRACT(DAY FROM %(expressions)s))"
        " AS integer)"
    )
    output_field = models.IntegerField()

    @staticmethod
    def of(day: date) -> int:
        return day.month * 100 + day.day

    def as_sqlite(self, compiler: object, connection: object, **context: object) -> tuple:
        template = "CAST(strftime('%%%%m%%%%d', %(expressions)s) AS integer)"
        return self.as_sql(compiler, connection, template=template, **context)


def anniversary_index(table: str, name: str) -> models.Index:
    """Exact days by their place in the year, for anniversaries."""
    return models.Index(
        DayInYear(f"{name}_earliest"),
        "id",
        name=f"{table}_anniversary",
        condition=models.Q(**{f"{name}_precision": DAY}),
    )


def refusal() -> str:
    """What a form says when it cannot read a partial date."""
    return _(
        "Give a day as 2020-08-12, a month as 2020-08 or a year as 2020;"
        " choose “before” or “after” for a bound."
    )
