"""What followers are sent some days from now, when all that a test made is a day old."""

from datetime import timedelta
from unittest import mock

from django.core import mail
from django.utils import timezone

from statements.newsletter import sending


def some_days_later(days=8):
    """Everything that asks for the time is told that it is seven in the morning, days from now.

    At six the mails of a day are due, so they are whenever the tests are run.
    """
    morning = timezone.now().replace(hour=7, minute=0, second=0, microsecond=0)
    return mock.patch("django.utils.timezone.now", return_value=morning + timedelta(days))


def some_minutes_later(minutes):
    later = timezone.now() + timedelta(minutes=minutes)
    return mock.patch("django.utils.timezone.now", return_value=later)


def tell(days=8):
    """The mails that are sent then."""
    before = len(mail.outbox)
    with some_days_later(days):
        sending.send_due()
    return mail.outbox[before:]


def html_of(letter):
    [(html, kind)] = letter.alternatives
    assert kind == "text/html"
    return html
