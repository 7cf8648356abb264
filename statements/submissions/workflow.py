"""What becomes of a submission: one function for each act, and which act is possible when.

The sender's acts are submit, correct, answer, withdraw; a moderator's are take_up, release, ask,
request_changes, accept, decline, mark_spam. Each locks the submission first, so of two who act
at once the second is told what the first did.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation

from statements import antispam, mail, sealing, tokens
from statements.auditing import workflow as auditing
from statements.models import EarlierWords, Organisation, Submission, SubmissionMessage, Text
from statements.plain import collapse
from statements.publishing import drafts

State = Submission.State
FORM = "submit"
PURPOSE = "submission"
# The link to a closed submission goes on answering for so long.
AFTER_CLOSING = timedelta(days=90)
# Whoever sends a statement agrees to this version of the words beside the box.
CONSENT_VERSION = "2026-11"
MANY_LINKS = 10

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
    "accept": (frozenset({State.IN_REVIEW}), State.ACCEPTED),
    "decline": (frozenset({State.IN_REVIEW, State.CHANGES_REQUESTED}), State.DECLINED),
    "mark_spam": (
        frozenset({State.QUARANTINED, State.RECEIVED, State.IN_REVIEW}),
        State.SPAM,
    ),
}
CLOSING = {State.DECLINED, State.WITHDRAWN, State.SPAM}
# Whoever has not taken it up does none of these.
BY_ITS_MODERATOR = {"ask", "request_changes", "accept", "decline"}

User = AbstractBaseUser


class NotPossible(Exception):
    """The act is not possible in the state that the submission is in by now.

    `submission` says which, and `submission.moderator` who has it or decided.
    """

    def __init__(self, submission: Submission) -> None:
        super().__init__(f"submission {submission.pk} is {submission.state}")
        self.submission = submission


class TakenByAnother(NotPossible):
    """Another moderator has taken it up."""


@dataclass
class Sent:
    """What came of sending: the submission, and the only copy of its link's secret part."""

    submission: Submission
    token: str


def possible(act: str, submission: Submission) -> bool:
    return submission.state in MOVES[act][0]


def can_correct(submission: Submission) -> bool:
    return possible("correct", submission) or possible("resend", submission)


def can_withdraw(submission: Submission) -> bool:
    """Whether the sender can withdraw it, or ask for that."""
    may_ask = possible("ask_withdrawal", submission) and not submission.withdrawal_asked_at
    return may_ask or possible("withdraw", submission)


# The sender's acts


def submit(*, stamp: str, email: str, doubts: Iterable[str] = (), **fields: object) -> Sent:
    """Take in what a stranger sent. With any doubt it is quarantined, and never refused.

    The same form sent twice is one submission, with the same link: a second press of the button,
    or a page that was loaded again, takes nothing away.
    """
    if not antispam.is_stamp(FORM, stamp):
        stamp = antispam.stamp(FORM)
    once = {"email": email, "doubts": list(doubts), **fields}
    try:
        return _take_in(stamp, **once)
    except IntegrityError:
        # Another press of the button was a moment faster.
        return _take_in(stamp, **once)


@transaction.atomic
def _take_in(stamp: str, *, email: str, doubts: Iterable[str], **fields: object) -> Sent:
    text = str(fields["text"])
    stamp_digest = sealing.digest(stamp, "stamp")
    before = Submission.objects.filter(stamp_digest=stamp_digest).first()
    if before and before.text_digest == text_digest(text):
        return Sent(before, tokens.derived(PURPOSE, stamp))
    if before:
        # Other words from a page that was sent already: one more submission, in doubt.
        doubts = [*doubts, Submission.Doubt.STAMP]
        return _take_in(f"{stamp} {text}", email=email, doubts=doubts, **fields)
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
    token = tokens.derived(PURPOSE, stamp)
    tokens.issue(PURPOSE, submission.pk, token=token)
    _tell(submission, "received", token)
    return Sent(submission, token)


@transaction.atomic
def correct(submission: Submission, **fields: object) -> Submission:
    """The sender sends it anew: before anybody took it up, or after changes were asked for.

    What it said before is kept. It does not lose its place in the queue.
    """
    submission = _locked(submission)
    _move(submission, "resend" if possible("resend", submission) else "correct")
    EarlierWords.objects.create(
        submission=submission,
        title=submission.title,
        text=submission.text,
        demands=submission.demands,
    )
    fields["organisation"] = _known(str(fields["organisation_name"]))
    for name, value in fields.items():
        setattr(submission, name, value)
    submission.text_digest = text_digest(submission.text)
    submission.save()
    return submission


@transaction.atomic
def answer(submission: Submission, *, words: str) -> SubmissionMessage:
    submission = _locked(submission)
    _move(submission, "answer")
    return SubmissionMessage.objects.create(submission=submission, is_from_sender=True, words=words)


