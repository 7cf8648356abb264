"""How a person's name is shown: the one place where names are concealed.

Every public output takes its words through here, with what `Naming.objects.concealed_in` found
for the texts it shows: a text's own words through `prose.public_words`, other lines through
`conceal`. Named demands do it themselves.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from statements import folding
from statements.folding import IGNORED, UNSPACED


@dataclass(frozen=True)
class Concealed:
    """A spelling that must not be shown, and what stands in its place."""

    spelling: str
    shown: str


def gap() -> str:
    """What stands where a withheld name stood, in the interface's language."""
    return _("[name withheld]")


# A letter of another word, where words have spaces between them.
LETTER = rf"[^\W{UNSPACED}]"
# "And", "to", "in" and the like are one word with the name after them in Arabic and Hebrew.
PREFIX, SECOND_PREFIX = "[وفبكلוהבכלמש]", "[بكلהבכלמש]"
WHOLE_WORD_BEFORE = re.compile(
    rf"(?<!{LETTER})|(?<=(?<!{LETTER}){PREFIX})|(?<=(?<!{LETTER}){PREFIX}{SECOND_PREFIX})"
    rf"|(?=[{UNSPACED}])"
)
WHOLE_WORD_AFTER = re.compile(rf"(?!{LETTER})|(?<=[{UNSPACED}])")


def folded(text: str) -> tuple[str, list[int]]:
    """A text as names are looked for in it, and where each of its characters comes from.

    Without case, accents and what no reader sees; white space is one space.
    """
    letters: list[str] = []
    origin: list[int] = []
    for place, letter in enumerate(text):
        if letter.isspace():
            found = "" if letters[-1:] == [" "] else " "
        else:
            found = folding.letter(letter)
        letters += found
        origin += [place] * len(found)
    return "".join(letters), origin


def _places(name: str, plain: str) -> Iterator[tuple[int, int]]:
    """Where a folded name stands in a folded text as a whole, in whatever script it is."""
    start = plain.find(name) if name else -1
    while start >= 0:
        end = start + len(name)
        if WHOLE_WORD_BEFORE.match(plain, start) and WHOLE_WORD_AFTER.match(plain, end):
            yield start, end
        start = plain.find(name, start + 1)


def spans(text: str, concealed: Iterable[Concealed]) -> list[tuple[int, int, str]]:
    """Where concealed spellings stand in a text, longest first, never overlapping."""
    entries = sorted(set(concealed), key=lambda entry: -len(entry.spelling))
    if not entries:
        return []
    found: list[tuple[int, int, str]] = []
    taken = bytearray(len(text))
    plain, origin = folded(text)
    for entry in entries:
        for first, last in _places(folded(entry.spelling.strip())[0], plain):
            start, end = origin[first], origin[last - 1] + 1
            while IGNORED.match(text, end):
                end += 1
            if not any(taken[start:end]):
                taken[start:end] = bytes([1]) * (end - start)
                found.append((start, end, entry.shown))
    return sorted(found)


def conceal(text: str, concealed: Iterable[Concealed]) -> str:
    """A plain text with the concealed spellings replaced."""
    if not concealed:
        return text
    for start, end, shown in reversed(spans(text, concealed)):
        text = text[:start] + shown + text[end:]
    return text


def stands_in(text: str, spelling: str) -> bool:
    """Whether a text has a spelling that would be found there if it had to be concealed."""
    return bool(spans(text, [Concealed(spelling, "")]))


def named_in(text: str, spellings: Iterable[str]) -> set[str]:
    """Those of many spellings that stand in a text as whole words."""
    plain = folded(text)[0]
    found = ((spelling, folded_name(spelling)) for spelling in spellings)
    return {spelling for spelling, name in found if any(_places(name, plain))}


def folded_name(name: str) -> str:
    """A name as names are looked for, for thousands of them: most take the short way."""
    name = name.strip()
    return " ".join(name.casefold().split()) if name.isascii() else folded(name)[0]
