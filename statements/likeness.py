"""How much two texts have in common, and names that look like other names. Pure Python, no tables.

Words are compared without case, accents and marks, so that a text which somebody typed anew, with
a slip here and there, is still found to be the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from statements import folding
from statements.diff import word_list
from statements.naming import folded_name

Shingles = frozenset[tuple[str, str, str]]
# With fewer runs of three words, what two texts share is chance.
FEWEST = 8
# From here on two names are near spellings of each other.
NEAR = 0.85
SHORTEST_NAME = 5
# In lines of fewer words of this length, what two share is chance.
SHORTEST_WORD, FEWEST_WORDS = 4, 2

LINK = re.compile(r"https?://[^\s<>\"')\]]+", re.IGNORECASE)
NUMBER = re.compile(r"\d[\d.,\u066b\u066c]*\d")
# Letters that look like a Latin one, in small or in capitals, and what they look like.
ALIKE = str.maketrans(
    "аеорсухіјѕԁӏһԛԝвнмткґɡαβεηικμνορτυχωѵօոսցհ01ı|",
    "aeopcyxijsdlhqwbhmtkrgabehikmvoptyxwvonugholil",
)
SCRIPTS = {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "HEBREW", "ARABIC", "CHEROKEE", "GEORGIAN"}


def shingles(text: str) -> Shingles:
    """Every run of three words of a plain text."""
    words = [folding.word(word) for word in word_list(text)]
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def in_common(one: Shingles, other: Shingles) -> float:
    """How much of the shorter text stands in the longer one, from 0 to 1."""
    fewer = min(len(one), len(other))
    return len(one & other) / fewer if fewer >= FEWEST else 0


def words_in_common(one: str, other: str) -> float:
    """How many of the words of the shorter of two lines stand in the longer one, from 0 to 1.

    Short words are left out: they are in every line of their language.
    """
    first, second = (
        {word for word in map(folding.word, word_list(line)) if len(word) >= SHORTEST_WORD}
        for line in (one, other)
    )
    fewer = min(len(first), len(second))
    return len(first & second) / fewer if fewer >= FEWEST_WORDS else 0


def numbers(text: str) -> set[str]:
    """Numbers of two digits and more, the same in whatever digits they are written."""
    found = set()
    for match in NUMBER.finditer(text):
        digits = "".join(str(unicodedata.digit(c)) for c in match.group() if c.isdigit())
        found.add(digits.lstrip("0"))
    return found - {""}


def links(text: str) -> set[str]:
    return {found.rstrip(".,;:!?/").lower() for found in LINK.findall(text)}


def look_alikes(name: str, known: Iterable[str]) -> Iterator[str]:
    """Known names that a reader could take a name for: not the same, and hardly another."""
    plain, skeleton = folded_name(name), _skeleton(name)
    if len(plain) < SHORTEST_NAME:
        return
    matcher = SequenceMatcher(None, b=plain, autojunk=False)
    for other in known:
        # Most of thousands are told apart by their length.
        if not 0.7 < len(other) / len(name) < 1.4:
            continue
        theirs = folded_name(other)
        if theirs == plain:
            continue
        if _skeleton(other) == skeleton or _is_near(matcher, theirs):
            yield other


def _is_near(matcher: SequenceMatcher, name: str) -> bool:
    """Whether two names have nearly all their letters in the same order; the quick tests first."""
    if len(name) < SHORTEST_NAME:
        return False
    matcher.set_seq1(name)
    tests = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return all(test() >= NEAR for test in tests)


def mixed_words(name: str) -> list[str]:
    """Words with letters of two scripts, as no language writes them."""
    return [word for word in re.split(r"[\s/-]", name) if len(_scripts(word)) > 1]


def _scripts(word: str) -> set[str]:
    names = (unicodedata.name(letter, "").partition(" ")[0] for letter in word if letter.isalpha())
    return SCRIPTS.intersection(names)


def _skeleton(name: str) -> str:
    """What a name looks like at a glance: one for all spellings that look the same."""
    plain = folded_name(unicodedata.normalize("NFKC", name))
    seen = "".join(letter for letter in plain.translate(ALIKE) if letter.isalnum())
    return seen.replace("rn", "m").replace("vv", "w")
