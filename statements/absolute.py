"""Addresses and numbers that leave the site: in feeds, files, letters and answers for programs."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import translate_url


def absolute(path: str) -> str:
    """A record's one address: on the site's own host, and without the interface's language.

    Never with the host that a request was made to.
    """
    return settings.SITE_URL + translate_url(path, settings.LANGUAGE_CODE)


def id_of(kind: str, key: int | str) -> str:
    """By number, because an address may change, and may be made of a name (RFC 4151)."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:{kind}-{key}"
