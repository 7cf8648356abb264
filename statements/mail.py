"""Mail: plain text, to one person, with a fixed subject (R-WE8).

    mail.send("submissions/email/received", to=address, context={...}, language="de")

takes `…_subject.txt` and `…_body.txt`. Line breaks and addresses of pages are taken out of every
text in the context; an address of our own is given as `mail.Link`.

A letter is queued in the caller's transaction, so there is one exactly when that succeeds, whoever
stops us then; what waits is sealed. It leaves as soon as the transaction is committed, or, with a
worker (docs/settings.md), when that comes to it. What could not be sent, or not beside another one,
`send_due` sends later; so it does with what is told `at_once=False`, for pages that must not take
longer where a mail leaves.
Each letter leaves at least once: twice where we are stopped between sending it and noting that.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Iterable, Mapping
from datetime import timedelta
from email.utils import make_msgid
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from threading import Lock
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet

from statements import limits, sealing
from statements.models import Follower, FollowRequest, Submission
from statements.plain import line

logger = logging.getLogger(__name__)
# What a task says that no longer tries.
GIVEN_UP = "given up"
# And one whose letter was taken away while somebody was at it.
FORGOTTEN = "forgotten"
# And one whose letter waits in another one.
PUT_OFF = "put off"
# Something that a mail programme would make a link of.
ADDRESS = re.compile(r"\w+://\S*|(?<!\S)\S+\.[a-z]{2,}(?![a-z])\S*", re.IGNORECASE)
# Tried again after one minute, two, four … and at the latest after four hours, for three days.
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
LONGEST = timedelta(days=3)
# To one address in a day; what is more waits for the next one (R-SP2).
MOST_A_DAY = 3
# Whoever has been sending a letter for longer was stopped while doing it.
STOPPED = timedelta(minutes=15)
# A server that lets us wait for so many seconds, and takes nothing then, is left alone by this
# process for a minute: whoever sends a form, and what is due besides, does not wait for it again.
SLOW = 5.0
# For so many seconds a page waits for a letter before its own.
PATIENCE = 2.0
_slow_until = float("-inf")
_one_at_a_time = Lock()


class Link(str):
    """An address of this site, which stays in the mail as it is."""

    __slots__ = ()


def send(
    template: str, *, to: str, context: Mapping[str, object], language: str, at_once: bool = True
) -> None:
    """Write a mail and have it sent once the transaction is committed, or within a minute."""
    words = {name: _harmless(value) for name, value in context.items()}
    with translation.override(language):
        subject = render_to_string(f"{template}_subject.txt", words, using="mail")
        body = render_to_string(f"{template}_body.txt", words, using="mail")
    letter = {"to": to, "subject": line(subject), "body": body.strip() + "\n"}
    queued = deliver.enqueue(sealing.seal(json.dumps(letter)), timezone.now().isoformat())
    if at_once and not settings.HAS_WORKER:
        transaction.on_commit(lambda: _take_alone(_letters().filter(pk=queued.id)), robust=True)


def send_due() -> int:
    """Send the letters whose time has come; how many were tried.

    Those among them too that somebody began to send, and was stopped or lost the database. None
    after one for which a server that hangs was waited for: the others are for the next time.
    """
    stopped = DBTaskResult.objects.running().filter(task_path=deliver.module_path)
    stopped.filter(started_at__lte=timezone.now() - STOPPED).update(status=TaskResultStatus.READY)
    # It was the database that failed, before the letter was handed over: it is asked after that.
    cut_off = DBTaskResult.objects.failed().filter(task_path=deliver.module_path)
    cut_off.filter(
        exception_class_path__startswith="django.db.utils.",
        enqueued_at__gt=timezone.now() - LONGEST,
    ).update(status=TaskResultStatus.READY)
    tried = 0
    while _take_now(_letters()):
        tried += 1
    return tried


def queue_again(sealed: str) -> None:
    """Give a letter that was given up its three days anew."""
    deliver.enqueue(sealed, timezone.now().isoformat())


@transaction.atomic
def forget(digests: Iterable[str]) -> int:
    """Take away the letters to addresses that were just erased: those that wait, and those that
    were given up and could be tried again. How many.

    An address that somebody is still reached by, for something else, keeps its letters. What is
    sent at this very moment may arrive, and is not tried once more.
    """
    gone = {digest for digest in digests if digest}
    for model in (Submission, Follower, FollowRequest):
        if gone:
            held = model.objects.filter(email_digest__in=gone).order_by()
            gone -= set(held.values_list("email_digest", flat=True))
    if not gone:
        return 0
    sent = Q(status=TaskResultStatus.SUCCESSFUL) & ~Q(return_value=GIVEN_UP)
    kept = DBTaskResult.objects.filter(task_path=deliver.module_path).exclude(sent).order_by()
    found = [
        key
        for key, words in kept.values_list("pk", "args_kwargs").iterator()
        if _recipient(words["args"][0]) in gone
    ]
    letters = DBTaskResult.objects.filter(pk__in=found)
    letters.exclude(status=TaskResultStatus.RUNNING).delete()
    # Whoever is at one of these goes on with its row, which has no letter any more.
    letters.update(args_kwargs={"args": ["", timezone.now().isoformat()], "kwargs": {}})
    return len(found)


def _recipient(sealed: str) -> str:
    """The digest of whom a letter is to; none where it can be read, and sent, no more."""
    try:
        return sealing.address_digest(json.loads(sealing.open_sealed(sealed))["to"])
    except sealing.CannotOpen:
        return ""


def _letters() -> DBTaskResultQuerySet:
    return DBTaskResult.objects.ready().filter(task_path=deliver.module_path)


def _take_now(letters: DBTaskResultQuerySet) -> bool:
    """Send one of these, unless the server has just let us wait in vain."""
    return time.monotonic() >= _slow_until and _take(letters)


def _take_alone(letters: DBTaskResultQuerySet) -> None:
    """Send one of these after the one that another thread is at, if that takes no longer than a
    server takes that is well: where it hangs, one page of a process waits for it to the end, and
    not all who send a form in that moment."""
    if _one_at_a_time.acquire(timeout=PATIENCE):
        try:
            _take_now(letters)
        finally:
            _one_at_a_time.release()


def _take(letters: DBTaskResultQuerySet) -> bool:
    """Send one of these, which nobody else takes meanwhile; False where there is none."""
    with transaction.atomic():
        letter = letters.get_locked()
        if not letter:
            return False
        letter.claim("mail")
    try:
        outcome = deliver.call(*letter.args_kwargs["args"], **letter.args_kwargs["kwargs"])
    except Exception as error:
        logger.error("A mail could not be sent: %s", type(error).__name__)
        letter.set_failed(error)
    else:
        letter.set_successful(outcome)
    return True


@task()
def deliver(sealed: str, since: str, tries: int = 0, *, is_counted: bool = False) -> str:
    """Hand a letter to the mail server; where that is away, or the day's are sent, put it off."""
    if not sealed:
        return FORGOTTEN
    letter = json.loads(sealing.open_sealed(sealed))
    if not is_counted:
        key = sealing.address_digest(letter["to"])
        if wait := limits.hit("mail", key, most=MOST_A_DAY, seconds=24 * 3600):
            logger.warning("A mail is held back: its recipient got %d within a day.", MOST_A_DAY)
            return _put_off(sealed, since, 0, wait=timedelta(seconds=wait), is_counted=False)
    message = EmailMessage(letter["subject"], letter["body"], to=[letter["to"]])
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    # Django would name the machine.
    message.extra_headers["Message-ID"] = make_msgid(domain=urlsplit(settings.SITE_URL).hostname)
    began = time.monotonic()
    try:
        message.send()
    except (OSError, SMTPException) as error:
        if time.monotonic() - began >= SLOW:
            _leave_alone()
        if _is_final(error):
            return _give_up(type(error).__name__)
        wait = min(FIRST_WAIT * 2 ** min(tries, 10), LONGEST_WAIT)
        return _put_off(sealed, since, tries + 1, wait=wait, is_counted=True)
    return "sent"


def _leave_alone() -> None:
    global _slow_until
    _slow_until = time.monotonic() + FIRST_WAIT.total_seconds()


def _put_off(sealed: str, since: str, tries: int, *, wait: timedelta, is_counted: bool) -> str:
    now = timezone.now()
    if now - timezone.datetime.fromisoformat(since) > LONGEST:
        return _give_up("it has waited for too long")
    here = DBTaskResult.objects.filter(task_path=deliver.module_path)
    if not here.filter(args_kwargs__args__0=sealed).exists():
        return FORGOTTEN
    later = deliver.using(run_after=now + wait)
    later.enqueue(sealed, since, tries, is_counted=is_counted)
    return PUT_OFF


def _give_up(why: str) -> str:
    # Never the address or the words: only that one was lost, and why.
    logger.error("A mail could not be sent: %s", why)
    return GIVEN_UP


def _is_final(error: Exception) -> bool:
    """Whether the server refuses this letter or its recipient for good, and not us."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    return isinstance(error, SMTPDataError) and error.smtp_code >= 500


def _harmless(value: object) -> object:
    """A text of somebody's as one line in which nothing becomes a link."""
    if isinstance(value, str) and not isinstance(value, Link):
        return line(ADDRESS.sub(" ", value))
    return value
