"""Rows to be stored in bulk: lighter than models, and with keys before they are written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import cache
from operator import attrgetter
from types import SimpleNamespace

from django.core.management.color import no_style
from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from django.db.models import Max

from statements import changes

Tables = dict[type[models.Model], list["Row"]]


class Row(SimpleNamespace):
    """What one row of a table will hold, by column, and what else is known of it.

    No field cleans what it holds: who makes a row gives what the fields would store.
    """


@cache
def columns_of(model: type[models.Model]) -> list[models.Field]:
    """The columns that are written: the database computes the others."""
    return [field for field in model._meta.local_concrete_fields if not field.generated]


@cache
def defaults(model: type[models.Model]) -> dict[str, object]:
    fields = columns_of(model)
    return {field.attname: field.get_default() for field in fields}


class Keys:
    """The next key of every table, so that rows can point at each other before they are stored.

    Nobody else may add rows meanwhile: the database's own counters follow when rows are stored.
    """

    def __init__(self) -> None:
        self.last: dict[type[models.Model], int] = {}

    def next(self, model: type[models.Model]) -> int:
        if model not in self.last:
            self.last[model] = model._base_manager.aggregate(last=Max("pk"))["last"] or 0
        self.last[model] += 1
        return self.last[model]


def store(tables: Tables) -> None:
    """Write rows that have their keys. Foreign keys are checked when the transaction ends."""
    write = _copy if connection.vendor == "postgresql" else _insert
    with connection.cursor() as cursor:
        for model, rows in tables.items():
            write(cursor, model, _values(model, rows))
        # Keys that were given leave the database's own counters behind.
        for sql in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(sql)


def _values(model: type[models.Model], rows: list[Row]) -> Iterator[tuple]:
    columns = []
    for field in columns_of(model):
        column = map(attrgetter(field.attname), rows)
        if isinstance(field, models.DateTimeField):
            column = map(connection.ops.adapt_datetimefield_value, column)
        columns.append(column)
    return zip(*columns, strict=True)


def _copy(cursor: CursorWrapper, model: type[models.Model], values: Iterator[tuple]) -> None:
    """As CSV, in which a column that takes no NULL holds an empty string instead."""
    fields = columns_of(model)
    filled = [field for field in fields if not field.null]
    file = io.StringIO(newline="")
    csv.writer(file).writerows(values)
    file.seek(0)
    options = f"FORMAT csv, FORCE_NOT_NULL ({_names(filled)})"
    cursor.copy_expert(f"COPY {_table(model)} ({_names(fields)}) FROM STDIN ({options})", file)
    # Not a statement that writes, for those who watch them.
    changes.note()


def _insert(cursor: CursorWrapper, model: type[models.Model], values: Iterator[tuple]) -> None:
    fields = columns_of(model)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {_table(model)} ({_names(fields)}) VALUES ({marks})"  # noqa: S608
    cursor.executemany(sql, values)


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _names(fields: list[models.Field]) -> str:
    return ", ".join(connection.ops.quote_name(field.column) for field in fields)
