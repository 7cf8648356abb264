"""What `manage.py check` says of settings that do not fit each other."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from statements import replica


@register()
def replica_in_use(**kwargs: object) -> list[CheckMessage]:
    """Without notes of changes nobody could say whether it is behind."""
    if settings.KEPT_MEGABYTES or not replica.is_there():
        return []
    words = "DATABASE_REPLICA_URL is set, and KEPT_MEGABYTES is 0: the replica is never asked."
    return [Error(words, hint="Keep 1 at least.", id="statements.E004")]


@register()
def newsletter(**kwargs: object) -> list[CheckMessage]:
    """With these settings no follower could be written to as they should be."""
    if not settings.NEWSLETTER_OPEN:
        return []
    found: list[CheckMessage] = []
    if settings.NEWSLETTER_HOUR > 23:
        found.append(Error("NEWSLETTER_HOUR is an hour from 0 to 23.", id="statements.E001"))
    back = settings.NEWSLETTER_RETURN_PATH
    if back and "@" not in parseaddr(back)[1]:
        found.append(Error("NEWSLETTER_RETURN_PATH is no address.", id="statements.E002"))
    if not settings.NEWSLETTER_A_MINUTE:
        found.append(Error("NEWSLETTER_A_MINUTE is 0: no mail leaves.", id="statements.E003"))
    return found


@register(deploy=True)
def newsletter_in_use(**kwargs: object) -> list[CheckMessage]:
    """Following by e-mail needs mail that leaves, comes back, and can be left with one press."""
    if not settings.NEWSLETTER_OPEN:
        return []
    found: list[CheckMessage] = []
    if "smtp" not in settings.EMAIL_BACKEND:
        found.append(
            Warning(
                "NEWSLETTER_OPEN is 1, and mail does not leave this machine.",
                hint="Set EMAIL_URL to a mail server.",
                id="statements.W001",
            )
        )
    if not settings.IS_HTTPS:
        found.append(
            Warning(
                "NEWSLETTER_OPEN is 1 without https: mail programmes show no button to leave.",
                hint="Set SITE_URL to an address with https.",
                id="statements.W002",
            )
        )
    if not settings.NEWSLETTER_RETURN_PATH:
        found.append(
            Warning(
                "NEWSLETTER_OPEN is 1 without NEWSLETTER_RETURN_PATH: of mailboxes that are gone"
                " nobody learns.",
                hint="See docs/operating.md.",
                id="statements.W003",
            )
        )
    return found
