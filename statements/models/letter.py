"""Model letters: what somebody may write to whom a demand is put to, in the editors' words."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from statements.models.base import LanguageField
from statements.models.demand import Demand
from statements.naming import Concealed, conceal
from statements.plain import LineField, text, uncut


class LetterField(models.TextField):
    """Paragraphs of plain text, made safe by `plain.text` whenever they are stored by a form."""

    def to_python(self, value: object) -> object:
        value = super().to_python(value)
        return text(value) if isinstance(value, str) else value

    def formfield(self, **kwargs: object) -> object:
        return uncut(super().formfield(**kwargs))


class DemandLetter(models.Model):
    """A letter in one language. Of several in one the first is shown.

    Its words are the editors', and may name whom the demand is about: they go out through
    `concealed` alone.
    """

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="letters")
    language = LanguageField()
    subject = LineField(_("subject"), max_length=150)
    words = LetterField(
        _("letter"),
        max_length=2000,
        help_text=_(
            "Plain text, a blank line between paragraphs. A link that opens a mail program has room"
            " for about 1,200 letters of Latin script, and for 250 of others; a longer one is"
            " copied by hand."
        ),
    )

    class Meta:
        verbose_name = _("model letter")
        verbose_name_plural = _("model letters")
        ordering = ["language", "pk"]

    def __str__(self) -> str:
        return self.subject

    def concealed(self, hidden: list[Concealed]) -> tuple[str, str]:
        """(subject, words) as visitors may read them."""
        return conceal(self.subject, hidden), conceal(self.words, hidden)
