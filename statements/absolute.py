"""Addresses that leave the site: in feeds, files, letters and answers for programs."""

from django.conf import settings


def absolute(path: str) -> str:
    """With the site's own address, and never with the one that a request was made to."""
    return f"{settings.SITE_URL}{path}"
