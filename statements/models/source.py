"""Sources: where something was published, shared by whatever it supports."""

from __future__ import annotations

from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from statements.dates import PartialDateColumns, partial_date_constraint
from statements.models.base import Guarded
from statements.plain import LineField


class Source(Guarded):
    publication = LineField(_("publication"), max_length=200)
    title = LineField(_("title"), max_length=300, blank=True)
    url = models.URLField(
        _("address"),
        max_length=1000,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
    )
    published = PartialDateColumns(_("published"))
    archived_url = models.URLField(
        _("archived copy"),
        max_length=1000,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
    )

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["-pk"]
        constraints = [partial_date_constraint("source", "published")]

    def __str__(self) -> str:
        return ", ".join(
            str(part) for part in (self.publication, self.title, self.published) if part
        )
