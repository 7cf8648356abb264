"""A letter a day to each moderator for whom something waits, and none for each submission."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser as User
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from statements import mail
from statements.models import Digest, Submission


def send_digests() -> int:
    """Write to every moderator with an address who was not written to today; count the letters.

    They say how many, and nothing of what was sent: mail is read by others.
    """
    moderators = get_user_model().objects.with_perm("statements.moderate_submission")
    every = Submission.objects.all()
    waiting, quarantined = every.waiting().count(), every.quarantined().count()
    withdrawals = every.to_be_taken_back().count()
    sent = 0
    for moderator in moderators.filter(is_staff=True).exclude(email="").order_by("pk"):
        numbers = {
            "waiting": waiting,
            "quarantined": quarantined,
            "withdrawals": withdrawals,
            "answered": _answered(moderator),
        }
        sent += any(numbers.values()) and _send(moderator, numbers)
    return sent


def _answered(moderator: User) -> int:
    """How many of theirs wait for their answer."""
    theirs = Submission.objects.filter(moderator=moderator).open()
    return theirs.with_last_word().filter(is_answered=True).count()


@transaction.atomic
def _send(moderator: User, numbers: dict[str, int]) -> bool:
    """Once a day, however often and by however many it is called."""
    today = timezone.localdate()
    Digest.objects.get_or_create(moderator=moderator)
    if not Digest.objects.exclude(sent_on=today).filter(moderator=moderator).update(sent_on=today):
        return False
    language = settings.LANGUAGE_CODE
    with translation.override(language):
        desk = settings.SITE_URL + reverse("admin:index")
    mail.send(
        "submissions/email/digest",
        to=moderator.email,
        context={**numbers, "desk": mail.Link(desk)},
        language=language,
    )
    return True
