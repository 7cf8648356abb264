"""Queries that are written once: to write one can take longer than to answer it.

PostgreSQL plans each once for a connection, too, which would take it longer than to answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from copy import copy
from hashlib import sha256
from types import SimpleNamespace
from weakref import WeakKeyDictionary

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

# A stand-in for the first list of keys; the next one is for the second, and so on.
STAND_IN = -1_000_000_001
Compiled = tuple[str, Sequence[object]]
Written = tuple[list[str], Sequence[object], SQLCompiler | None]

# What PostgreSQL has planned, by connection: it forgets that when the connection ends.
_planned: WeakKeyDictionary[object, set[str]] = WeakKeyDictionary()


def keeps_sessions(connection: BaseDatabaseWrapper) -> bool:
    """Whether what is planned on a connection is there the next time: not behind a pooler that
    gives each transaction another one."""
    is_pooled = connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]
    return connection.vendor == "postgresql" and not is_pooled


class Prepared:
    """A query about lists of keys, which are the arguments of what writes it: Django's, or SQL."""

    def __init__(self, write: Callable[..., QuerySet | Compiled], lists: int) -> None:
        self._write, self._lists = write, lists
        # Under which PostgreSQL plans it: no other query's, in any process. Empty until then.
        self._name = ""
        # The pieces between the parameters, these, and what made them, for each database.
        self._written: dict[str, Written] = {}

    def rows(self, *keys: Collection[int], using: str = "default") -> list[tuple]:
        """As the database has them, so the query's columns have to be words and numbers."""
        if not any(keys):
            return []
        given = dict(zip(self._stand_ins(), keys, strict=True))
        connection = connections[using]
        if keeps_sessions(connection):
            places = ", ".join(["%s"] * self._lists)
            # As PostgreSQL writes them, which takes both sides less than a list of values.
            lists = [f"{{{','.join(map(str, one))}}}" for one in keys]
            query = f"EXECUTE {self._plan(connection)} ({places})", lists
        else:
            query = self._with_lists(given, using)
        with connection.cursor() as cursor:
            cursor.execute(*query)
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

    def _with_lists(self, given: dict[int, Collection[int]], using: str) -> Compiled:
        pieces, parameters, _compiler = self._prepared(using)
        sql, values = [pieces[0]], []
        for parameter, piece in zip(parameters, pieces[1:], strict=True):
            listed = given.get(parameter, [parameter])
            # Nothing is in a list of nothing known, as nothing is in an empty one.
            sql += [", ".join(["%s"] * len(listed)) or "NULL", piece]
            values += listed
        return "".join(sql), values

    def _plan(self, connection: BaseDatabaseWrapper) -> str:
        connection.ensure_connection()
        planned = _planned.setdefault(connection.connection, set())
        if self._name not in planned:
            with connection.wrap_database_errors, connection.connection.cursor() as cursor:
                sql = self._with_arrays(cursor, connection.alias)
                self._name = f"prepared_{sha256(sql.encode()).hexdigest()[:40]}"
                if self._name not in planned:
                    types = ", ".join(["bigint[]"] * self._lists)
                    cursor.execute(f"PREPARE {self._name} ({types}) AS {sql}")
            planned.add(self._name)
        return self._name

    def _with_arrays(self, cursor: object, using: str) -> str:
        """The query with numbered arrays for its lists, and everything else as it stands."""
        pieces, parameters, _compiler = self._prepared(using)
        stand_ins = self._stand_ins()
        sql = pieces[0] % ()
        for parameter, piece in zip(parameters, pieces[1:], strict=True):
            if parameter in stand_ins:
                sql = f"{sql.removesuffix('IN (')}= ANY (${stand_ins.index(parameter) + 1}"
            else:
                sql += cursor.mogrify("%s", [parameter]).decode()
            sql += piece % ()
        return sql

    def _prepared(self, using: str) -> Written:
        if using not in self._written:
            found, compiler = self._write(*([key] for key in self._stand_ins())), None
            if isinstance(found, QuerySet):
                compiler = found.query.get_compiler(using)
                found = compiler.as_sql()
            sql, parameters = found
            self._written[using] = sql.split("%s"), parameters, compiler
        return self._written[using]

    def _stand_ins(self) -> list[int]:
        return [STAND_IN - number for number in range(self._lists)]
