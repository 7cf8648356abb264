"""Where in a text the words of a query stand: made in Python, of what visitors may read.

The same for both databases. What comes out are plain pieces of text, each marked or not, that a
template escapes like any other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import compress
from typing import NamedTuple

from statements.search import normalising
from statements.search.parsing import Query
from statements.search.terms import STEM, stem_of

AROUND, LONGEST = 90, 260
SHOWN = LONGEST - AROUND
# So many letters of a text are looked through at a time.
STRETCH = 250
# Between a line above a title, an introduction, the words themselves.
APART = " · "
# Further on nobody looks for the passage that shows most.
MOST_LETTERS = 40_000


class Piece(NamedTuple):
    text: str
    is_found: bool = False


@dataclass
class Wanted:
    """The words of a query, as words of a text are compared with them."""

    words: set[str] = field(default_factory=set)
    beginnings: tuple[str, ...] = ()
    stems: set[str] = field(default_factory=set)
    # Whether a word as it is written is one of them, by language: texts repeat most of theirs.
    _known: dict[str, dict[str, bool]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def of(cls, query: Query) -> Wanted:
        leaves = [leaf for clause in query.clauses for leaf in clause]
        return cls(
            words={word for leaf in leaves for word in leaf.words},
            beginnings=tuple(leaf.words[-1] for leaf in leaves if leaf.is_prefix),
            stems={STEM + stem for leaf in leaves for stem in leaf.stems},
        )

    def places(self, text: str, tag: str, *part: int) -> Iterator[tuple[int, int]]:
        """Where they stand in a text, or in the part of it from one letter to another."""
        if not self.words:
            return iter(())
        language = normalising.language_of(tag)
        known = self._known[language]
        written, places = normalising.written_words(text, *part)
        for word in {*written}.difference(known):
            known[word] = self._has(word, language)
        return compress(places, map(known.__getitem__, written))

    def _has(self, written: str, language: str) -> bool:
        word = normalising.folded(written)
        return bool(word) and (
            word in self.words
            or word.startswith(self.beginnings)
            or (bool(self.stems) and stem_of(written, language) in self.stems)
        )


def marked(text: str, query: Wanted, tag: str) -> list[Piece]:
    """A line of text, such as a title, with what was found in it."""
    return list(_pieces(text, query.places(text, tag)))


def passage(parts: Iterable[str], query: Wanted, tag: str) -> list[Piece]:
    """The part of a text around most of the words; its beginning where there are none.

    Of a query of one word, around where it first stands: no more of the text is looked through.
    """
    text = " ".join(APART.join(parts).split())[:MOST_LETTERS]
    if len(query.words) == 1:
        places = _near_the_first(text, query, tag)
        best = places[0][0] if places else 0
    else:
        places = list(query.places(text, tag))
        best = _best(text, places)
    start = _start(text, best)
    end = _end(text, start)
    # Of a word that the passage cuts, what is left of it.
    shown = [
        (max(a, start) - start, min(b, end) - start) for a, b in places if a < end and b > start
    ]
    pieces = list(_pieces(text[start:end], shown))
    before = [Piece("… ")] if start else []
    return [*before, *pieces, *([Piece(" …")] if end < len(text) else [])]


def _near_the_first(text: str, query: Wanted, tag: str) -> list[tuple[int, int]]:
    """Where the words stand, as far as a passage reaches that has the first of them in it."""
    start = 0
    while start < len(text):
        end = _end_of_word(text, start + STRETCH)
        if found := list(query.places(text, tag, start, end)):
            reach = found[0][0] + LONGEST
            further = query.places(text, tag, end, _end_of_word(text, reach)) if reach > end else ()
            return [*found, *further]
        start = end
    return []


def _end_of_word(text: str, at: int) -> int:
    found = normalising.BETWEEN.search(text, at)
    return found.start() if found else len(text)


def _best(text: str, places: list[tuple[int, int]]) -> int:
    """The place after which as many different words as can be stand in one passage."""
    best, most = 0, 0
    known = len({text[a:b].lower() for a, b in places})
    for index, (start, _end) in enumerate(places):
        if most == known:
            break
        near = (text[a:b].lower() for a, b in places[index : index + 12] if a < start + SHOWN)
        within = set(near)
        if len(within) > most:
            best, most = start, len(within)
    return best


def _start(text: str, best: int) -> int:
    """Where the passage around a place begins: at a word."""
    start = max(best - AROUND, 0)
    space = text.find(" ", start, best) if start else -1
    return space + 1 if space >= 0 else start


def _end(text: str, start: int) -> int:
    end = start + LONGEST
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", start, end)
    return space if space > start + LONGEST // 2 else end


def _pieces(text: str, places: Iterable[tuple[int, int]]) -> Iterator[Piece]:
    at = 0
    for start, end in places:
        if start < at:
            # Overlapping pairs of letters are one.
            start = at
        if start >= end:
            continue
        if start > at:
            yield Piece(text[at:start])
        yield Piece(text[start:end], is_found=True)
        at = end
    if at < len(text):
        yield Piece(text[at:])
