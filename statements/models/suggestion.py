"""Suggestions: what an import believes to have seen, until an editor settles it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from statements.models.demandasmade import DemandAsMade
from statements.models.statement import Statement
from statements.models.text import Quotation


class SuggestionQuerySet(models.QuerySet):
    def demands(self) -> SuggestionQuerySet:
        return self.filter(kind=Suggestion.Kind.DEMAND)

    def notes(self) -> SuggestionQuerySet:
        return self.exclude(kind=Suggestion.Kind.DEMAND)


class Suggestion(models.Model):
    """A demand that an import believes to see, or a note on what it did. Never public."""

    class Kind(models.TextChoices):
        DEMAND = "demand", _("seems to make a demand")
        OWN_TITLE = (
            "own-title",
            _("taken as the organisation's own title; an introduction before it"),
        )
        APPEAL = "appeal", _("left out: a site's own donation appeal")
        PAGE_MARK = "page-mark", _("left out: a page mark")
        HYPHEN = "hyphen", _("joined at a hyphen that ended a line")
        NO_SIGNATURE = "no-signature", _("no signature line was found")
        NOT_AN_AUTHOR = "not-an-author", _("stands in the signature and was not taken as an author")
        UNKNOWN_AUTHOR = "unknown-author", _("signed by a name that no organisation here bears")
        DEMAND_NOT_IN_TEXT = (
            "not-in-text",
            _("named as a demand by the sender; the words do not stand in the text"),
        )
        NEW_EVENT = "new-event", _("the sender says that it is about an event not known here")
        RISK = "risk", _("the sender says that somebody named in it could be put at risk")
        RISK_UNKNOWN = (
            "risk-unknown",
            _("the sender is not sure whether somebody named in it could be put at risk"),
        )
        SHARED_NAME = "shared-name", _("signed by a name that several organisations here bear")

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="suggestions")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    words = models.TextField(_("words"), blank=True)
    field = models.CharField(_("part"), max_length=14, choices=Quotation.Field, blank=True)
    voice = models.CharField(_("voice"), max_length=12, choices=DemandAsMade.Voice, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion of the import")
        verbose_name_plural = _("suggestions of the import")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.words}" if self.words else self.get_kind_display()
