"""Decisions: who moved what from one state to another, and why."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from statements.models.audit import AuditEntry
from statements.models.releaseset import ReleaseSet
from statements.models.statement import Statement
from statements.models.submission import Submission
from statements.models.text import Text


class Decision(models.Model):
    """What moved, from where to where and by which reason stands in its audit entry.

    The note is for colleagues. It can be erased; the entry cannot.
    """

    entry = models.OneToOneField(AuditEntry, models.PROTECT, related_name="decision")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="decisions",
        verbose_name=_("by"),
    )
    statement = models.ForeignKey(
        Statement, models.CASCADE, null=True, related_name="decisions", verbose_name=_("statement")
    )
    text = models.ForeignKey(
        Text, models.CASCADE, null=True, related_name="decisions", verbose_name=_("text")
    )
    submission = models.ForeignKey(
        Submission,
        models.CASCADE,
        null=True,
        related_name="decisions",
        verbose_name=_("submission"),
    )
    releaseset = models.ForeignKey(
        ReleaseSet,
        models.CASCADE,
        null=True,
        related_name="decisions",
        verbose_name=_("release set"),
    )
    note = models.TextField(_("note"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        default_permissions = ("view",)
        # By the number itself: "-entry" would follow the order of entries, and turn it round.
        ordering = ["-entry_id"]

    def __str__(self) -> str:
        return str(self.entry)
