"""Words as they are searched: cut out of a text, folded, and brought to their stems.

The same for both databases, which cut and stem in ways of their own: what is stored in either is
what comes from here, and so is what is asked.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from operator import attrgetter

import snowballstemmer

from statements import folding

# By the language's part of a tag. The others are found by their words and by prefixes.
STEMMERS = {
    **{"ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german"},
    **{"el": "greek", "en": "english", "eo": "esperanto", "es": "spanish", "et": "estonian"},
    **{"eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish"},
    **{"hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian"},
    **{"lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian", "pl": "polish"},
    **{"pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "st": "sesotho"},
    **{"sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish"},
}
SAME = {"nb": "no", "nn": "no", "hr": "sr", "bs": "sr", "sh": "sr", "ms": "id", "prs": "fa"}
SCRIPTS = {
    "LATIN": (
        *("en", "de", "fr", "es", "it", "pt", "nl", "da", "sv", "no", "fi", "et", "lt", "pl", "cs"),
        *("hu", "ro", "ca", "eu", "ga", "id", "st", "tr", "sr", "eo"),
    ),
    **{"CYRILLIC": ("ru", "sr"), "ARABIC": ("ar", "fa"), "GREEK": ("el",), "ARMENIAN": ("hy",)},
    **{"HEBREW": ("yi",), "DEVANAGARI": ("hi", "ne"), "TAMIL": ("ta",)},
}
# Marks that print leaves out: no stemmer knows them, and they would hide the endings.
UNKNOWN_TO_STEMMERS = re.compile(
    "[\u00ad\u200b-\u200f\u2060\u0301\u0591-\u05c7\u0640\u064b-\u0652\u0670]"
)
LONGEST = 64
SHORTEST_STEMMED = 3
# A stem of so many letters is one, however long the word; a shorter one is half of the word.
CERTAIN = 4


def _ranges(points: Iterator[int]) -> str:
    """Points of code as the ranges of a character class."""
    runs = itertools.groupby(enumerate(points), lambda pair: pair[1] - pair[0])
    spans = [[point for _index, point in run] for _key, run in runs]
    return "".join(f"{chr(span[0])}-{chr(span[-1])}" for span in spans)


# Python's \w leaves out the vowel signs of many scripts, which would cut their words to pieces.
MARKS = _ranges(
    point for point in range(0x300, 0x1F000) if unicodedata.category(chr(point)) in ("Mn", "Mc")
)
# What joins letters and shows as nothing: the two joiners, a soft hyphen, a word joiner.
JOINERS = "\u00ad\u200c\u200d\u2060"
# Half-width kana too.
UNSPACED = folding.UNSPACED + "\uff66-\uff9f"
LETTER = rf"[^\W_{UNSPACED}]"
# There are hundreds of ranges of them, and none is as far down as a space.
MARK = rf"(?=[\u00ad\u0300-\U0001efff])[{MARKS}{JOINERS}]"
PAIRED = rf"[{UNSPACED}](?:{MARK})*"
# Letters by runs: to try each of them for a mark takes longer.
WORD = re.compile(rf"{LETTER}+(?:{MARK}+{LETTER}*)*|((?:{PAIRED})+)")
IS_PAIRED = re.compile(f"[{UNSPACED}]")
ONE_LETTER = re.compile(PAIRED)
# Where no word goes on.
BETWEEN = re.compile(rf"[^\w{MARKS}{JOINERS}{UNSPACED}]")
NOT_IN_A_WORD = re.compile(rf"[^\w{MARKS}]|_")


def words(text: str) -> Iterator[tuple[str, int, int]]:
    """Folded words with the places where they begin and end; for scripts that put no space
    between words, the overlapping pairs of their letters, and the last letter alone."""
    for written, (start, end) in zip(*written_words(text), strict=True):
        if word := folded(written):
            yield word, start, end


def written_words(text: str, *part: int) -> tuple[list[str], Iterable[tuple[int, int]]]:
    """These words as they are written, and a few that folding leaves nothing of, in a text or in
    the part from one letter to another; and where they begin and end.

    For most scripts next to nothing of it is done in Python.
    """
    found = list(WORD.finditer(text, *part))
    if not any(map(attrgetter("lastindex"), found)):
        return list(map(re.Match.group, found)), map(re.Match.span, found)
    places = [place for one in found for place in (_pairs(one) if one.lastindex else [one.span()])]
    return [text[start:end] for start, end in places], places


def _pairs(run: re.Match) -> Iterator[tuple[int, int]]:
    letters = [one.span() for one in ONE_LETTER.finditer(run.string, *run.span())]
    for (first, middle), (_next, last) in itertools.zip_longest(
        letters, letters[1:], fillvalue=(0, 0)
    ):
        yield first, last or middle


@lru_cache(100_000)
def folded(written: str) -> str:
    """One word without what does not count in it, and no longer than anybody types."""
    return NOT_IN_A_WORD.sub("", folding.word(written))[:LONGEST]


def is_paired(word: str) -> bool:
    return bool(IS_PAIRED.match(word))


def language_of(tag: str) -> str:
    """The language by whose rules the words of a text are brought to their stems; or none."""
    primary = tag.partition("-")[0].lower()
    primary = SAME.get(primary, primary)
    return primary if primary in STEMMERS else ""


@cache
def _stemmer(language: str) -> object:
    return snowballstemmer.stemmer(STEMMERS[language])


def stem(written: str, language: str) -> str:
    """The stem of a word as it is written, its accents too, then folded; empty if there is none.

    A language that is none of `STEMMERS` gives none.
    """
    small = unicodedata.normalize("NFC", written).lower()
    if language not in STEMMERS or len(small) < SHORTEST_STEMMED:
        return ""
    return folded(_stemmer(language).stemWord(UNKNOWN_TO_STEMMERS.sub("", small)))


@lru_cache(50_000)
def stems(written: str) -> frozenset[str]:
    """The stems that a word has in the languages that write with its letters.

    Nobody says in which language they search. Most languages agree on few stems, so that four or
    so stand for 25 languages; what two languages share by chance is found in both.
    """
    if is_paired(written) or not written[0].isalpha():
        return frozenset()
    script = unicodedata.name(written[0], "").partition(" ")[0]
    found = (stem(written, language) for language in SCRIPTS.get(script, ()))
    # To some language a word of another is two or three letters with endings: "Belarus" would be
    # found with all that Portuguese derives from "bel".
    least = min(len(written) / 2, CERTAIN) if script == "LATIN" else 1
    return frozenset(one for one in found if len(one) >= least)
