"""Queries that are written once: to write one can take longer than to answer it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from django.db import connections
from django.db.models import QuerySet

# A stand-in for the first list of keys; the next one is for the second, and so on.
STAND_IN = -1_000_000_001
Written = tuple[list[str], Sequence[object]]


class Prepared:
    """A query about lists of keys, which are the arguments of what writes it.

    It gives rows as the database has them, so its columns have to be words and numbers.
    """

    def __init__(self, write: Callable[..., QuerySet], lists: int) -> None:
        self._write, self._lists = write, lists
        # The pieces between the parameters, and these, for each database.
        self._written: dict[str, Written] = {}

    def rows(self, *keys: Collection[int], using: str = "default") -> list[tuple]:
        if not any(keys):
            return []
        if using not in self._written:
            self._written[using] = self._compiled(using)
        pieces, parameters = self._written[using]
        given = dict(zip(self._stand_ins(), keys, strict=True))
        sql, values = [pieces[0]], []
        for parameter, piece in zip(parameters, pieces[1:], strict=True):
            listed = given.get(parameter, [parameter])
            # Nothing is in a list of nothing known, as nothing is in an empty one.
            sql += [", ".join(["%s"] * len(listed)) or "NULL", piece]
            values += listed
        with connections[using].cursor() as cursor:
            cursor.execute("".join(sql), values)
            return cursor.fetchall()

    def _stand_ins(self) -> list[int]:
        return [STAND_IN - number for number in range(self._lists)]

    def _compiled(self, using: str) -> Written:
        queryset = self._write(*([key] for key in self._stand_ins()))
        sql, parameters = queryset.query.get_compiler(using).as_sql()
        return sql.split("%s"), parameters
