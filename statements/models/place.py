"""Places: countries and territories, an editable list that starts with ISO 3166-1."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from statements import languages
from statements.models.base import Guarded
from statements.paths import path_of
from statements.plain import LineField


class PlaceQuerySet(models.QuerySet):
    def readable(self) -> PlaceQuerySet:
        """Places that something readable is about or comes from: the others have no page."""
        from statements.models import Event, Organisation, Statement

        return self.filter(
            Exists(Statement.objects.readable().filter(places=OuterRef("pk")))
            | Exists(Event.objects.readable().filter(places=OuterRef("pk")))
            | Exists(Organisation.objects.readable().filter(country=OuterRef("pk")))
        )


class Place(Guarded):
    """A country or territory. A code here is an address, and no recognition."""

    code = models.SlugField(_("code"), max_length=12, unique=True)
    numeric = models.CharField(_("numeric code"), max_length=3, blank=True)
    name_override = LineField(
        _("name"),
        max_length=120,
        blank=True,
        help_text=_("Leave empty for the usual name in the reader's language."),
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_override or languages.territory(self.code)

    def get_absolute_url(self) -> str:
        return path_of("pages:place", self.code)
