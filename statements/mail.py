"""Mail: plain text, to one person, with a fixed subject (R-WE8).

    mail.send("submissions/email/received", to=address, context={...}, language="de")

takes `…_subject.txt` and `…_body.txt`. Line breaks and addresses of pages are taken out of every
text in the context; an address of our own is given as `mail.Link`. Mail leaves when the
transaction is committed, and never when it fails. With a worker (docs/settings.md) it waits in
the queue of tasks, written in the same transaction; what waits there is sealed.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from datetime import timedelta
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django_tasks import task, task_backends
from django_tasks_db.backend import DatabaseBackend

from statements import sealing
from statements.plain import line

logger = logging.getLogger(__name__)
# Something that a mail programme would make a link of.
ADDRESS = re.compile(r"\w+://\S*|(?<!\S)\S+\.[a-z]{2,}(?![a-z])\S*", re.IGNORECASE)
# Tried again after one minute, two, four … and at the latest after four hours, for three days.
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
LONGEST = timedelta(days=3)
# What is put off waits here, whether or not a worker sends what is not.
QUEUE = "later"


class Link(str):
    """An address of this site, which stays in the mail as it is."""

    __slots__ = ()


def send(template: str, *, to: str, context: Mapping[str, object], language: str) -> None:
    """Write a mail and have it sent once the transaction is committed."""
    words = {name: _harmless(value) for name, value in context.items()}
    with translation.override(language):
        subject = render_to_string(f"{template}_subject.txt", words, using="mail")
        body = render_to_string(f"{template}_body.txt", words, using="mail")
    letter = {"to": to, "subject": line(subject), "body": body.strip() + "\n"}
    sealed = sealing.seal(json.dumps(letter))
    if isinstance(task_backends["default"], DatabaseBackend):
        # Part of the transaction: queued exactly when it succeeds, and whoever stops us then.
        deliver.enqueue(sealed, timezone.now().isoformat())
    else:
        transaction.on_commit(lambda: deliver.enqueue(sealed, timezone.now().isoformat()))


@task()
def deliver(sealed: str, since: str, tries: int = 0) -> str:
    """Hand a letter to the mail server; where that is away, put it off."""
    letter = json.loads(sealing.open_sealed(sealed))
    message = EmailMessage(letter["subject"], letter["body"], to=[letter["to"]])
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    try:
        message.send()
    except (OSError, SMTPException) as error:
        return _put_off(sealed, since, tries, error)
    return "sent"


def _put_off(sealed: str, since: str, tries: int, error: Exception) -> str:
    now = timezone.now()
    if _is_final(error) or now - timezone.datetime.fromisoformat(since) > LONGEST:
        # Never the address or the words: only that one was lost, and why.
        logger.error("A mail could not be sent: %s", type(error).__name__)
        return "given up"
    wait = min(FIRST_WAIT * 2 ** min(tries, 10), LONGEST_WAIT)
    deliver.using(backend=QUEUE, run_after=now + wait).enqueue(sealed, since, tries + 1)
    return "put off"


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
