"""What becomes of a submission: one function for each act; states.py says which is possible when.

The sender's acts are submit, correct, answer, withdraw; a moderator's are take_up, release, ask,
request_changes, accept, merge, decline, mark_spam. Each locks the submission first, so of two who
act at once the second is told what the first did.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from statements import antispam, sealing, tokens
from statements.auditing import workflow as auditing
from statements.models import (
    DeclineReason,
    EarlierWords,
    Organisation,
    Statement,
    Submission,
    SubmissionMessage,
    Text,
)
from statements.plain import collapse
from statements.publishing import drafts
from statements.submissions import attachments, letters
from statements.submissions.states import (
    PURPOSE,
    State,
    TakenByAnother,
    locked,
    move,
    possible,
)

FORM = "submit"
# Whoever sends a statement agrees to this version of the words beside the box.
CONSENT_VERSION = "2026-11"
MANY_LINKS = 10

User = AbstractBaseUser


@dataclass
class Sent:
    """What came of sending: the submission, and the only copy of its link's secret part."""

    submission: Submission
    token: str


# The sender's acts


def submit(
    *,
    stamp: str,
    email: str,
    doubts: Iterable[str] = (),
    attached: Iterable[str] = (),
    **fields: object,
) -> Sent:
    """Take in what a stranger sent. With any doubt it is quarantined, and never refused.

    `attached` are the tokens of the files that its form holds.

    The same form sent twice is one submission, with the same link: a second press of the button,
    or a page that was loaded again, takes nothing away.
    """
    if not antispam.is_stamp(FORM, stamp):
        stamp = antispam.stamp(FORM)
    once = {"email": email, "doubts": list(doubts), "attached": list(attached), **fields}
    try:
        return _take_in(stamp, **once)
    except IntegrityError:
        # Another press of the button was a moment faster.
        return _take_in(stamp, **once)


@transaction.atomic
def _take_in(
    stamp: str, *, email: str, doubts: Iterable[str], attached: Iterable[str], **fields: object
) -> Sent:
    text = str(fields["text"])
    stamp_digest = _stamp_digest(stamp)
    before = Submission.objects.filter(stamp_digest=stamp_digest).first()
    if before and before.text_digest == text_digest(text):
        return Sent(before, tokens.derived(PURPOSE, stamp))
    if before:
        # Other words from a page that was sent already: one more submission, in doubt.
        doubts = [*doubts, Submission.Doubt.STAMP]
        return _take_in(f"{stamp} {text}", email=email, doubts=doubts, attached=attached, **fields)
    fields["organisation"] = _known(str(fields["organisation_name"]))
    found = dict.fromkeys([*doubts, *_doubts_about(text)])
    now = timezone.now()
    submission = Submission.objects.create(
        state=State.QUARANTINED if found else State.RECEIVED,
        doubts=" ".join(found),
        email_sealed=sealing.seal(email) if email else "",
        email_digest=sealing.address_digest(email) if email else "",
        consent=True,
        consent_version=CONSENT_VERSION,
        consented_at=now,
        received_at=now,
        stamp_digest=stamp_digest,
        text_digest=text_digest(text),
        **fields,
    )
    attachments.send(attached, submission)
    token = tokens.derived(PURPOSE, stamp)
    tokens.issue(PURPOSE, submission.pk, token=token)
    letters.tell(submission, "received", token)
    return Sent(submission, token)


@transaction.atomic
def correct(
    submission: Submission,
    *,
    attached: Iterable[str] = (),
    dropped: Iterable[int] = (),
    **fields: object,
) -> Submission:
    """The sender sends it anew: before anybody took it up, or after changes were asked for.

    What it said before is kept, and what was attached and is `dropped` is not. It does not lose
    its place in the queue.
    """
    submission = locked(submission)
    move(submission, "resend" if possible("resend", submission) else "correct")
    keep_words(submission)
    fields["organisation"] = _known(str(fields["organisation_name"]))
    for name, value in fields.items():
        setattr(submission, name, value)
    submission.text_digest = text_digest(submission.text)
    submission.save()
    attachments.drop(submission, dropped)
    attachments.send(attached, submission)
    return submission


@transaction.atomic
def answer(submission: Submission, *, words: str) -> SubmissionMessage:
    submission = locked(submission)
    move(submission, "answer")
    return SubmissionMessage.objects.create(submission=submission, is_from_sender=True, words=words)


@transaction.atomic
def withdraw(submission: Submission, *, words: str = "") -> Submission:
    """Before it is accepted it is withdrawn; afterwards a moderator is asked to, and told why.

    A link that somebody else got hold of must not take a published statement away.
    """
    submission = locked(submission)
    if possible("ask_withdrawal", submission):
        submission.withdrawal_words = words or submission.withdrawal_words
        submission.withdrawal_asked_at = submission.withdrawal_asked_at or timezone.now()
    else:
        move(submission, "withdraw")
    submission.save()
    return submission


# A moderator's acts


@transaction.atomic
def take_up(submission: Submission, *, by: User) -> Submission:
    submission = locked(submission)
    if submission.state == State.IN_REVIEW and submission.moderator_id == by.pk:
        return submission
    before = move(submission, "take_up")
    submission.moderator, submission.taken_up_at = by, timezone.now()
    submission.save()
    record("take_up", submission, before, by)
    return submission


@transaction.atomic
def release(submission: Submission, *, by: User) -> Submission:
    """Put it back into the queue, in its old place; another moderator may do that too."""
    submission = locked(submission)
    before = move(submission, "release")
    submission.moderator = submission.taken_up_at = None
    submission.save()
    record("release", submission, before, by)
    return submission


