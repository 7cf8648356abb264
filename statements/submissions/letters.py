"""What a sender is told: words in the conversation, and a letter that there are some to read."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.urls import reverse
from django.utils import translation

from statements import mail, sealing, tokens
from statements.models import Submission, SubmissionMessage
from statements.submissions.states import PURPOSE


def link(token: str, language: str) -> str:
    """The private link in full, in a language of the interface."""
    with translation.override(language):
        return settings.SITE_URL + reverse("submissions:link", args=[token])


def say(
    submission: Submission, by: AbstractBaseUser, words: str, letter: str
) -> SubmissionMessage | None:
    """Put words into the conversation, and write that there is something to read."""
    said = None
    if words:
        said = SubmissionMessage.objects.create(submission=submission, by=by, words=words)
    tell(submission, letter)
    return said


def tell(submission: Submission, letter: str, token: str = "") -> None:
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
