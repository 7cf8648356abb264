"""Paths of pages that show one record each: a page lists hundreds of them."""

from functools import lru_cache
from urllib.parse import quote

from django.urls import get_script_prefix, reverse
from django.utils.http import RFC3986_SUBDELIMS
from django.utils.translation import get_language

# As `reverse` leaves them.
UNQUOTED = RFC3986_SUBDELIMS + "/~:@"
STAND_IN = "-record-"


def path_of(name: str, slug: str) -> str:
    """What `reverse(name, args=[slug])` gives, which looks through all patterns each time."""
    if not slug or "/" in slug:
        return reverse(name, args=[slug])
    before, after = _around(name, get_script_prefix(), get_language())
    return f"{before}{_quoted(slug)}{after}"


@lru_cache(10_000)
def _quoted(slug: str) -> str:
    return quote(slug, safe=UNQUOTED)


@lru_cache(1000)
def _around(name: str, _prefix: str, _language: str | None) -> tuple[str, str]:
    """What of an address stands before and after the record's own part of it."""
    before, _slug, after = reverse(name, args=[STAND_IN]).rpartition(STAND_IN)
    return before, after
