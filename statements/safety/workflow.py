"""The safety gate: what has to be asked before somebody who could be harmed stands in public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from statements.auditing import workflow as auditing
from statements.models import Organisation, Person, SafetyCheck, Statement, Submission
from statements.models.safety import organisations_concerned, persons_concerned
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


def concerned(statement: Statement) -> Concerns:
    """Everybody whom answers are given for, whether they have been or not."""
    return Concerns(
        list(persons_concerned(statement.pk)),
        list(organisations_concerned(statement.pk)),
        is_feared(statement),
    )


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
) -> SafetyCheck:
    """Answer for everybody whom the statement concerns now; earlier answers no longer hold.

    `about` is the key of those whom the questions were read for: raises ConcernsChanged where
    these are others by now.
    """
    statement = Statement.objects.select_for_update().get(pk=statement.pk)
    found = concerned(statement)
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
