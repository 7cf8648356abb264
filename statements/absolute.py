"""Addresses that leave the site: in feeds, files, letters and answers for programs."""

from django.conf import settings
from django.urls import translate_url


def absolute(path: str) -> str:
    """A record's one address: on the site's own host, and without the interface's language.

    Never with the host that a request was made to.
    """
    return settings.SITE_URL + translate_url(path, settings.LANGUAGE_CODE)