@transaction.atomic
def withdraw(submission: Submission) -> Submission:
    """Before it is accepted it is withdrawn; afterwards a moderator is asked to.

    A link that somebody else got hold of must not take a published statement away.
    """
    submission = _locked(submission)
    if possible("ask_withdrawal", submission):
        submission.withdrawal_asked_at = submission.withdrawal_asked_at or timezone.now()
    else:
        _move(submission, "withdraw")
    submission.save()
    return submission


# A moderator's acts


@transaction.atomic
def take_up(submission: Submission, *, by: User) -> Submission:
    submission = _locked(submission)
    if submission.state == State.IN_REVIEW and submission.moderator_id == by.pk:
        return submission
    before = _move(submission, "take_up")
    submission.moderator, submission.taken_up_at = by, timezone.now()
    submission.save()
    _record("take_up", submission, before, by)
    return submission


@transaction.atomic
def release(submission: Submission, *, by: User) -> Submission:
    """Put it back into the queue, in its old place; another moderator may do that too."""
    submission = _locked(submission)
    before = _move(submission, "release")
    submission.moderator = submission.taken_up_at = None
    submission.save()
    _record("release", submission, before, by)
    return submission


@transaction.atomic
def ask(submission: Submission, *, by: User, words: str) -> SubmissionMessage:
    submission = _locked(submission)
    before = _move(submission, "ask", by)
    message = _say(submission, by, words, "question")
    _record("ask", submission, before, by)
    return message


@transaction.atomic
def request_changes(submission: Submission, *, by: User, words: str) -> Submission:
    submission = _locked(submission)
    before = _move(submission, "request_changes", by)
    submission.save()
    _say(submission, by, words, "changes_requested")
    _record("request_changes", submission, before, by)
    return submission


@transaction.atomic
def accept(submission: Submission, *, by: User, words: str = "", note: str = "") -> Text:
    """Make an unpublished statement of it, for an editor to publish."""
    submission = _locked(submission)
    before = _move(submission, "accept", by)
    text = drafts.of_submission(submission, by=by)
    submission.statement = text.statement
    submission.save()
    _say(submission, by, words, "accepted")
    _record("accept", submission, before, by, note=note)
    return text


@transaction.atomic
def decline(
    submission: Submission, *, by: User, reason: str, words: str = "", note: str = ""
) -> Submission:
    """`reason` is a code, `words` are for the sender, `note` is for colleagues."""
    submission = _locked(submission)
    before = _move(submission, "decline", by)
    submission.reason = reason
    submission.save()
    _say(submission, by, words, "declined")
    _record("decline", submission, before, by, code=reason, note=note)
    return submission


@transaction.atomic
def mark_spam(submission: Submission, *, by: User) -> Submission:
    """Nobody is written to: the address may be that of somebody who never sent anything."""
    submission = _locked(submission)
    if submission.state == State.IN_REVIEW and submission.moderator_id != by.pk:
        raise TakenByAnother(submission)
    before = _move(submission, "mark_spam")
    submission.moderator = by
    submission.save()
    _record("mark_spam", submission, before, by)
    return submission


# What they have in common


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
    """The published text that it became, once an editor has published it."""
    if not submission.statement_id:
        return None
    return Text.objects.readable().filter(statement=submission.statement_id).first()


def link(token: str, language: str) -> str:
    """The private link in full, in a language of the interface."""
    with translation.override(language):
        return settings.SITE_URL + reverse("submissions:link", args=[token])


def _known(name: str) -> Organisation | None:
    """The organisation here that bears a name, where exactly one does."""
    bears = Q(name__iexact=name) | Q(acronym__iexact=name) | Q(names__name__iexact=name)
    found = list(Organisation.objects.filter(bears).distinct()[:2])
    return found[0] if len(found) == 1 else None


def _locked(submission: Submission) -> Submission:
    """Read anew and alone: what would be joined to it could be from before the lock."""
    return Submission.objects.select_for_update().get(pk=submission.pk)


def _move(submission: Submission, act: str, by: User | None = None) -> str:
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
    return before


def _record(
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
    if Submission.objects.filter(text_digest=text_digest(text)).exists():
        found.append(Submission.Doubt.DUPLICATE)
    return [str(one) for one in found]


def _say(submission: Submission, by: User, words: str, letter: str) -> SubmissionMessage | None:
    """Put words into the conversation, and write that there is something to read."""
    said = None
    if words:
        said = SubmissionMessage.objects.create(submission=submission, by=by, words=words)
    _tell(submission, letter)
    return said


def _tell(submission: Submission, letter: str, token: str = "") -> None:
    """A mail with the private link, to a sender who left an address. The words stay here."""
    if not submission.has_email:
        return
    token = token or tokens.issue(PURPOSE, submission.pk)
    mail.send(
        f"submissions/email/{letter}",
        to=sealing.open_sealed(submission.email_sealed),
        context={
            "title": submission.title,
            "link": mail.Link(link(token, submission.reply_language)),
        },
        language=submission.reply_language,
    )
