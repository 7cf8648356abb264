"""The audit log: who did what and when, each entry chained to the one before."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Actor(models.Model):
    """Who acted in one month, as a number. The link to an account is erased, and no entry changes.

    An account has another number each month, so that the link can go for what is old, and stay
    for what is not.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="actors",
        verbose_name=_("account"),
    )
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.user) if self.user else f"#{self.pk}"


class AuditHead(models.Model):
    """The newest entry's number and hash: one row, which every writer locks in turn.

    It tells, too, when the last entries of the log are gone.
    """

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="", blank=True)

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


class AuditEntry(models.Model):
    """One act. Written once and never changed: PostgreSQL refuses, and the chain shows it.

    Only codes and ids stand here, and nothing that names anybody, so that erasing a person's
    data leaves the chain whole.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField(_("at"))
    # Nobody is the site itself: a schedule, a command of the operator.
    actor = models.ForeignKey(
        Actor, models.PROTECT, null=True, related_name="entries", verbose_name=_("by")
    )
    act = models.CharField(_("act"), max_length=40)
    noun = models.CharField(_("noun"), max_length=40, blank=True)
    object_id = models.PositiveBigIntegerField(null=True)
    before = models.CharField(_("from"), max_length=40, blank=True)
    after = models.CharField(_("to"), max_length=40, blank=True)
    code = models.CharField(_("code"), max_length=80, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        default_permissions = ("view",)
        ordering = ["-number"]
        indexes = [models.Index(fields=["noun", "object_id"], name="audit_of_a_record")]

    def __str__(self) -> str:
        return f"{self.number} {self.act}"

    def chained(self, previous: str) -> str:
        """SHA-256, in hex, of the hash before and of what this entry says, as JSON."""
        said = [
            self.number,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.actor_id,
            *(self.act, self.noun, self.object_id, self.before, self.after, self.code),
        ]
        line = json.dumps(said, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(f"{previous}{line}".encode()).hexdigest()
