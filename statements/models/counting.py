"""Counts that cost the same however large the archive is."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, models

# A count that reaches this says "more than": nobody waits for the exact figure.
MOST_COUNTED = 1_000


class CappedCount(models.Subquery):
    """How many rows a correlated query has, counted up to one more than `MOST_COUNTED`."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = models.IntegerField()

    def __init__(self, queryset: models.QuerySet, **extra: object) -> None:
        super().__init__(queryset.order_by()[: MOST_COUNTED + 1], **extra)


def counted(querysets: Iterable[models.QuerySet]) -> list[int]:
    """How many rows each of some queries has, up to one more than `MOST_COUNTED`: one query."""
    rows = [one.order_by().values("pk")[: MOST_COUNTED + 1] for one in querysets]
    if not rows:
        return []
    written = [one.query.get_compiler(connection=connection).as_sql() for one in rows]
    # What Django wrote, with its parameters apart.
    counts = ", ".join(f"(SELECT COUNT(*) FROM ({sql}) AS counted)" for sql, _values in written)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", [value for _sql, values in written for value in values])
        return list(cursor.fetchone())
