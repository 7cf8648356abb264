"""Namings: where texts name persons, in which spelling."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from statements.models.base import Listed
from statements.models.demand import DemandPerson, by_owner
from statements.models.person import Person
from statements.models.statement import Statement
from statements.models.text import Text
from statements.naming import Concealed
from statements.plain import LineField
from statements.prepared import Prepared


class NamingQuerySet(models.QuerySet):
    def spellings_concealed_in(self, texts: Iterable[Text | int]) -> NamingQuerySet:
        """("text", its id, spelling, how it is shown) for names not shown in full.

        What one text of a statement names is concealed in all of them. The namings themselves,
        every name of whoever is named, and of whoever the statement's demands are about: a naming
        that an editor forgot must not give a name away.
        """
        return self._concealed("text", texts, "__texts")

    def spellings_concealed_of(self, statements: Iterable[Statement | int]) -> NamingQuerySet:
        """The same of all texts of some statements: ("statement", its id, ...)."""
        return self._concealed("statement", statements, "")

    def _concealed(self, kind: str, owners: Iterable, path: str) -> NamingQuerySet:
        label = models.Value(kind, output_field=models.CharField())
        beside, owner = f"text__statement{path}", f"demand__made__statement{path}"
        named = self.filter(**{f"{beside}__in": owners})
        asked = DemandPerson.objects.filter(**{f"{owner}__in": owners})
        first, *others = (
            rows.exclude(person__shown_as=Person.Shown.FULL)
            .filter(**{f"{spelling}__isnull": False})
            .order_by()
            .values_list(label, to, spelling, "person__shown_as")
            for rows, to, spellings in (
                (named, beside, ("spelling", "person__name", "person__names__name")),
                (asked, owner, ("person__name", "person__names__name")),
            )
            for spelling in spellings
        )
        return first.union(*others)


class NamingManager(models.Manager.from_queryset(NamingQuerySet)):
    def concealed_in(self, texts: Iterable[Text | int]) -> dict[int, list[Concealed]]:
        """What the pages of texts must not show, by the text's id, in one query."""
        keys = [getattr(text, "pk", text) for text in texts]
        found = by_owner(CONCEALED.rows(keys))["text"]
        return {pk: found.get(pk, []) for pk in keys}


CONCEALED = Prepared(lambda texts: Naming.objects.spellings_concealed_in(texts), lists=1)


class Naming(Listed):
    """A person's name as one text spells it, inflected forms too.

    It serves "statements that name them", and withholding: see statements/naming.py.
    """

    text = models.ForeignKey(Text, models.CASCADE, related_name="namings")
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="namings", verbose_name=_("person")
    )
    spelling = LineField(_("spelling"), max_length=200)

    objects = NamingManager()

    class Meta:
        verbose_name = _("naming")
        verbose_name_plural = _("namings")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["text", "person", "spelling"], name="naming_once")
        ]

    def __str__(self) -> str:
        return self.spelling
