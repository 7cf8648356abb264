"""Which organisations make which demands in their own name: follows from links, for lists."""

from __future__ import annotations

from django.db import models

from statements.models.demand import Demand
from statements.models.organisation import Organisation


class DemandMaker(models.Model):
    """An organisation that makes a demand, in however many readable statements.

    `publishing/links.py` alone writes these, with `Demand.maker_count`. Asked of the statements
    themselves, the demands of one that speaks often would cost what its whole archive does.
    """

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="makes", db_index=False
    )
    demand = models.ForeignKey(Demand, models.CASCADE, related_name="made_by")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["organisation", "demand"], name="demand_maker_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} makes {self.demand_id}"
