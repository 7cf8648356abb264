"""The form in which the words of a version are fingerprinted, and compared with a copy of it.

What a copy loses or gains in print and on screens does not count: where lines and pages break,
quotation marks, hyphens and dashes, bullets, the width of letters, invisible characters. Each word,
number and point does. The rules are published in docs/verifying.md.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

# Ordinary and typographical ones, primes and accents typed in their stead.
QUOTES = (
    "\"'`\u00ab\u00bb\u00b4\u02b9-\u02bc\u05f3\u05f4\u2018-\u201f\u2032-\u2036\u2039\u203a"
    "\u300c-\u300f\u301d-\u301f\uff02\uff07"
)
HYPHENS = "\\-\u00ad\u058a\u05be\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d"
BULLETS = "\u00b7\u2022\u2023\u25aa\u25cf\u25e6\uf0a7\uf0b7\uf0d8*"
# Controls, joiners, marks of direction, and the stroke that lengthens Arabic words in print.
INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u0640\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
)
# A word that was broken at the end of a line is one word.
DIVIDED = re.compile(f"(?<=[^\\W\\d_])[{HYPHENS}][ \\t]*[\\r\\n\\x0b\\x0c]\\s*(?=[^\\W\\d_])")
NOT_COUNTED = re.compile(f"[{QUOTES}{HYPHENS}{INVISIBLE}]")
APART = re.compile(f"[{BULLETS}\\s]+")
# French sets a space before them, others none.
BEFORE_POINTS = re.compile(" (?=[.,;:!?…؛؟،。、！？：；%)\\]])")
AFTER_BRACKETS = re.compile("(?<=[(\\[¡¿]) ")
# Sixteen characters of a fingerprint stand on paper; fewer could be those of several versions.
FINGERPRINT = re.compile(r"[0-9a-f]{16,64}")


def canonical(words: str) -> str:
    """Plain words in the form that is compared: one line, with a space between two words."""
    words = undivided(words)
    words = unicodedata.normalize("NFKC", NOT_COUNTED.sub("", words))
    words = APART.sub(" ", NOT_COUNTED.sub("", words))
    return AFTER_BRACKETS.sub("", BEFORE_POINTS.sub("", words)).strip()


def read_fingerprint(typed: str) -> str:
    """A fingerprint, or its beginning, as somebody typed it or in the line in which pages and files
    have it; empty if it is none.

    Beside other words it is none: it would vouch for them.
    """
    found = "".join(typed.split()).lower()
    if FINGERPRINT.fullmatch(found):
        return found
    line = " ".join(typed.split())
    lines = (pattern.fullmatch(line) for pattern in _imprints())
    return next((one[1] for one in lines if one), "")


@cache
def _imprints() -> tuple[re.Pattern, ...]:
    """That line in each language of the interface, after the address or alone."""
    parts = {"number": "[0-9]+", "day": "[^·]{4,30}", "fingerprint": "([0-9a-f]{16,64})"}
    found = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            line = gettext("Version %(number)s of %(day)s · fingerprint %(fingerprint)s")
        found.append(re.compile(rf"(?:\S*/\S* )?(?:· )?{line % parts}"))
    return tuple(found)


def undivided(words: str) -> str:
    """Without the hyphens that print puts in at the end of a line."""
    return DIVIDED.sub("", words)


def fingerprint(parts: Iterable[str]) -> str:
    """SHA-256, in hex, of the plain words of parts in their order."""
    return hashlib.sha256(canonical("\n".join(parts)).encode()).hexdigest()
