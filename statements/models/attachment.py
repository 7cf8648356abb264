"""Attachments: pictures and documents beside a statement's text, never in the prose."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from statements.models.base import LanguageField
from statements.models.statement import Statement
from statements.plain import LineField


class AttachmentQuerySet(models.QuerySet):
    def finished(self) -> AttachmentQuerySet:
        """Those that say who made them and under which licence: what strangers sent may not yet."""
        return self.exclude(models.Q(credit="") | models.Q(licence=""))

    def unfinished(self) -> AttachmentQuerySet:
        return self.filter(models.Q(credit="") | models.Q(licence=""))

    def readable(self) -> AttachmentQuerySet:
        """Finished files of statements that visitors may read."""
        return self.finished().filter(statement__in=Statement.objects.readable())


class Attachment(models.Model):
    class Type(models.TextChoices):
        IMAGE = "image", _("image")
        PDF = "pdf", _("PDF")

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="attachments")
    type = models.CharField(max_length=5, choices=Type, editable=False)
    file = models.FileField(_("file"), upload_to="attachments/", max_length=100)
    width = models.PositiveIntegerField(null=True, editable=False)
    height = models.PositiveIntegerField(null=True, editable=False)
    size = models.PositiveIntegerField(_("bytes"), editable=False)
    alternative = LineField(
        _("alternative text"),
        max_length=500,
        help_text=_(
            "What the picture shows, or what the document is, for those who cannot see it."
        ),
    )
    language = LanguageField(default="en", help_text=_("Of the alternative text and caption."))
    caption = LineField(_("caption"), max_length=500, blank=True)
    credit = LineField(_("credit"), max_length=200, help_text=_("Who made it."))
    licence = LineField(_("licence"), max_length=100, help_text=_("For example: CC BY-SA 4.0"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(alternative=""), name="attachment_has_alternative_text"
            )
        ]

    def __str__(self) -> str:
        return self.alternative

    @property
    def is_finished(self) -> bool:
        return bool(self.credit and self.licence)
