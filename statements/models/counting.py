"""Counts that cost the same however large the archive is."""

from __future__ import annotations

from django.db import models

# A count that reaches this says "more than": nobody waits for the exact figure.
MOST_COUNTED = 1_000


class CappedCount(models.Subquery):
    """How many rows a correlated query has, counted up to one more than `MOST_COUNTED`."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = models.IntegerField()

    def __init__(self, queryset: models.QuerySet, **extra: object) -> None:
        super().__init__(queryset.order_by()[: MOST_COUNTED + 1], **extra)
