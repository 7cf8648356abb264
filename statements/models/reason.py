"""Why submissions are declined: a list that moderators edit, with words to the sender."""

from __future__ import annotations

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from statements.models.base import LanguageField
from statements.models.submission import MOST_NOTE
from statements.plain import LineField


class DeclineReasonQuerySet(models.QuerySet):
    def offered(self) -> DeclineReasonQuerySet:
        """Those that can be given now; what was given before keeps its own."""
        return self.filter(is_offered=True)

    def worded(self) -> DeclineReasonQuerySet:
        """With their words in every language, for `in_language` and for their names."""
        return self.prefetch_related("words")


class DeclineReason(models.Model):
    """A reason by its code, which stands in the log and in counts; its words are beside it."""

    code = models.SlugField(
        _("code"),
        max_length=40,
        unique=True,
        help_text=_("It stays: the log and counts name the reason by it."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_offered = models.BooleanField(
        _("offered"), default=True, help_text=_("Whether moderators can choose it.")
    )

    objects = DeclineReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason to decline")
        verbose_name_plural = _("reasons to decline")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        words = self.in_language(get_language() or "")
        return words.name if words else self.code

    def in_language(self, language: str) -> DeclineWords | None:
        """Its words in a language; without them in the first one that has some."""
        rows = list(self.words.all())
        fitting = (row for row in rows if row.language == language)
        return next(fitting, rows[0] if rows else None)


class DeclineWords(models.Model):
    """What a reason is called, and what the sender is told, in one language."""

    reason = models.ForeignKey(DeclineReason, models.CASCADE, related_name="words")
    language = LanguageField()
    name = LineField(_("name"), max_length=100)
    words = models.TextField(
        _("words to the sender"),
        validators=[MaxLengthValidator(MOST_NOTE)],
        help_text=_("They fill the box to begin with; the moderator may change them."),
    )

    class Meta:
        verbose_name = _("words of a reason")
        verbose_name_plural = _("words of reasons")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["reason", "language"], name="decline_words_once")
        ]

    def __str__(self) -> str:
        return self.name
