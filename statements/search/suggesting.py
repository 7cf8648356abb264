"""What a mistyped word may have meant: words of what is public, spelled nearly so."""

from __future__ import annotations

import re
from collections import Counter

from statements.search import normalising
from statements.search.engines import engine
from statements.search.parsing import Query
from statements.search.terms import STEM, is_term

MOST_LOOKED_AT = 30
# How much of their pairs of letters two words have in common.
NEAR = 0.5


def suggestion(query: Query, text: str) -> str:
    """The query with mistyped words replaced; empty where there is nothing better.

    A word counts as mistyped where nothing public has it, nor another form of it. What is offered
    is looked up in the index first: a word that was taken out of all that is public is not offered.
    """
    better = text
    for written in query.typed:
        word = normalising.folded(written)
        if is_term(word) and not _is_known(word, written) and (other := nearest(word)):
            # Whole words alone, and not in the value of a filter.
            better = re.sub(rf"(?<![\w:：]){re.escape(written)}(?!\w)", other, better)
    return better if better != text else ""


def _is_known(word: str, written: str) -> bool:
    """Whether a search finds it: as it is or by one of its stems."""
    return engine().has(word, *(STEM + stem for stem in normalising.stems(written)))


def nearest(word: str) -> str:
    there = engine()
    near = sorted(
        ((-_in_common(word, other), other) for other in there.alike(word, MOST_LOOKED_AT)),
    )
    for likeness, other in near:
        if -likeness < NEAR:
            break
        if other != word and there.has(other):
            return other
    return ""


def _in_common(one: str, other: str) -> float:
    """Dice's coefficient over pairs of letters, the ends of the words among them."""
    first, second = _pairs(one), _pairs(other)
    return 2 * (first & second).total() / (first.total() + second.total())


def _pairs(word: str) -> Counter[str]:
    framed = f" {word} "
    return Counter(framed[at : at + 2] for at in range(len(framed) - 1))
