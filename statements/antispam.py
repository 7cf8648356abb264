"""Forms that strangers send: signs that a program did it, none of which shuts a person out.

A page with such a form carries a `stamp`, two fields that people do not see, and room for a
proof of work, which `static/js/proof.js` does in the background:

    {"stamp": antispam.stamp("submit"), ...}
    signs = antispam.signs("submit", request.POST, bits=18)      # codes, none for most people

Whoever has no JavaScript lacks the proof and nothing else; the form's feature decides what
follows from that. A stamp is good once: the feature stores its digest.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Mapping

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext_lazy as _

# Names that programs like to fill in. The page hides them from people, not from programs.
TRAPS = ("homepage", "fax")
TRAP_LABEL = _("Leave this field empty")
FASTEST = 2
LONGEST = 24 * 3600


def stamp(form: str) -> str:
    """When a form was opened, signed, with 256 random bits that make it the only one."""
    return _signer(form).sign_object({"at": time.time(), "bits": secrets.token_urlsafe(32)})


def is_stamp(form: str, value: str) -> bool:
    return _age(form, value) is not None


def signs(form: str, data: Mapping[str, str], *, bits: int) -> list[str]:
    """What speaks for a program: codes out of honeypot, stamp, fast, old, proof."""
    found = []
    if any(data.get(name) for name in TRAPS):
        found.append("honeypot")
    value = data.get("stamp", "")
    age = _age(form, value)
    if age is None:
        return [*found, "stamp"]
    if age < FASTEST:
        found.append("fast")
    if age > LONGEST:
        found.append("old")
    if not proves(value, data.get("proof", ""), bits):
        found.append("proof")
    return found


def proves(stamp: str, proof: str, bits: int) -> bool:
    """Whether SHA-256 of stamp, colon and proof begins with as many zero bits as are asked for."""
    if not 0 < len(proof) <= 20 or not proof.isascii() or not proof.isdigit():
        return False
    digest = hashlib.sha256(f"{stamp}:{proof}".encode(errors="replace")).digest()
    return int.from_bytes(digest) >> (256 - bits) == 0


def _age(form: str, value: str) -> float | None:
    """For how many seconds the form has been open; None where the stamp is none of ours."""
    try:
        signed = _signer(form).unsign_object(value)
    except (BadSignature, ValueError):
        return None
    return time.time() - signed["at"]


def _signer(form: str) -> Signer:
    return Signer(salt=f"antispam {form}")
