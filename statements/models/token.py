"""Private links: of each the database knows a digest and nothing more."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TokenQuerySet(models.QuerySet):
    def live(self) -> TokenQuerySet:
        """Neither used nor too old."""
        unexpired = models.Q(expires_at=None) | models.Q(expires_at__gt=timezone.now())
        return self.filter(unexpired, used_at=None)


class Token(models.Model):
    """One private link. `statements.tokens` alone reads and writes it."""

    digest = models.CharField(_("digest"), max_length=64, unique=True)
    purpose = models.CharField(_("purpose"), max_length=30)
    object_id = models.BigIntegerField(_("object"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("private link")
        verbose_name_plural = _("private links")
        indexes = [models.Index(fields=["purpose", "object_id"], name="token_by_object")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.object_id}"
