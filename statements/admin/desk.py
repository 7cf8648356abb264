"""The moderation desk: what waits, for whom, and what was decided lately, on the first page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from statements.models import Submission
from statements.models.counting import MOST_COUNTED
from statements.models.submission import SubmissionQuerySet

State = Submission.State
# So many of each are on the desk; the others are in the list of all submissions.
MOST_ON_DESK = 15
# What a row of the desk shows: the text, and whatever else is long, stays where it is.
COLUMNS = (
    *("title", "language", "organisation_name", "state", "doubts", "risk", "received_at"),
    *("taken_up_at", "closed_at", "withdrawal_asked_at", "moderator__username"),
)


@dataclass
class Pile:
    """Submissions of one kind, as many as the desk holds, in the order to work on them."""

    key: str
    name: str | Promise
    empty: str | Promise
    rows: list[Submission]
    count: int
    # Those that are looked at first stand first; the others beside them.
    is_first: bool = False
    overdue: list[int] = field(default_factory=list)

    @property
    def is_capped(self) -> bool:
        return self.count > MOST_COUNTED

    @property
    def number(self) -> int:
        return min(self.count, MOST_COUNTED)

    @property
    def has_more(self) -> bool:
        return self.count > len(self.rows)

    @property
    def state(self) -> str:
        """That of all its submissions, for the list of all."""
        return self.rows[0].state


def overdue_since() -> timezone.datetime:
    """What was received before has waited too long."""
    return timezone.now() - timedelta(days=settings.SUBMISSION_TERM_DAYS)


def piles(user: AbstractBaseUser) -> list[Pile]:
    """The desk of a moderator, in a number of queries that no submission adds to."""
    every = Submission.objects.all()
    in_review = every.in_review().with_last_word()
    return [
        _pile(
            "mine",
            _("Taken up by you"),
            _("You have taken up none."),
            in_review.filter(moderator=user),
            is_first=True,
        ),
        _pile(
            "withdrawals",
            _("Wishes to withdraw"),
            _("Nobody asks for that."),
            every.to_be_taken_back(),
            is_first=True,
        ),
        _pile("waiting", _("Waiting"), _("Nothing waits."), every.waiting(), is_first=True),
        _pile("quarantined", _("In doubt"), _("Nothing is in doubt."), every.quarantined()),
        _pile(
            "sender",
            _("Waiting for the sender"),
            _("Nobody is asked for changes."),
            every.waiting_for_sender().with_last_word(),
        ),
        _pile(
            "others",
            _("Taken up by others"),
            _("The others have taken up none."),
            in_review.exclude(moderator=user),
        ),
        _pile("decided", _("Decided lately"), _("Nothing is decided yet."), every.decided()),
    ]


def following(but: Submission | None = None) -> Submission | None:
    """The one that comes next: wishes to withdraw, then what waits, then what is in doubt.

    After the last one comes the first: whoever goes on and on meets every one of them.
    """
    every = Submission.objects.only("pk")
    queues = (
        ("withdrawal_asked_at", every.to_be_taken_back()),
        ("received_at", every.waiting()),
        ("received_at", every.quarantined()),
    )
    found = [(queue.exclude(pk=but.pk) if but else queue).first() for _moment, queue in queues]
    here = _queue_of(but) if but else None
    if here is not None:
        moment, queue = queues[here]
        at = getattr(but, moment)
        later = Q(**{f"{moment}__gt": at}) | Q(**{moment: at, "pk__gt": but.pk})
        found = [queue.filter(later).first(), *found[here + 1 :], *found[: here + 1]]
    return next(filter(None, found), None)


def _queue_of(submission: Submission) -> int | None:
    """In which of them it stands itself, if in any."""
    if submission.state == State.ACCEPTED and submission.withdrawal_asked_at:
        return 0
    return {State.RECEIVED: 1, State.QUARANTINED: 2}.get(submission.state)


def _pile(
    key: str,
    name: str | Promise,
    empty: str | Promise,
    submissions: SubmissionQuerySet,
    *,
    is_first: bool = False,
) -> Pile:
    rows = list(submissions.select_related("moderator").only(*COLUMNS)[:MOST_ON_DESK])
    count, since = len(rows), overdue_since()
    if count == MOST_ON_DESK and key != "decided":
        count = submissions.order_by()[: MOST_COUNTED + 1].count()
    waits = key in ("waiting", "quarantined")
    overdue = [row.pk for row in rows if waits and row.received_at < since]
    return Pile(key, name, empty, rows, count, is_first, overdue)
