"""Which act on a submission is possible when, and the state that it leads to: the only table."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser as User
from django.utils import timezone

from statements import erasures, tokens
from statements.models import Submission

State = Submission.State
PURPOSE = "submission"
# The link to a closed submission goes on answering for so long.
AFTER_CLOSING = timedelta(days=90)

# Act: the states in which it is possible, and the state that it leads to (None: it stays).
MOVES: dict[str, tuple[frozenset[str], str | None]] = {
    "correct": (frozenset({State.QUARANTINED, State.RECEIVED}), None),
    "resend": (frozenset({State.CHANGES_REQUESTED}), State.IN_REVIEW),
    "answer": (frozenset({*Submission.OPEN, State.ACCEPTED}), None),
    "withdraw": (frozenset(Submission.OPEN), State.WITHDRAWN),
    "ask_withdrawal": (frozenset({State.ACCEPTED}), None),
    "take_up": (frozenset({State.QUARANTINED, State.RECEIVED}), State.IN_REVIEW),
    "release": (frozenset({State.IN_REVIEW, State.CHANGES_REQUESTED}), State.RECEIVED),
    "ask": (frozenset({State.IN_REVIEW, State.CHANGES_REQUESTED, State.ACCEPTED}), None),
    "request_changes": (frozenset({State.IN_REVIEW}), State.CHANGES_REQUESTED),
    "propose": (frozenset({State.IN_REVIEW}), State.CHANGES_REQUESTED),
    "answer_proposal": (frozenset({State.CHANGES_REQUESTED}), State.IN_REVIEW),
    "accept": (frozenset({State.IN_REVIEW}), State.ACCEPTED),
    "merge": (frozenset({State.IN_REVIEW}), State.ACCEPTED),
    "grant_withdrawal": (frozenset({State.ACCEPTED}), State.WITHDRAWN),
    "refuse_withdrawal": (frozenset({State.ACCEPTED}), None),
    "decline": (frozenset({State.IN_REVIEW, State.CHANGES_REQUESTED}), State.DECLINED),
    "mark_spam": (
        frozenset({State.QUARANTINED, State.RECEIVED, State.IN_REVIEW}),
        State.SPAM,
    ),
}
CLOSING = {State.DECLINED, State.WITHDRAWN, State.SPAM}
# Whoever has not taken it up does none of these.
BY_ITS_MODERATOR = {"ask", "request_changes", "propose", "accept", "merge", "decline"}


class NotPossible(Exception):
    """The act is not possible in the state that the submission is in by now.

    `submission` says which, and `submission.moderator` who has it or decided.
    """

    def __init__(self, submission: Submission) -> None:
        super().__init__(f"submission {submission.pk} is {submission.state}")
        self.submission = submission


class TakenByAnother(NotPossible):
    """Another moderator has taken it up."""


def possible(act: str, submission: Submission) -> bool:
    return submission.state in MOVES[act][0]


def can_correct(submission: Submission) -> bool:
    return possible("correct", submission) or possible("resend", submission)


def can_withdraw(submission: Submission) -> bool:
    """Whether the sender can withdraw it, or ask for that."""
    may_ask = possible("ask_withdrawal", submission) and not submission.withdrawal_asked_at
    return may_ask or possible("withdraw", submission)


def can_send_again(submission: Submission) -> bool:
    """Whether its sender is told so: it was withdrawn in time, or taken for spam."""
    return submission.state in {State.WITHDRAWN, State.SPAM} and not submission.accepted_text_id


def locked(submission: Submission) -> Submission:
    """Read anew and alone: what would be joined to it could be from before the lock."""
    return Submission.objects.select_for_update().get(pk=submission.pk)


def move(submission: Submission, act: str, by: User | None = None) -> str:
    """Set the state that an act leads to, for the caller to save; the answer is the state before.

    Raises NotPossible.
    """
    if not possible(act, submission):
        raise NotPossible(submission)
    if act in BY_ITS_MODERATOR and by and submission.moderator_id != by.pk:
        raise TakenByAnother(submission)
    before, following = submission.state, MOVES[act][1]
    if following:
        submission.state = following
    if following in CLOSING or following == State.ACCEPTED:
        submission.closed_at = timezone.now()
    if following in CLOSING:
        tokens.expire(PURPOSE, submission.pk, AFTER_CLOSING)
        # Pictures show more than their sender meant to: of what is not wanted none is kept.
        erasures.note(erasures.Kind.ATTACHMENTS, submission)
        submission.attachments.all().delete()
    if following == State.WITHDRAWN:
        erasures.note(erasures.Kind.WITHDRAWN, submission)
    return before