@transaction.atomic
def ask(submission: Submission, *, by: User, words: str) -> SubmissionMessage:
    submission = locked(submission)
    before = move(submission, "ask", by)
    message = letters.say(submission, by, words, "question")
    record("ask", submission, before, by)
    return message


@transaction.atomic
def request_changes(submission: Submission, *, by: User, words: str) -> Submission:
    submission = locked(submission)
    before = move(submission, "request_changes", by)
    submission.save()
    submission.proposals.overtake()
    letters.say(submission, by, words, "changes_requested")
    record("request_changes", submission, before, by)
    return submission


@transaction.atomic
def accept(
    submission: Submission,
    *,
    by: User,
    language: str = "",
    links: drafts.Links | None = None,
    attach: Mapping[int, str] | None = None,
    words: str = "",
    note: str = "",
) -> Text:
    """Make an unpublished statement of it, for an editor to publish.

    `links` are the records that a moderator found in it; without them it is linked to what the
    sender named. `language` is what a moderator makes of the one that was given. `attach` has the
    alternative texts of the attachments that come with it, by their ids; the others are erased.
    """
    submission = locked(submission)
    before = move(submission, "accept", by)
    text = drafts.of_submission(submission, by=by, language=language, links=links)
    with attachments.becoming(submission, text, attach or {}):
        return _accepted("accept", submission, text, before, by=by, words=words, note=note)


@transaction.atomic
def merge(
    submission: Submission,
    statement: Statement,
    *,
    by: User,
    language: str = "",
    links: drafts.Links | None = None,
    attach: Mapping[int, str] | None = None,
    words: str = "",
    note: str = "",
) -> Text:
    """Make it one more text, unpublished, of a statement that is here already.

    Raises drafts.LanguageTaken where the statement has a text in that language.
    """
    submission = locked(submission)
    before = move(submission, "merge", by)
    text = drafts.translation(submission, statement, by=by, language=language, links=links)
    with attachments.becoming(submission, text, attach or {}):
        return _accepted("merge", submission, text, before, by=by, words=words, note=note)


def _accepted(
    act: str, submission: Submission, text: Text, before: str, *, by: User, words: str, note: str
) -> Text:
    submission.statement, submission.accepted_text = text.statement, text
    submission.save()
    letters.say(submission, by, words, "accepted")
    record(act, submission, before, by, note=note)
    return text


@transaction.atomic
def decline(
    submission: Submission, *, by: User, reason: str, words: str = "", note: str = ""
) -> Submission:
    """`reason` is a code, `words` are for the sender, `note` is for colleagues."""
    submission = locked(submission)
    before = move(submission, "decline", by)
    submission.reason = reason
    submission.save()
    letters.say(submission, by, words, "declined")
    record("decline", submission, before, by, code=reason, note=note)
    return submission


@transaction.atomic
def mark_spam(submission: Submission, *, by: User) -> Submission:
    """Nobody is written to: the address may be that of somebody who never sent anything."""
    submission = locked(submission)
    if submission.state == State.IN_REVIEW and submission.moderator_id != by.pk:
        raise TakenByAnother(submission)
    before = move(submission, "mark_spam")
    submission.moderator = by
    submission.save()
    record("mark_spam", submission, before, by)
    return submission


# What they have in common


def is_sent(stamp: str) -> bool:
    """Whether a form was sent already."""
    return Submission.objects.filter(stamp_digest=_stamp_digest(stamp)).exists()


def _stamp_digest(stamp: str) -> str:
    return sealing.digest(stamp, "stamp")


def text_digest(text: str) -> str:
    """The same for the same words, whatever the layout and the capitals."""
    return hashlib.sha256(collapse(text).casefold().encode(errors="replace")).hexdigest()


def place_in_queue(submission: Submission) -> int | None:
    """1 for the one that comes next; None for one that does not wait."""
    if submission.state != State.RECEIVED:
        return None
    earlier = Submission.objects.waiting().filter(received_at__lt=submission.received_at)
    return earlier.count() + 1


def public_text(submission: Submission) -> Text | None:
    """The text that it became, once an editor has published it: its words, or a notice."""
    if not submission.accepted_text_id:
        return None
    texts = Text.objects.published().select_related("statement")
    return texts.filter(pk=submission.accepted_text_id).first()


def decline_reason(submission: Submission) -> DeclineReason | None:
    """Why it was declined, where the list still has the reason."""
    if not submission.reason:
        return None
    return DeclineReason.objects.worded().filter(code=submission.reason).first()


def keep_words(submission: Submission) -> EarlierWords:
    """What it says now is what it said before, as soon as other words are stored."""
    return EarlierWords.objects.create(
        submission=submission,
        title=submission.title,
        text=submission.text,
        demands=submission.demands,
    )


def _known(name: str) -> Organisation | None:
    """The organisation here that bears a name, where exactly one does."""
    bears = Q(name__iexact=name) | Q(acronym__iexact=name) | Q(names__name__iexact=name)
    found = list(Organisation.objects.filter(bears).distinct()[:2])
    return found[0] if len(found) == 1 else None


def record(
    act: str, submission: Submission, before: str, by: User, *, code: str = "", note: str = ""
) -> None:
    """A moderator's act goes into the log, as the last thing that is written."""
    auditing.decide(
        f"submission_{act}",
        submission,
        by=by,
        before=before,
        after=submission.state,
        code=code,
        note=note,
    )


def _doubts_about(text: str) -> list[str]:
    """What speaks against a text itself; the form's own signs came before."""
    found = []
    if text.count("://") > MANY_LINKS:
        found.append(Submission.Doubt.LINKS)
    # Whoever withdrew it was told that it can be sent again.
    same = Submission.objects.filter(text_digest=text_digest(text))
    if same.exclude(state=State.WITHDRAWN).exists():
        found.append(Submission.Doubt.DUPLICATE)
    return [str(one) for one in found]
