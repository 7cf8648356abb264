"""Private links (R-TO1): 256 random bits, of which only a keyed digest is stored.

    token = tokens.issue("submission", submission.pk)
    tokens.find("submission", token)     # the object's id, or None
    tokens.use("confirm", token)         # the same, once and never again

A token is bound to its purpose: for another one it is unknown.
"""

from __future__ import annotations

import base64
import secrets
from datetime import timedelta

from django.utils import timezone

from statements import sealing
from statements.models import Token

# Of 32 bytes: what `new` gives is this long.
LENGTH = 43


def new() -> str:
    return secrets.token_urlsafe(32)


def derived(purpose: str, seed: str) -> str:
    """The token that belongs to a secret random seed of 256 bits, always the same one.

    Nobody else can make it: it takes the key too.
    """
    made = bytes.fromhex(sealing.digest(seed, f"token out of a seed for {purpose}"))
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def issue(
    purpose: str, object_id: int, *, lifetime: timedelta | None = None, token: str = ""
) -> str:
    """Make a link's secret part, good for so long or until it is revoked.

    It is returned here and nowhere else. `token` is one that was made before.
    """
    token = token or new()
    Token.objects.create(
        digest=_digest(purpose, token),
        purpose=purpose,
        object_id=object_id,
        expires_at=None if lifetime is None else timezone.now() + lifetime,
    )
    return token


def find(purpose: str, token: str) -> int | None:
    """The id of the object that a live token opens."""
    live = Token.objects.live().filter(digest=_digest(purpose, token))
    return live.values_list("object_id", flat=True).first()


def use(purpose: str, token: str) -> int | None:
    """The same, and of all who ask at once only one gets it."""
    digest = _digest(purpose, token)
    if not Token.objects.live().filter(digest=digest).update(used_at=timezone.now()):
        return None
    return Token.objects.values_list("object_id", flat=True).get(digest=digest)


def revoke(purpose: str, object_id: int) -> None:
    """No link to the object opens anything any more."""
    Token.objects.filter(purpose=purpose, object_id=object_id).delete()


def expire(purpose: str, object_id: int, lifetime: timedelta) -> None:
    """All links to the object end after so long."""
    found = Token.objects.filter(purpose=purpose, object_id=object_id)
    found.update(expires_at=timezone.now() + lifetime)


def _digest(purpose: str, token: str) -> str:
    return sealing.digest(token, f"token for {purpose}")
