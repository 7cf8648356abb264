"""Secrets that a browser brings along to some pages alone: of one form, submission or follower."""

from __future__ import annotations

from collections.abc import Callable
from http.cookies import Morsel

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation


def named(name: str) -> str:
    return f"__Secure-{name}" if settings.IS_HTTPS else name


def give(
    response: HttpResponse, name: str, secret: str, *, to: Callable[[], str], age: int
) -> None:
    """One cookie for the address in each language: `to` gives it in the current one."""
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            _set(response, name, secret, to(), age)


def _set(response: HttpResponse, name: str, secret: str, path: str, age: int) -> None:
    """A response keeps only one cookie of a name, so each is written out."""
    morsel = Morsel()
    morsel.set(name, secret, secret)
    morsel |= {
        "path": path,
        "max-age": age,
        "httponly": True,
        "secure": settings.IS_HTTPS,
        "samesite": "Lax",
    }
    # The key is not sent: it only keeps the morsels apart.
    dict.__setitem__(response.cookies, f"{name} {path}", morsel)
