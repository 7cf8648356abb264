"""How a person's name is shown: the one place where names are concealed.

Every public output takes its words through here, with what `Naming.objects.concealed_in` found
for the texts it shows: a text's own words through `prose.public_words`, other lines through
`conceal`. Named demands do it themselves.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from statements.plain import collapse


@dataclass(frozen=True)
class Concealed:
    """A spelling that must not be shown, and what stands in its place."""

    spelling: str
    shown: str


def gap() -> str:
    """What stands where a withheld name stood, in the interface's language."""
    return _("[name withheld]")


# What may stand inside a word and change nothing of what a reader sees in it: soft hyphens,
# zero-width characters, stress marks, the marks and the stretching of Arabic letters.
INVISIBLE = "[\u00ad\u200b-\u200d\u2060\ufeff\u0300-\u036f\u0640\u064b-\u065f\u0670]*"
# Characters that are typed for each other.
ALIKE = dict.fromkeys("-‐‑‒–", "[-‐-–]")
ALIKE |= dict.fromkeys("'‘’ʼ", "['‘’ʼ]")


def pattern(words: str) -> re.Pattern[str]:
    """Match words as a whole: in any case, across any white space, however they are typed."""
    parts = [
        INVISIBLE.join(_letter(letter) for letter in part) + INVISIBLE
        for part in collapse(words).split()
    ]
    return re.compile(r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)", re.IGNORECASE)


def _letter(letter: str) -> str:
    """A letter, or the bare one that its mark stands on: "ë" and "e"."""
    bare = unicodedata.normalize("NFD", letter)[0]
    return ALIKE.get(letter) or f"[{re.escape(letter)}{re.escape(bare)}]"


def spans(text: str, concealed: Iterable[Concealed]) -> list[tuple[int, int, str]]:
    """Where concealed spellings stand in a text, longest first, never overlapping."""
    found: list[tuple[int, int, str]] = []
    for entry in sorted(set(concealed), key=lambda entry: -len(entry.spelling)):
        for match in pattern(entry.spelling).finditer(text):
            if all(match.end() <= start or match.start() >= end for start, end, _shown in found):
                found.append((match.start(), match.end(), entry.shown))
    return sorted(found)


def conceal(text: str, concealed: Iterable[Concealed]) -> str:
    """A plain text with the concealed spellings replaced."""
    for start, end, shown in reversed(spans(text, concealed)):
        text = text[:start] + shown + text[end:]
    return text
