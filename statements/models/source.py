"""Sources: where something was published, shared by whatever it supports."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from django.core.validators import URLValidator
from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from statements.dates import PartialDateColumns, partial_date_constraint
from statements.languages import isolated
from statements.models.base import Guarded
from statements.plain import LineField

MOST_PLACE = 60


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
        """As look-ups show it: a publication has many, so what tells one from another is there."""
        words = [isolated(one) for one in (self.publication, self.title) if one]
        when = [str(self.published)] if self.published else []
        parts = [*words, *when, *filter(None, [self.place])]
        return pgettext("between the entries of a short list", ", ").join(parts)

    @property
    def place(self) -> str:
        """Where it stands, short enough for a line: the host, and what follows it."""
        try:
            parts = urlsplit(self.url)
            host = (parts.hostname or "").removeprefix("www.")
        except ValueError:
            return ""
        return Truncator(host + unquote(parts.path).rstrip("/")).chars(MOST_PLACE)
