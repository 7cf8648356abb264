"""What is erased when its purpose ends (R-PR4); docs/privacy.md says what is kept how long."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from statements import erasures, mail, tokens
from statements.auditing import workflow as auditing
from statements.models import PastSubmission, Submission, Token
from statements.newsletter import workflow as newsletter
from statements.publishing.attachments import forget_unattached
from statements.submissions import attachments, unsent
from statements.submissions.states import CLOSING
from statements.submissions.workflow import PURPOSE

AFTER_DECLINING = timedelta(days=30)
AFTER_PUBLICATION = timedelta(days=90)
AFTER_SENDING = timedelta(days=7)
AFTER_ACTING = timedelta(days=2 * 365)


def erase_due() -> dict[str, int]:
    """Erase all whose time has come, and count it; once more at once erases nothing."""
    return {
        "submissions": _closed_submissions(),
        "contacts": _contacts(),
        "links": _links(),
        "letters": _letters(),
        "forms": unsent.forget_old(),
        "files": attachments.forget_unsent() + forget_unattached(),
        "actors": auditing.forget_actors(timezone.now() - AFTER_ACTING),
        **newsletter.erase_due(),
    }


@transaction.atomic
def _closed_submissions() -> int:
    """Declined, withdrawn and spam ones go whole; the log keeps that there was one, by number.

    Of those that were no spam the public numbers stay.
    """
    until = timezone.now() - AFTER_DECLINING
    gone = Submission.objects.select_for_update().filter(state__in=CLOSING, closed_at__lte=until)
    rows = list(gone.values_list("pk", "state", "reason", "received_at", "closed_at"))
    due = [pk for pk, *_rest in rows]
    PastSubmission.objects.bulk_create(
        PastSubmission(
            year=received.year,
            state=state,
            reason=reason,
            days=(closed.date() - received.date()).days,
        )
        for _pk, state, reason, received, closed in rows
        if state != Submission.State.SPAM
    )
    forget_submissions(due)
    return len(due)


@transaction.atomic
def forget_submissions(keys: list[int]) -> None:
    """Erase submissions whole, with their links and the letters to their senders."""
    Token.objects.filter(purpose=PURPOSE, object_id__in=keys).delete()
    erasures.note_all(erasures.Kind.GONE, Submission, keys)
    rows = Submission.objects.filter(pk__in=keys)
    senders = list(rows.values_list("email_digest", flat=True))
    rows.delete()
    mail.forget(senders)


@transaction.atomic
def _contacts() -> int:
    """How the sender of a published statement was reached, and what only editors were told."""
    until = timezone.now() - AFTER_PUBLICATION
    anything = ~Q(email_sealed="") | ~Q(note="") | ~Q(sender_role="")
    anything |= ~Q(withdrawal_words="")
    due = Submission.objects.filter(
        # One that became a text of an older statement is kept as long as any other.
        anything,
        statement__public_since__lte=until,
        closed_at__lte=until,
    )
    return forget_contacts(list(due.values_list("pk", flat=True)))


@transaction.atomic
def forget_contacts(keys: list[int]) -> int:
    """Erase how senders are reached, and what only editors were told; their links open nothing.
    What the queue still has for them goes too."""
    for pk in keys:
        tokens.revoke(PURPOSE, pk)
    erasures.note_all(erasures.Kind.CONTACT, Submission, keys)
    rows = Submission.objects.filter(pk__in=keys)
    senders = list(rows.values_list("email_digest", flat=True))
    erased = rows.update(
        email_sealed="", email_digest="", note="", sender_role="", withdrawal_words=""
    )
    mail.forget(senders)
    return erased


def _links() -> int:
    over = Q(expires_at__lte=timezone.now()) | Q(used_at__isnull=False)
    return Token.objects.filter(over).delete()[0]


def _letters() -> int:
    """What is left in the queue of letters that were sent or given up."""
    until = timezone.now() - AFTER_SENDING
    return DBTaskResult.objects.filter(finished_at__lte=until).delete()[0]
