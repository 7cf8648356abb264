"""Which dump of the public archive may be served: one row, in which it is dropped at once.

The files lie in `DATA_ROOT`; statements/data/workflow.py says when they may be served no more.
"""

from __future__ import annotations

from django.db import models


class PublicDump(models.Model):
    # Counts what had to leave dumps: one that was begun before is finished by nobody.
    generation = models.PositiveBigIntegerField(default=0)
    # The folder of the one that is served.
    folder = models.UUIDField(null=True)
    made_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_row_of_public_dump"),
            models.CheckConstraint(
                condition=models.Q(folder__isnull=True, made_at__isnull=True)
                | models.Q(folder__isnull=False, made_at__isnull=False),
                name="public_dump_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"dump of {self.made_at}" if self.made_at else "no dump"
