"""Demands as made: which statement makes which demand, and in whose voice."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from statements.dates import PartialDate
from statements.models.base import Listed
from statements.models.demand import Demand


class DemandAsMade(Listed):
    """One statement making one demand, in one voice."""

    class Voice(models.TextChoices):
        ORGANISATION = "organisation", _("the organisation")
        EDITORS = "editors", _("the editors")
        QUOTED = "quoted", _("quoted by the organisation")

    # In which it is the organisation's, and counts for it.
    OWN = (Voice.ORGANISATION, Voice.QUOTED)

    statement = models.ForeignKey("Statement", models.CASCADE, related_name="demands_made")
    demand = models.ForeignKey(
        Demand, models.PROTECT, related_name="made", verbose_name=_("demand")
    )
    voice = models.CharField(_("voice"), max_length=12, choices=Voice, default=Voice.ORGANISATION)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("demand made")
        verbose_name_plural = _("demands made")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "demand", "voice"], name="demand_made_once_a_voice"
            )
        ]

    def __str__(self) -> str:
        return str(self.demand)

    @property
    def raised(self) -> PartialDate | None:
        """The organisation's are raised with the statement, the editors' with the source."""
        source = self.statement.source
        published = source.published if source else None
        if self.voice == self.Voice.EDITORS:
            return published or self.statement.issued
        return self.statement.issued or published
