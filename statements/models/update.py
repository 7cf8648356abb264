"""Updates: dated changes of what became of a demand or a person, each with its source.

An update is never changed and never deleted. What was wrong in it is said by a further one that
`corrects` it; the old one stays, struck through, and decides nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from statements.dates import PartialDateColumns, anniversary_index, partial_date_constraint
from statements.models.base import LanguageField, Listed
from statements.models.demand import Demand
from statements.models.person import Person
from statements.models.source import Source
from statements.plain import LineField

SomeUpdate = TypeVar("SomeUpdate")
# What meets a demand to release somebody. An exchange or exile is no release: whoever thinks that
# it meets the demand enters an update of the demand itself, with a source that says so.
MEETING = {Person.State.RELEASED}


class UpdateQuerySet(models.QuerySet):
    def in_force(self) -> UpdateQuerySet:
        """Those that no further update corrects: they decide the state."""
        return self.filter(replaced_by__isnull=True)

    def readable(self) -> UpdateQuerySet:
        """Those of records that may be shown, struck through or not."""
        name = self.model.ABOUT
        records = self.model._meta.get_field(name).related_model.objects.readable()
        return self.filter(**{f"{name}__in": records})

    def by_day(self) -> UpdateQuerySet:
        """In the order in which it happened."""
        return self.order_by(Coalesce("happened_latest", "happened_earliest"), "entered_at", "pk")

    def newest_first(self) -> UpdateQuerySet:
        """In the order in which it was entered: for feeds of what moved."""
        return self.order_by("-entered_at", "-pk")


class Update(Listed):
    # The name of the field that points at the record whose state changes.
    ABOUT: str

    happened = PartialDateColumns(_("happened"))
    source = models.ForeignKey(
        Source, models.PROTECT, related_name="%(class)ss", verbose_name=_("source")
    )
    quotation = LineField(
        _("quotation"),
        max_length=600,
        blank=True,
        help_text=_("The exact words of the source that say so."),
    )
    quotation_language = LanguageField(verbose_name=_("language of the quotation"), default="en")
    note = LineField(
        _("public note"),
        max_length=600,
        blank=True,
        help_text=_("What a reader should know: for a correction, what was wrong."),
    )
    language = LanguageField(verbose_name=_("language of the note"), default="en")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="%(class)ss_entered",
        verbose_name=_("entered by"),
    )
    entered_at = models.DateTimeField(_("entered at"), default=timezone.now)
    corrects = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("corrects"),
    )

    objects = UpdateQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ("add", "view")
        ordering = ["-entered_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_state_display()}, {self.happened}"


def _constraints(table: str, states: Iterable[str]) -> list[models.CheckConstraint]:
    return [
        partial_date_constraint(table, "happened"),
        models.CheckConstraint(
            condition=~models.Q(happened_precision=""), name=f"{table}_says_when"
        ),
        models.CheckConstraint(
            condition=models.Q(state__in=list(states)), name=f"{table}_has_a_state"
        ),
    ]


class DemandUpdate(Update):
    ABOUT = "demand"

    state = models.CharField(_("state"), max_length=12, choices=Demand.State)
    demand = models.ForeignKey(
        Demand, models.PROTECT, related_name="updates", verbose_name=_("demand")
    )

    class Meta(Update.Meta):
        verbose_name = _("update of a demand")
        verbose_name_plural = _("updates of demands")
        indexes = [models.Index(fields=["-entered_at", "-id"], name="demandupdate_newest")]
        constraints = _constraints("demandupdate", Demand.State.values)


class PersonUpdate(Update):
    ABOUT = "person"

    state = models.CharField(_("state"), max_length=12, choices=Person.State)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="updates", verbose_name=_("person")
    )

    class Meta(Update.Meta):
        verbose_name = _("update of a person")
        verbose_name_plural = _("updates of people")
        indexes = [
            models.Index(fields=["-entered_at", "-id"], name="personupdate_newest"),
            anniversary_index("personupdate", "happened"),
        ]
        constraints = _constraints("personupdate", Person.State.values)


def weight(update: Update, states: type[models.TextChoices]) -> tuple:
    """What decides between two updates: the heavier one does.

    The later day: a partial date counts as its last day, or its first where the last is open. On
    one day the state that is later in the list, but "unknown" before all others. The rest only
    makes the answer the same in whatever order updates were entered.
    """
    happened = update.happened
    is_unknown = update.state == states.UNKNOWN
    return (
        happened.sort_day,
        -1 if is_unknown else states.values.index(update.state),
        happened.earliest or date.min,
        happened.precision,
    )


def latest(updates: Iterable[SomeUpdate], states: type[models.TextChoices]) -> SomeUpdate | None:
    """The update that decides, of those in force."""
    return max(updates, key=lambda one: (weight(one, states), -one.id), default=None)


def meets(decisive: PersonUpdate | None, demand: Demand) -> bool:
    """Whether the update that decides about a person meets a demand to release them.

    Not if it was before the demand was raised: then they were taken again, whatever is entered.
    """
    if not decisive or demand.kind != Demand.Kind.RELEASE or decisive.state not in MEETING:
        return False
    return not demand.raised_on or decisive.happened.sort_day >= demand.raised_on
