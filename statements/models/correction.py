"""Corrections: the public register of what was changed or taken back after publication."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from statements.models.base import LanguageField
from statements.models.statement import Statement
from statements.models.text import Revision


class CorrectionQuerySet(models.QuerySet):
    def published(self) -> CorrectionQuerySet:
        """Entries of statements whose address answers."""
        return self.filter(statement__in=Statement.objects.published())

    def newest_first(self) -> CorrectionQuerySet:
        return self.order_by("-at", "-pk")


class Correction(models.Model):
    """One entry. It is never changed: what was wrong in it is said in a further one."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("correction")
        CLARIFICATION = "clarification", _("clarification")
        UPDATE = "update", _("update")
        WITHDRAWAL = "withdrawal", _("withdrawal by the organisation")
        RETRACTION = "retraction", _("retraction by the editors")
        TAKE_DOWN = "take-down", _("take-down")
        SEALING = "sealing", _("a former version sealed")

    class Reason(models.TextChoices):
        """Why something is taken down: in words that tell nothing of what it was."""

        SAFETY = "safety", _("for the safety of people")
        LAW = "law", _("by order of a court or an authority")
        RIGHTS = "rights", _("because somebody else has the rights")
        FABRICATED = "fabricated", _("because its sender was not who it seemed")

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="corrections")
    # The version that the change made, where the words changed.
    version = models.OneToOneField(
        Revision, models.CASCADE, null=True, blank=True, related_name="correction"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    reason = models.CharField(_("reason"), max_length=16, choices=Reason, blank=True)
    note = models.TextField(_("public note"), max_length=1000, blank=True)
    language = LanguageField(default="en")
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        default_permissions = ("view",)
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at", "-id"], name="correction_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(note="") | ~models.Q(reason=""), name="correction_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
