"""Verifications: how the editors know that an organisation is who it says it is."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from statements.models.organisation import Organisation

A_YEAR = timedelta(days=365)


def in_a_year() -> date:
    return timezone.localdate() + A_YEAR


class VerificationQuerySet(models.QuerySet):
    def valid(self) -> VerificationQuerySet:
        """Those in force today; others have run out or were taken back."""
        return self.filter(is_current=True, until__gte=timezone.localdate())


class Verification(models.Model):
    """One organisation was verified on a day, by a method, and until another day."""

    class Method(models.TextChoices):
        SITE = "site", _("its own website carries our mark")
        MAIL = "mail", _("it wrote from the mail domain of its website")
        VOUCHED = "vouched", _("two verified organisations vouch for it")
        EDITORS = "editors", _("the editors know it")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="verifications")
    method = models.CharField(_("how"), max_length=8, choices=Method)
    vouchers = models.ManyToManyField(
        Organisation,
        related_name="vouched_for",
        blank=True,
        verbose_name=_("who vouches for it"),
    )
    at = models.DateField(default=timezone.localdate)
    until = models.DateField(_("valid until"), default=in_a_year)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="verifications"
    )
    # Newer ones replace it; one that was taken back stays in the history.
    is_current = models.BooleanField(default=True)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        default_permissions = ()
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(is_current=True),
                name="verification_in_force_once",
            )
        ]

    def __str__(self) -> str:
        return self.get_method_display()
