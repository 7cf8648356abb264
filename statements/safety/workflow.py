"""The safety gate: what has to be asked before somebody who could be harmed stands in public."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone

from statements import erasures
from statements.auditing import workflow as auditing
from statements.models import (
    Authorship,
    DemandPerson,
    Event,
    Naming,
    Organisation,
    Person,
    SafetyCheck,
    Statement,
    Submission,
)
from statements.models.safety import (
    at_risk,
    organisations_concerned,
    persons_concerned,
    speaks_from_inside,
)
from statements.publishing import links

User = AbstractBaseUser


class NotPassed(Exception):
    """A statement shows people at risk, or speaks from inside the country, and nobody asked."""

    def __init__(self, concerns: Concerns) -> None:
        super().__init__("the safety check is not passed")
        self.concerns = concerns


class ConcernsChanged(Exception):
    """Others are concerned by now than those whom somebody answered for."""


class OwnAnswers(Exception):
    """Whoever gave the answers cannot second them."""


class AnswersChanged(Exception):
    """The answers to second are no longer those in force, or need nobody to second them."""


@dataclass(frozen=True)
class Concerns:
    """Why a statement has to pass the gate, and has not yet."""

    persons: list[Person]
    organisations: list[Organisation]
    # Who sent it fears for somebody named, and nobody has answered yet.
    is_feared: bool = False

    @property
    def key(self) -> str:
        """The same for the same persons and organisations."""
        return " ".join(
            sorted(
                f"{one._meta.model_name}-{one.pk}" for one in (*self.persons, *self.organisations)
            )
        )

    def __bool__(self) -> bool:
        return bool(self.persons or self.organisations or self.is_feared)


def concerned(statement: Statement, *, also: str = "") -> Concerns:
    """Everybody whom answers are given for, whether they have been or not.

    `also` are the keys of those who are to be shown in it and are not yet: withheld, or not
    linked to it. So they can be asked about before, one after the other: whoever is in the answers
    in force stays.
    """
    persons, organisations = Person.objects.none(), Organisation.objects.none()
    if also:
        known = statement.safety_checks.filter(is_current=True)
        wanted = models.Q(pk__in=_keys("person", also)) | models.Q(safety_checks__in=known)
        persons = Person.objects.filter(wanted, is_at_risk=True)
        wanted = models.Q(pk__in=_keys("organisation", also)) | models.Q(safety_checks__in=known)
        organisations = Organisation.objects.filter(wanted)
    found = (
        {*persons_concerned(statement.pk), *persons},
        {*organisations_concerned(statement.pk), *organisations},
    )
    return Concerns(*(sorted(one, key=str) for one in found), is_feared(statement))


def _keys(noun: str, key: str) -> list[str]:
    return re.findall(rf"\b{noun}-([1-9][0-9]{{0,17}})\b", key)


def unasked(
    statement: Statement, *, persons: Iterable[int] = (), organisations: Iterable[int] = ()
) -> Concerns:
    """Those of somebody's choice whom a statement that readers read would show from now on, and
    who are in no answers in force. Persons who are public nowhere wait by themselves."""
    if not statement.pk or not statement.is_readable:
        return Concerns([], [])
    passed = SafetyCheck.objects.passed().filter(statement=statement.pk)
    new = Person.objects.published().filter(at_risk(), pk__in=persons)
    new = new.exclude(pk__in=persons_concerned(statement.pk).values("pk"))
    inside = Organisation.objects.filter(pk__in=organisations)
    inside = inside.exclude(pk__in=organisations_concerned(statement.pk).values("pk"))
    return Concerns(*(list(rows.exclude(safety_checks__in=passed)) for rows in (new, inside)))


def statements_to_ask(person: Person) -> models.QuerySet[Statement]:
    """Statements that readers read, that would show a person, and whose answers in force do not
    hold for them."""
    named = Naming.objects.filter(person=person).values("text__statement")
    demanded = DemandPerson.objects.filter(person=person).values("demand__made__statement")
    passed = SafetyCheck.objects.passed().filter(persons=person)
    found = Statement.objects.readable().filter(
        models.Q(pk__in=named) | models.Q(pk__in=demanded.exclude(demand__made=None))
    )
    return found.exclude(safety_checks__in=passed)


def coming_inside(organisations: Iterable[int], country: int | None) -> models.QuerySet[Authorship]:
    """Where organisations would speak from inside the country from now on, because it is theirs,
    in statements that readers read, and nobody was asked."""
    there = models.Q(statement__places=country) | models.Q(statement__events__places=country)
    rows = _outside_and_unasked().filter(there, organisation__in=list(organisations))
    return rows.distinct() if country else rows.none()


def brought_inside(event: Event, places: Iterable[int]) -> models.QuerySet[Authorship]:
    """The same where an event comes to happen in their country."""
    about = Statement.events.through.objects.filter(event=event.pk).values("statement")
    rows = _outside_and_unasked()
    return rows.filter(statement__in=about, organisation__country__in=list(places))


def _outside_and_unasked() -> models.QuerySet[Authorship]:
    """Authors of statements that readers read, that speak from elsewhere and are in no answers in
    force."""
    here = models.OuterRef("statement")
    passed = SafetyCheck.objects.passed().filter(
        statement=here, organisations=models.OuterRef("organisation")
    )
    rows = Authorship.objects.filter(
        statement__in=Statement.objects.readable(), organisation__isnull=False
    )
    rows = rows.exclude(speaks_from_inside(here) | models.Exists(passed))
    return rows.select_related("statement", "organisation").order_by("-statement", "organisation")


def concerns(statement: Statement, *, on: date | None = None) -> Concerns:
    """Whom no check in force lets through today, or on a day to come."""
    passed = SafetyCheck.objects.passed(on).filter(statement=statement.pk)
    return Concerns(
        *(
            list(rows(statement.pk).exclude(safety_checks__in=passed))
            for rows in (persons_concerned, organisations_concerned)
        ),
        is_feared=is_feared(statement) and not passed.exists(),
    )


def is_feared(statement: Statement) -> bool:
    """Whether somebody who sent it says that a person named in it could be put at risk."""
    return statement.submissions.filter(risk=Submission.Risk.YES).exists()


def require_passed(statement: Statement, *, on: date | None = None) -> None:
    """Raises NotPassed."""
    if found := concerns(statement, on=on):
        raise NotPassed(found)


@transaction.atomic
def answer(
    statement: Statement,
    *,
    by: User,
    agreed: str,
    wished: str,
    may_be_indexed: str,
    review_on: date,
    asked: str = "",
    about: str | None = None,
    also: str = "",
) -> SafetyCheck:
    """Answer for everybody whom the statement concerns now, and for those in `also`, who are to be
    shown in it; earlier answers no longer hold.

    `about` is the key of those whom the questions were read for: raises ConcernsChanged where
    these are others by now.
    """
    statement = Statement.objects.select_for_update().get(pk=statement.pk)
    found = concerned(statement, also=also)
    if about is not None and about != found.key:
        raise ConcernsChanged
    statement.safety_checks.filter(is_current=True).update(is_current=False)
    check = SafetyCheck.objects.create(
        statement=statement,
        by=by,
        agreed=agreed,
        wished=wished,
        may_be_indexed=may_be_indexed,
        review_on=review_on,
        asked=asked,
    )
    check.persons.set(found.persons)
    check.organisations.set(found.organisations)
    is_findable = may_be_indexed == SafetyCheck.Answer.YES
    Statement.objects.filter(pk=statement.pk).update(may_be_indexed=is_findable)
    if not is_findable:
        erasures.note(erasures.Kind.UNLISTED, statement)
    # Who was linked to a public statement has waited for this.
    links.links_changed(statement)
    auditing.decide(
        "answer-safety", statement, by=by, after=f"check-{check.pk}", code=f"{agreed}-{wished}"
    )
    return check


@transaction.atomic
def second(check: SafetyCheck, *, by: User) -> SafetyCheck:
    """Agree to answers that somebody else gave.

    Raises OwnAnswers, and AnswersChanged where there is nothing to second by now.
    """
    statement = Statement.objects.select_for_update().get(pk=check.statement_id)
    check.refresh_from_db()
    if not check.waits_for_second:
        raise AnswersChanged
    if check.by_id == by.pk:
        raise OwnAnswers
    check.seconded_by, check.seconded_at = by, timezone.now()
    check.save(update_fields=["seconded_by", "seconded_at"])
    links.links_changed(statement)
    auditing.decide("second-safety", statement, by=by, after=f"check-{check.pk}")
    return check
