"""Changes to the words that a moderator proposes, and the sender accepts or refuses."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser as User
from django.db import transaction
from django.utils import timezone

from statements.models import ProposedWords, Submission, SubmissionMessage
from statements.submissions import letters, workflow
from statements.submissions.states import NotPossible, State, locked, move


@transaction.atomic
def propose(
    submission: Submission, *, by: User, title: str, text: str, words: str = ""
) -> ProposedWords:
    """Nothing of what was sent changes until its sender agrees."""
    submission = locked(submission)
    before = move(submission, "propose", by)
    submission.save()
    submission.proposals.overtake()
    proposal = ProposedWords.objects.create(submission=submission, by=by, title=title, text=text)
    letters.say(submission, by, words, "changes_requested")
    workflow.record("propose", submission, before, by)
    return proposal


@transaction.atomic
def accept(submission: Submission, *, proposal: int, words: str = "") -> Submission:
    """The sender agrees: it says that now, and what it said before is kept."""
    submission, proposed = _opened(submission, proposal)
    move(submission, "answer_proposal")
    workflow.keep_words(submission)
    submission.title, submission.text = proposed.title, proposed.text
    submission.text_digest = workflow.text_digest(submission.text)
    submission.save()
    _answer(proposed, ProposedWords.Answer.ACCEPTED, words)
    return submission


@transaction.atomic
def refuse(submission: Submission, *, proposal: int, words: str = "") -> Submission:
    """It stays as it was sent, and is the moderator's again."""
    submission, proposed = _opened(submission, proposal)
    move(submission, "answer_proposal")
    submission.save()
    _answer(proposed, ProposedWords.Answer.REFUSED, words)
    return submission


def waiting(submission: Submission) -> ProposedWords | None:
    """What the sender is asked about now."""
    if submission.state != State.CHANGES_REQUESTED:
        return None
    return submission.proposals.open().last()


def _opened(submission: Submission, proposal: int) -> tuple[Submission, ProposedWords]:
    """Both, locked. Raises NotPossible where something else was asked in the meantime."""
    submission = locked(submission)
    found = waiting(submission)
    if not found or found.pk != proposal:
        raise NotPossible(submission)
    return submission, found


def _answer(proposed: ProposedWords, answer: str, words: str) -> None:
    proposed.answer, proposed.answered_at = answer, timezone.now()
    proposed.save()
    if words:
        SubmissionMessage.objects.create(
            submission=proposed.submission, is_from_sender=True, words=words
        )
