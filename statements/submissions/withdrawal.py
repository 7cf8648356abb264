"""A moderator decides on the wish of a sender to take an accepted submission back."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser as User
from django.db import transaction

from statements.models import Statement, Submission, Text
from statements.publishing import review, states
from statements.publishing.standing import change_standing
from statements.submissions import letters, workflow
from statements.submissions.states import NotPossible, locked, move


@transaction.atomic
def grant_withdrawal(
    submission: Submission,
    *,
    by: User,
    public_note: str = "",
    note_language: str = "en",
    words: str = "",
    note: str = "",
) -> Submission:
    """Take an accepted one back, as its sender asked: readers of a published one are told why.

    A draft stays a draft, and becomes one again where it was approved or scheduled. Of a statement
    that was here before, only an editor takes a text out. Raises ReasonMissing where readers need
    a note.
    """
    submission = locked(submission)
    _require_wish(submission)
    before = move(submission, "grant_withdrawal")
    submission.save()
    text = _locked_text(submission)
    if is_seen_by_readers(submission):
        change_standing(
            submission.accepted_text.statement,
            Statement.Standing.WITHDRAWN,
            by=by,
            note=public_note,
            language=note_language,
        )
    if text and states.possible("send_back", text.state):
        # Neither the clock nor an approval from before publishes it.
        review.send_back(text.working_revision, by=by)
    letters.say(submission, by, words, "withdrawn")
    workflow.record("grant_withdrawal", submission, before, by, note=note)
    return submission


@transaction.atomic
def refuse_withdrawal(
    submission: Submission, *, by: User, words: str, note: str = ""
) -> Submission:
    """It stays, and the sender is told why; they can ask again."""
    submission = locked(submission)
    _require_wish(submission)
    before = move(submission, "refuse_withdrawal")
    submission.withdrawal_asked_at, submission.withdrawal_words = None, ""
    submission.save()
    letters.say(submission, by, words, "withdrawal_refused")
    workflow.record("refuse_withdrawal", submission, before, by, note=note)
    return submission


def was_refused(submission: Submission) -> bool:
    """Whether it stays although the sender asked for its withdrawal, and nothing new is asked."""
    if submission.state != Submission.State.ACCEPTED or submission.withdrawal_asked_at:
        return False
    return submission.decisions.filter(entry__act="submission_refuse_withdrawal").exists()


def is_seen_by_readers(submission: Submission) -> bool:
    """Whether it became a statement of its own that readers can read now."""
    text = submission.accepted_text
    return bool(text and text.is_leading and text.statement.is_readable)


def _locked_text(submission: Submission) -> Text | None:
    """What became of it, that nobody publishes from here on: the statement before its texts, and
    both before the log."""
    list(Statement.objects.filter(texts=submission.accepted_text_id).select_for_update())
    return Text.objects.filter(pk=submission.accepted_text_id).select_for_update().first()


def _require_wish(submission: Submission) -> None:
    if not submission.withdrawal_asked_at:
        raise NotPossible(submission)
