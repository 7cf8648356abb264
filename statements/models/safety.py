"""Checks that come before the names of people at risk: who asked them, and what they wish."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from statements.models.demand import DemandPerson
from statements.models.demandasmade import DemandAsMade
from statements.models.event import Event
from statements.models.naming import Naming
from statements.models.organisation import Organisation
from statements.models.person import Person
from statements.models.statement import Authorship, Statement
from statements.models.submission import Submission


class SafetyCheckQuerySet(models.QuerySet):
    def passed(self, on: date | None = None) -> SafetyCheckQuerySet:
        """Those in force by which a statement may be published today, or on a day to come."""
        agreed = Q(agreed=SafetyCheck.Answer.YES, wished=SafetyCheck.Answer.YES)
        return self.filter(
            agreed | Q(seconded_at__isnull=False),
            is_current=True,
            review_on__gte=on or timezone.localdate(),
        )

    def waiting_for_second(self) -> SafetyCheckQuerySet:
        """Those that somebody else has to agree to."""
        return self.filter(is_current=True, seconded_at__isnull=True).exclude(
            agreed=SafetyCheck.Answer.YES, wished=SafetyCheck.Answer.YES
        )


class SafetyCheck(models.Model):
    """The answers for one statement; newer ones replace them, and they are kept.

    They hold for the persons and organisations that they name. With a "no" or "unknown" about
    agreement or wishes somebody else has to second them. Whether search engines may list the
    page is followed and not weighed: a "no" makes it safer.
    """

    class Answer(models.TextChoices):
        YES = "yes", pgettext_lazy("answer", "yes")
        NO = "no", pgettext_lazy("answer", "no")
        UNKNOWN = "unknown", pgettext_lazy("answer", "not known")

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="safety_checks")
    persons = models.ManyToManyField(Person, related_name="safety_checks", blank=True)
    organisations = models.ManyToManyField(Organisation, related_name="safety_checks", blank=True)
    agreed = models.CharField(
        _("Have they agreed to stand in public?"), max_length=7, choices=Answer
    )
    asked = models.CharField(
        _("Who agreed, or was asked, and how"),
        max_length=500,
        blank=True,
        help_text=_("For colleagues. Never public."),
    )
    wished = models.CharField(
        _("Is it what their family or their lawyer wishes?"), max_length=7, choices=Answer
    )
    may_be_indexed = models.CharField(
        _("May search engines list the page?"),
        max_length=7,
        choices=Answer,
        help_text=_("With “no” or “not known” the page asks them not to."),
    )
    review_on = models.DateField(
        _("Look at it again on"),
        help_text=_("After that day nothing more of it is published without new answers."),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="safety_checks"
    )
    at = models.DateTimeField(default=timezone.now)
    seconded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="safety_seconded"
    )
    seconded_at = models.DateTimeField(null=True)
    is_current = models.BooleanField(default=True)

    objects = SafetyCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("safety check")
        verbose_name_plural = _("safety checks")
        default_permissions = ()
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement"],
                condition=Q(is_current=True),
                name="safety_check_in_force_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def needs_second(self) -> bool:
        return {self.agreed, self.wished} != {self.Answer.YES}

    @property
    def waits_for_second(self) -> bool:
        return self.is_current and self.needs_second and not self.seconded_at

    @property
    def is_due(self) -> bool:
        """Whether the day has come to look at it again."""
        return self.review_on < timezone.localdate()


def persons_concerned(statement: int) -> QuerySet[Person]:
    """At risk, not withheld, and in a statement."""
    # Ids, and no joins: over both at once the database would read every naming and demand.
    named = Naming.objects.filter(text__statement=statement).values("person")
    demanded = DemandPerson.objects.filter(demand__made__statement=statement).values("person")
    return Person.objects.filter(Q(pk__in=named) | Q(pk__in=demanded), at_risk())


def organisations_concerned(statement: int) -> QuerySet[Organisation]:
    """Authors that speak from inside the country of the event."""
    its = Statement.places.through.objects.filter(statement=statement).values("place")
    of_events = Event.places.through.objects.filter(event__statements=statement).values("place")
    authors = Authorship.objects.filter(statement=statement).values("organisation")
    inside = Q(country__in=its) | Q(country__in=of_events)
    return Organisation.objects.filter(inside, pk__in=authors)


def speaks_from_inside(statement: OuterRef) -> models.Expression:
    """The same as a condition on rows of authors of a statement."""
    country = OuterRef("organisation__country")
    return Exists(
        Statement.events.through.objects.filter(statement=statement, event__places=country)
    ) | Exists(Statement.places.through.objects.filter(statement=statement, place=country))


def may_be_named() -> Q:
    """Persons who can get a public address: no harm to them is known, or somebody asked for a
    statement that is public."""
    passed = SafetyCheck.objects.passed().filter(statement__public_since__isnull=False)
    return Q(is_at_risk=False) | Q(safety_checks__in=passed)


def waiting_persons() -> QuerySet[Person]:
    """At risk, public nowhere, and asked about for no statement that is public."""
    named = Person.objects.filter(may_be_named()).values("pk")
    return Person.objects.filter(at_risk(), public_since__isnull=True).exclude(pk__in=named)


def names_nobody_waiting() -> models.Expression:
    """Demands that can get a public address: their wordings and updates may name whom they are
    about."""
    waiting = DemandPerson.objects.filter(demand=OuterRef("pk"), person__in=waiting_persons())
    return ~Exists(waiting)


def at_risk(path: str = "") -> Q:
    """Persons whom a statement shows, in full or as initials, and whom that could harm."""
    withheld = Q(**{f"{path}shown_as": Person.Shown.WITHHELD})
    return Q(**{f"{path}is_at_risk": True}) & ~withheld


def is_unchecked() -> models.Expression:
    """The same as a condition on the rows of a list of statements."""
    mine = OuterRef(OuterRef("pk"))

    def unpassed(**same: str) -> Q:
        passed = SafetyCheck.objects.passed()
        return ~Exists(passed.filter(**{key: OuterRef(name) for key, name in same.items()}))

    named = Naming.objects.filter(at_risk("person__"), text__statement=OuterRef("pk")).filter(
        unpassed(statement="text__statement", persons="person")
    )
    # One filter: two would find somebody at risk beside somebody else who is unchecked.
    demanded = DemandAsMade.objects.filter(
        at_risk("demand__people__"),
        unpassed(statement="statement", persons="demand__people"),
        statement=OuterRef("pk"),
    )
    inside = speaks_from_inside(mine)
    authored = Authorship.objects.filter(inside, statement=OuterRef("pk")).filter(
        unpassed(statement="statement", organisations="organisation")
    )
    feared = Submission.objects.filter(
        unpassed(statement="statement"), risk=Submission.Risk.YES, statement=OuterRef("pk")
    )
    return Exists(named) | Exists(demanded) | Exists(authored) | Exists(feared)
