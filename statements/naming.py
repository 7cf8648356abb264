"""How a person's name is shown: the one place where names are concealed.

Every public output takes its words through here: a text's own through `Prose.replace` and
`conceal`, with the namings of persons whose name is not shown in full.
"""

import re
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


def pattern(words: str) -> re.Pattern[str]:
    """Match words as a whole, in any case, across any white space."""
    parts = [re.escape(part) for part in collapse(words).split()]
    return re.compile(r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)", re.IGNORECASE)


def spans(text: str, concealed: Iterable[Concealed]) -> list[tuple[int, int, str]]:
    """Where concealed spellings stand in a text, longest first, never overlapping."""
    found: list[tuple[int, int, str]] = []
    for entry in sorted(concealed, key=lambda entry: -len(entry.spelling)):
        for match in pattern(entry.spelling).finditer(text):
            if all(match.end() <= start or match.start() >= end for start, end, _shown in found):
                found.append((match.start(), match.end(), entry.shown))
    return sorted(found)


def conceal(text: str, concealed: Iterable[Concealed]) -> str:
    """A plain text with the concealed spellings replaced."""
    for start, end, shown in reversed(spans(text, concealed)):
        text = text[:start] + shown + text[end:]
    return text
