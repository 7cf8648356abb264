"""How often somebody did something of late, without saying who."""

from __future__ import annotations

from django.db import models


class Limit(models.Model):
    """One count, until its window ends.

    `statements.limits` alone reads and writes it, and no form shows it. The key is a
    digest that cannot be undone once the salt of its day is gone.
    """

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at:%H:%M}"
