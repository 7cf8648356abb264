"""Queries that are written once: to write one can take longer than to answer it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from copy import copy
from types import SimpleNamespace

from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

# A stand-in for the first list of keys; the next one is for the second, and so on.
STAND_IN = -1_000_000_001
Written = tuple[list[str], Sequence[object], SQLCompiler]


class Prepared:
    """A query about lists of keys, which are the arguments of what writes it."""

    def __init__(self, write: Callable[..., QuerySet], lists: int) -> None:
        self._write, self._lists = write, lists
        # The pieces between the parameters, these, and what made them, for each database.
        self._written: dict[str, Written] = {}

    def rows(self, *keys: Collection[int], using: str = "default") -> list[tuple]:
        """As the database has them, so the query's columns have to be words and numbers."""
        if not any(keys):
            return []
        pieces, parameters, _compiler = self._prepared(using)
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

    def records(self, *keys: Collection[int], using: str = "default") -> list[Model]:
        """What the query gives as Django makes it: of a model, with annotations and others joined.

        Without the records that `prefetch_related` would fetch.
        """
        if not (rows := self.rows(*keys, using=using)):
            return []
        compiler = copy(self._prepared(using)[2])
        compiler.connection = connections[using]
        compiler.execute_sql = lambda **_options: [rows]
        query = SimpleNamespace(get_compiler=lambda using: compiler)
        answered = SimpleNamespace(db=using, query=query, _known_related_objects={})
        return list(ModelIterable(answered))

    def _prepared(self, using: str) -> Written:
        if using not in self._written:
            compiler = self._write(*([key] for key in self._stand_ins())).query.get_compiler(using)
            sql, parameters = compiler.as_sql()
            self._written[using] = sql.split("%s"), parameters, compiler
        return self._written[using]

    def _stand_ins(self) -> list[int]:
        return [STAND_IN - number for number in range(self._lists)]
