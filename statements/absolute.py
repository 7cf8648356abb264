"""Addresses and numbers that leave the site: in feeds, files, letters and answers for programs."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language_from_path


def absolute(path: str) -> str:
    """A record's one address: on the site's own host, and without the interface's language.

    Never with the host that a request was made to.
    """
    if get_language_from_path(path):
        # Django's `translate_url` looks through all patterns for it.
        path = f"/{path[1:].partition('/')[2]}"
    return settings.SITE_URL + path


def id_of(kind: str, key: int | str) -> str:
    """By number, because an address may change, and may be made of a name (RFC 4151)."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:{kind}-{key}"
