"""Letters as they are looked for: one folding for names that are concealed and for searching.

Without case, accents and what no reader sees. Pure Python, no tables.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# What may stand inside a word and change nothing of what a reader sees in it: soft hyphens,
# zero-width characters, stress marks and accents, Hebrew points, the marks and the stretching of
# Arabic letters. Vowel signs of other scripts are letters to their readers, and stay.
IGNORED = re.compile(
    "[\u00ad\u200b-\u200f\u2060\ufeff\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0640\u064b-\u065f\u0670]"
)
# Characters that are typed for each other.
ALIKE = dict.fromkeys("‐‑‒–", "-") | dict.fromkeys("‘’ʼ׳", "'")
ALIKE |= {"ı": "i", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه"}
# Letters that no form of Unicode takes apart, and that keyboards elsewhere lack.
ALIKE |= {"ł": "l", "đ": "d", "ø": "o", "ħ": "h"}
# Scripts that put no space between words, and Korean, which puts its particles right after a name.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)


@lru_cache(8192)
def letter(one: str) -> str:
    """A letter in small, without the marks on it; one that has none is left whole."""
    small = one.casefold()
    parts = unicodedata.normalize("NFD", small)
    bare = IGNORED.sub("", parts)
    found = small if bare == parts else bare
    return "".join(ALIKE.get(part, part) for part in found)


def word(written: str) -> str:
    """A word as words are searched: й, which no reader takes for и, keeps its mark."""
    if written.isascii():
        return written.lower()
    composed = unicodedata.normalize("NFKC", written)
    return "".join("й" if one in "йЙ" else letter(one) for one in composed)
