"""Pages of a list for programs: where one ended, the next goes on, whatever became of its rows.

A list of statements is in the order of its page; other records are by number, the newest first.
A cursor has no value of a row but a day, so that it tells no name.
"""

from __future__ import annotations

import re
from datetime import date

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from statements.api.problems import wrong
from statements.models import Statement
from statements.reading.paging import Place, older_than

OF_STATEMENTS = re.compile(r"([0-9]{1,7})-([0-9]{1,18})")
OF_RECORDS = re.compile(r"[0-9]{1,18}")


def statements_after(statements: QuerySet[Statement], cursor: str | None) -> QuerySet[Statement]:
    if cursor is not None:
        match = OF_STATEMENTS.fullmatch(cursor)
        if not match:
            raise _wrong()
        day = min(max(int(match[1]), 1), date.max.toordinal())
        place = Place(date.fromordinal(day), int(match[2]))
        statements = older_than(statements, place)
    return statements.newest_first()


def records_after(records: QuerySet, cursor: str | None) -> QuerySet:
    if cursor is not None:
        if not OF_RECORDS.fullmatch(cursor):
            raise _wrong()
        records = records.filter(pk__lt=int(cursor))
    return records.order_by("-pk")


def cursor_of(last: Model, *, by_day: bool) -> str:
    """Where the page that ends with a row goes on."""
    return f"{last.sort_on.toordinal()}-{last.pk}" if by_day else str(last.pk)


def _wrong() -> Exception:
    return wrong({"cursor": _("Take it from “next” of an answer.")})
