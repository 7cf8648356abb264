"""Model letters: what somebody may write to whom a demand is put to, in the editors' words."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from statements.models.base import LanguageField
from statements.models.demand import Demand, DemandPerson
from statements.models.naming import Naming
from statements.models.person import Person, concealed
from statements.models.safety import waiting_persons
from statements.models.text import Text
from statements.naming import Concealed, conceal, named_in
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

    Its words are the editors', and may name anybody: they go out through `without` alone.
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

    @property
    def lines(self) -> str:
        return f"{self.subject}\n{self.words}"

    def without(self, hidden: list[Concealed]) -> tuple[str, str]:
        """(subject, words) as visitors may read them."""
        return conceal(self.subject, hidden), conceal(self.words, hidden)


def hidden_in(letters: Iterable[DemandLetter]) -> list[Concealed]:
    """What letters must not show: whoever is not shown in full, and whoever is at risk and was not
    asked about, wherever they are known from. One query.

    No row says whom a letter names, so all are looked for: who is withheld today is gone from the
    letters of years ago.
    """
    persons = Person.objects.filter(
        Q(pk__in=Person.objects.concealed()) | Q(pk__in=waiting_persons())
    )
    return spellings_in((letter.lines for letter in letters), persons)


def spellings_in(lines: Iterable[str], persons: QuerySet[Person]) -> list[Concealed]:
    """The spellings of persons that stand in lines, and what stands in their place. One query."""
    first, *others = (
        persons.exclude(**{column: None}).order_by().values_list(column, "shown_as")
        for column in ("name", "names__name", "namings__spelling")
    )
    found = first.union(*others)
    told = named_in("\n".join(lines), {one for one, _shown in found})
    # Of somebody who waits nothing may stand there, whatever may later.
    waits = {Person.Shown.FULL: Person.Shown.WITHHELD}
    return [concealed(one, waits.get(shown, shown)) for one, shown in found if one in told]


def known_in_letters(demand: Demand) -> list[Concealed]:
    """Whom letters of a demand may name though they are not shown in full, since this is the
    reason why they are not: whom it is about, and whom the statements that make it name, which
    those who write letters have read. One query.
    """
    leading = Text.objects.filter(is_leading=True, statement__demands_made__demand=demand)
    in_texts = Naming.objects.spellings_concealed_in(leading.order_by().values("pk"))
    in_demand = DemandPerson.objects.filter(demand=demand).spellings_concealed()
    rows = in_texts.union(in_demand)
    return [concealed(spelling, shown_as) for _kind, _owner, spelling, shown_as in rows]
