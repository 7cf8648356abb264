"""Sealed at rest: what a copy of the database alone must not tell (R-PR6).

    row.email_sealed = sealing.seal(email)
    row.email_digest = sealing.address_digest(email)   # for looking up, for telling two apart

It holds against whoever gets a backup or reads by a fault in a query, and not against whoever
holds the running machine, where the key is.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class CannotOpen(Exception):
    """It was sealed with a key that is not in the settings any more."""


def seal(text: str) -> str:
    return _box(*_secrets()).encrypt(text.encode()).decode()


def open_sealed(sealed: str) -> str:
    """Raises CannotOpen."""
    try:
        return _box(*_secrets()).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise CannotOpen from error


def reseal(sealed: str) -> str:
    """The same, under the newest key. Raises CannotOpen."""
    try:
        return _box(*_secrets()).rotate(sealed.encode()).decode()
    except InvalidToken as error:
        raise CannotOpen from error


def seal_bytes(content: bytes, *, under: str = "") -> bytes:
    """The same for a file. `under` is a secret that somebody else keeps: without it, nobody here
    can open what was sealed."""
    return _box_under(under).encrypt(content)


def open_bytes(sealed: bytes, *, under: str = "") -> bytes:
    """Raises CannotOpen."""
    try:
        return _box_under(under).decrypt(bytes(sealed))
    except InvalidToken as error:
        raise CannotOpen from error


def digest(text: str, purpose: str) -> str:
    """A keyed digest, for one purpose.

    It is made with the oldest key, so that it stays the same when a newer one is put first.
    """
    key = _derived(_secrets()[-1], f"digest of {purpose}")
    return hmac.new(key, text.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()


def address_digest(email: str) -> str:
    """The digest of an e-mail address, the same however its letters are written."""
    return digest(email.strip().casefold(), "e-mail")


def _secrets() -> tuple[str, ...]:
    """The newest first; where the operator gave none, what signs sessions serves here too."""
    return tuple(settings.SEALING_KEYS or [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])


@lru_cache(maxsize=8)
def _box(*secrets: str) -> MultiFernet:
    keys = (base64.urlsafe_b64encode(_derived(one, "seal")) for one in secrets)
    return MultiFernet([Fernet(key) for key in keys])


def _box_under(secret: str) -> MultiFernet:
    """Not remembered, as the secret is not to be."""
    if not secret:
        return _box(*_secrets())
    keys = (_derived(one, f"seal under {secret}") for one in _secrets())
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def _derived(secret: str, purpose: str) -> bytes:
    """A key for one purpose: none of them tells the secret or another."""
    return hmac.new(secret.encode(), f"statements {purpose}".encode(), hashlib.sha256).digest()
