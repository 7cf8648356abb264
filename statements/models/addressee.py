"""Addressees: whom demands are put to."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from statements.models.base import Guarded, LanguageField, LinkedQuerySet, Name, Named
from statements.models.place import Place
from statements.plain import LineField


class Addressee(Named, Guarded):
    """The office or body a demand is put to. Its contacts are public ones."""

    name = LineField(_("name"), max_length=300)
    language = LanguageField(default="en")
    country = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="addressees",
        verbose_name=_("country"),
    )
    contacts = models.TextField(
        _("public contacts"),
        max_length=1000,
        blank=True,
        help_text=_("Postal address, e-mail, telephone: only what the office itself publishes."),
    )

    email = models.EmailField(
        _("public e-mail address"),
        blank=True,
        help_text=_("Visitors are offered to write to it, with their own mail program."),
    )
    letter_language = LanguageField(
        verbose_name=_("language of letters to it"),
        blank=True,
        help_text=_("A model letter in it comes first. Empty: the language of its name."),
    )

    objects = LinkedQuerySet.as_manager()

    class Meta:
        verbose_name = _("addressee")
        verbose_name_plural = _("addressees")
        ordering = ["name", "pk"]

    @property
    def is_reachable(self) -> bool:
        """Whether visitors can be told how to write to it."""
        return bool(self.email or self.contacts)

    @property
    def reads(self) -> str:
        """The language in which it is written to."""
        return self.letter_language or self.language


class AddresseeName(Name):
    addressee = models.ForeignKey(Addressee, models.CASCADE, related_name="names")

    class Meta(Name.Meta):
        verbose_name = _("name in another language")
        verbose_name_plural = _("names in other languages")
        constraints = [
            models.UniqueConstraint(fields=["addressee", "language"], name="addressee_name_once")
        ]
