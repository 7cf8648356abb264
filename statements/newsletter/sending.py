"""Mails to followers: which are due, one after the other to the mail server, none twice.

`run_due` calls it every minute, or has the worker do it; several at once share the work. What one
cannot do in its minute the next one goes on with.
"""

from __future__ import annotations

import contextlib
import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from smtplib import (
    SMTPDataError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Q
from django.utils import timezone, translation
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from statements import sealing
from statements.models import Follower, Following, Mailing, Rhythm
from statements.newsletter import bounces, mailings
from statements.newsletter.telling import Telling, is_due

logger = logging.getLogger(__name__)
# How long one run takes at most, with the run that comes a minute later in mind.
SECONDS = 50
# Mail servers end a connection after some mails, or when it says nothing.
MOST_A_CONNECTION, IDLE = 50, 5
# How long the mail server may take to answer: many look into a mail before they take it.
PATIENCE = 60
# How often a mail is written anew because something changed here meanwhile.
ATTEMPTS = 3
# Before the mail server has taken a mail it says so, and then it has not taken it.
NOT_TAKEN = (SMTPSenderRefused, SMTPHeloError, SMTPNotSupportedError)
# Whoever has been at it for longer was stopped.
STOPPED = timedelta(minutes=15)


@dataclass
class Done:
    sent: int = 0
    put_off: int = 0
    refused: int = 0
    # Why the run ended before everything was done: the mail server is away.
    is_stopped: bool = False


def run_due() -> Done | None:
    """Send what is due, or leave it to the worker: then there is nothing to tell yet."""
    if not settings.NEWSLETTER_OPEN:
        return Done()
    if not settings.HAS_WORKER:
        return send_due()
    waiting = DBTaskResult.objects.filter(task_path=in_background.module_path)
    begun = Q(status=TaskResultStatus.RUNNING, started_at__gt=timezone.now() - STOPPED)
    if not waiting.filter(begun | Q(status=TaskResultStatus.READY)).exists() and is_due():
        in_background.enqueue()
    return None


@task()
def in_background() -> str:
    done = send_due()
    return f"sent {done.sent}, put off {done.put_off}, refused {done.refused}"


def send_due() -> Done:
    """Write to followers what is new, for a minute at most."""
    run = Run()
    now = timezone.now()
    try:
        for rhythm in (Rhythm.CHANGE, Rhythm.DAILY, Rhythm.WEEKLY):
            for language, _name in settings.LANGUAGES:
                with translation.override(language):
                    run.tell(Telling(rhythm, now))
    finally:
        run.close()
    return run.done


class Run:
    """One minute's work: what it has done, and its connection to the mail server."""

    def __init__(self) -> None:
        self.done = Done()
        self.ends_at = time.monotonic() + SECONDS
        self.connection = get_connection(timeout=PATIENCE)
        self.is_open = False
        self.on_connection, self.used_at = 0, 0.0

    @property
    def goes_on(self) -> bool:
        done = self.done
        tried = done.sent + done.put_off + done.refused
        is_in_time = time.monotonic() < self.ends_at and tried < settings.NEWSLETTER_A_MINUTE
        return is_in_time and not done.is_stopped

    def tell(self, telling: Telling) -> None:
        for follower, followings in telling.followers():
            if not self.goes_on:
                break
            self._write_to(follower, followings, telling)
        telling.note_quiet()

    def _write_to(self, follower: Follower, followings: list[Following], telling: Telling) -> None:
        for _attempt in range(ATTEMPTS):
            composer = telling.composer
            sections = composer.sections(followings)
            if not sections:
                telling.quiet += followings
                return
            mailing = Mailing(
                follower=follower,
                rhythm=telling.rhythm,
                told_from=min(one.told_until for one in followings),
                told_until=telling.until,
            )
            try:
                message = composer.message(follower, mailing, sections)
            except sealing.CannotOpen:
                logger.error("A follower cannot be written to: the key of the address is gone.")
                mailings.wait_for(follower)
                return
            if not self._connect():
                return
            try:
                mailings.claim(mailing, followings, telling.written_at)
            except mailings.Taken:
                return
            except mailings.Outdated:
                telling.gather()
                continue
            self._send(message, mailing, followings)
            return

    def _connect(self) -> bool:
        """An open connection that the mail server still has; without one the run ends."""
        if self.is_open and self.on_connection >= MOST_A_CONNECTION:
            self.close()
        if self.is_open and time.monotonic() - self.used_at > IDLE and not self._answers():
            self.close()
        if self.is_open:
            return True
        try:
            self.connection.open()
        except (OSError, SMTPException) as error:
            self._stop(error)
            return False
        self.is_open, self.on_connection, self.used_at = True, 0, time.monotonic()
        return True

    def _answers(self) -> bool:
        server = getattr(self.connection, "connection", None)
        try:
            return not server or server.noop()[0] == 250
        except (OSError, SMTPException):
            return False

    def _send(self, message: EmailMessage, mailing: Mailing, followings: list[Following]) -> None:
        try:
            self.connection.send_messages([message])
        except SMTPRecipientsRefused as error:
            [(code, words)] = error.recipients.values()
            is_gone = bounces.is_gone_by_reply(code, words)
            self._not_taken(error, code, mailing, followings, is_gone=is_gone)
        except SMTPDataError as error:
            self._not_taken(error, error.smtp_code, mailing, followings)
        except NOT_TAKEN as error:
            mailings.give_back(mailing, followings, waits=False)
            self._stop(error)
        except (ValueError, LookupError) as error:
            # It could not be written down, so it was not sent.
            self._not_taken(error, 0, mailing, followings)
        except (OSError, SMTPException) as error:
            logger.error("A mail to a follower may have left, or not: %s", type(error).__name__)
            self.done.is_stopped = True
            self.close()
        else:
            mailings.sent(mailing)
            self.done.sent += 1
            self.on_connection += 1
            self.used_at = time.monotonic()

    def _not_taken(
        self,
        error: Exception,
        code: int,
        mailing: Mailing,
        followings: list[Following],
        *,
        is_gone: bool = False,
    ) -> None:
        """The mail server refused this mail, for now or for good."""
        if 400 <= code < 500:
            mailings.give_back(mailing, followings, waits=True)
            self.done.put_off += 1
        else:
            mailings.refused(mailing, is_gone=is_gone)
            self.done.refused += 1
            if not is_gone:
                logger.error("A mail to a follower was refused: %s", type(error).__name__)
        # It may have ended the connection with that.
        self.close()

    def _stop(self, error: Exception) -> None:
        # By its kind alone: what it says can have an address in it.
        logger.error("The mail server takes no mails to followers: %s", type(error).__name__)
        self.done.is_stopped = True
        self.close()

    def close(self) -> None:
        self.is_open = False
        with contextlib.suppress(OSError, SMTPException):
            self.connection.close()
