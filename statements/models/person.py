"""Persons: somebody a demand is about or a text names. Their safety comes first."""

from __future__ import annotations

import re

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from statements.dates import PartialDate, PartialDateColumns, partial_date_constraint
from statements.models.base import Linked, LinkedQuerySet, Name
from statements.naming import Concealed, gap
from statements.paths import path_of
from statements.plain import LineField

# No slug begins with it, so numbers and slugs never meet.
NUMBERED = "~"
NUMBER = re.compile(r"[1-9][0-9]{0,17}")


class PersonQuerySet(LinkedQuerySet):
    def published(self) -> PersonQuerySet:
        """Nobody whose name is withheld has a page."""
        return super().published().exclude(shown_as=Person.Shown.WITHHELD)

    def at(self, address: str) -> PersonQuerySet:
        """The person at an address, see `Person.address`.

        The number answers for everybody, so that a link made while the name was concealed goes
        on; the slug only for those whose name is shown in full.
        """
        number = address.removeprefix(NUMBERED)
        if number != address:
            return self.filter(pk=number) if NUMBER.fullmatch(number) else self.none()
        return self.in_full().filter(slug=address)

    def in_full(self) -> PersonQuerySet:
        """Persons whose name is shown in full."""
        return self.filter(shown_as=Person.Shown.FULL)

    def concealed(self) -> PersonQuerySet:
        """Persons whose name is not shown in full."""
        return self.exclude(shown_as=Person.Shown.FULL)


class Person(Linked):
    class Shown(models.TextChoices):
        FULL = "full", _("in full")
        INITIALS = "initials", _("as initials")
        WITHHELD = "withheld", _("withheld")

    class State(models.TextChoices):
        """What this archive knows of them. On one day the later wins, see models/update.py."""

        ARRESTED = "arrested", pgettext_lazy("state of a person", "arrested")
        DETAINED = "detained", pgettext_lazy("state of a person", "detained")
        CHARGED = "charged", pgettext_lazy("state of a person", "charged")
        ON_TRIAL = "on-trial", pgettext_lazy("state of a person", "on trial")
        SENTENCED = "sentenced", pgettext_lazy("state of a person", "sentenced")
        HOUSE_ARREST = "house-arrest", pgettext_lazy("state of a person", "house arrest")
        RELEASED = "released", pgettext_lazy("state of a person", "released")
        EXILED = "exiled", pgettext_lazy("state of a person", "exiled")
        EXCHANGED = "exchanged", pgettext_lazy("state of a person", "exchanged")
        DISAPPEARED = "disappeared", pgettext_lazy("state of a person", "disappeared")
        DIED = "died", pgettext_lazy("state of a person", "died")
        UNKNOWN = "unknown", pgettext_lazy("state of a person", "unknown")

    name = LineField(_("name"), max_length=200)
    shown_as = models.CharField(
        _("the name is shown"),
        max_length=8,
        choices=Shown,
        default=Shown.FULL,
        help_text=_(
            "Holds on every page at once, in texts too, for the spellings entered as namings."
        ),
    )

    is_at_risk = models.BooleanField(
        _("being named could harm them"),
        default=True,
        help_text=_(
            "Yes unless you know better: detained, accused, active where that is punished. Then"
            " nothing that names them is published before the safety questions are answered."
        ),
    )

    # What became of them, and since when: derived from updates by ledger/workflow.py, which
    # alone writes these. Without an update it is unknown, and `as_of` is empty.
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.UNKNOWN, editable=False
    )
    as_of = PartialDateColumns(_("as of"))
    changed_on = models.DateField(_("last change"), null=True, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta(Linked.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["name", "id"], name="person_by_name"),
            models.Index(fields=["-changed_on", "-id"], name="person_by_change"),
            models.Index(fields=["state", "name", "id"], name="person_by_state"),
            models.Index(fields=["state", "changed_on"], name="person_by_state_and_day"),
        ]
        constraints = [partial_date_constraint("person", "as_of")]

    @property
    def name_shown(self) -> str:
        """The name as it may be shown; initials in the spelling of the reader's language."""
        name = super().name_shown
        return initials(name) if self.shown_as == self.Shown.INITIALS else name

    @property
    def state_date(self) -> PartialDate | None:
        return self.as_of

    def get_absolute_url(self) -> str:
        return path_of("pages:person", self.address)

    @property
    def address(self) -> str:
        """The slug, which is made of the name; a number where the name is not shown in full.

        No redirect leads from the one to the other while the name is concealed: it would tell.
        """
        return self.slug if self.shown_as == self.Shown.FULL else f"{NUMBERED}{self.pk}"


def initials(name: str) -> str:
    """ "Amina Okoye" gives "A. O."."""
    return " ".join(f"{part[0]}." for part in name.replace("-", " ").split() if part)


def concealed(spelling: str, shown_as: str) -> Concealed:
    """What stands in place of a spelling of a name that is not shown in full."""
    withheld = shown_as == Person.Shown.WITHHELD
    return Concealed(spelling, gap() if withheld else initials(spelling))


class PersonName(Name):
    person = models.ForeignKey(Person, models.CASCADE, related_name="names")

    class Meta(Name.Meta):
        verbose_name = _("other spelling")
        verbose_name_plural = _("other spellings")
        constraints = [
            models.UniqueConstraint(fields=["person", "language", "name"], name="person_name_once")
        ]
