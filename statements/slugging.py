"""The last part of an address: letters with their marks, and digits, of any script, and hyphens."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError

from statements.naming import IGNORED
from statements.plain import line

# What a word can do without: accents that are no part of a letter, the points of Arabic and
# Hebrew, and what chooses between two pictures of one character.
OPTIONAL = re.compile(rf"{IGNORED.pattern}|[\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Normalised for compatibility these two vowels fall into two signs, as nobody types them.
WHOLE_VOWELS = {"\u0e4d\u0e32": "\u0e33", "\u0ecd\u0eb2": "\u0eb3"}


def slugify(words: str, most: int | None = None) -> str:
    """Words as they stand in an address; "" where nothing of them can.

    As Django's function of the name, but the signs of vowels stay, without which words in the
    scripts of India and South-East Asia are others, or none. No letter loses its marks where `most`
    cuts.
    """
    text = unicodedata.normalize("NFKC", line(words)).lower()
    for parts, vowel in WHOLE_VOWELS.items():
        text = text.replace(parts, vowel)
    slug = ""
    for one in text:
        if one == "-" or one.isspace():
            slug = slug.removesuffix("-") + "-"
        elif _is_letter(one) or (_is_mark(one) and slug and slug[-1] not in "-_"):
            slug += one
    return _cut(slug, most).strip("-_")


def validate(slug: str) -> None:
    """Refuse what is neither a letter, a mark on one, a digit, a hyphen nor an underscore."""
    if not all(one == "-" or _is_letter(one) or _is_mark(one) for one in slug):
        raise ValidationError("Not an address.", code="invalid")


def _is_letter(one: str) -> bool:
    return one.isalnum() or one == "_"


def _is_mark(one: str) -> bool:
    return unicodedata.category(one) in ("Mn", "Mc") and not OPTIONAL.match(one)


def _cut(slug: str, most: int | None) -> str:
    end = len(slug) if most is None else most
    while 0 < end < len(slug) and _is_mark(slug[end]):
        end -= 1
    return slug[:end]
