"""What is stored to be found, and what is asked for: the same words for both databases.

Beside folded words there are words of our own making, which begin with a character that no text
holds: stems, words of the title, and what a text is linked to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from statements.search import normalising
from statements.search.parsing import Leaf, Query

STEM, LINK, TITLE, KIND = "\ue000", "\ue001", "\ue002", "\ue003"
# Stands between two parts of a text, so that no phrase reaches from the one into the other.
GAP = "\ue004"
# A text of more words is found by its first ones; none of the archive comes near.
MOST_WORDS = 30_000
SHORTEST_TERM = 4


@dataclass
class Terms:
    """Words in their order, words of the title in theirs, and words without a place."""

    words: list[str] = field(default_factory=list)
    title: list[str] = field(default_factory=list)
    others: set[str] = field(default_factory=set)

    def add(self, text: str, tag: str, *, is_title: bool = False) -> None:
        """Words of a text in a language, with their stems."""
        language = normalising.language_of(tag)
        found = list(normalising.words(text))[: MOST_WORDS - len(self.words)]
        words = [word for word, _start, _end in found]
        stems = {stem_of(text[start:end], language) for _w, start, end in found} - {""}
        self.words += [*words, GAP]
        self.others |= stems
        if is_title:
            self.title += [TITLE + word for word in (*words, GAP)]
            self.others |= {TITLE + stem for stem in stems}

    @property
    def vocabulary(self) -> set[str]:
        return {word for word in self.words if word != GAP}


@lru_cache(200_000)
def stem_of(written: str, language: str) -> str:
    """The stem of a written word, as it is stored; empty where there is none."""
    found = normalising.stem(written, language) if language else ""
    return STEM + found if found else ""


def is_term(word: str) -> bool:
    """Whether a word is worth offering to somebody who mistyped it."""
    is_long = len(word) >= SHORTEST_TERM
    return is_long and word[0].isalpha() and not normalising.is_paired(word)


def link(kind: str, value: object) -> str:
    """What a statement is linked to: "tag" and its key, "language" and its tag."""
    return LINK + kind + "".join(one for one in str(value).lower() if one.isalnum())


def kind(number: int) -> str:
    return f"{KIND}{number}"


@dataclass(frozen=True)
class Alternative:
    """Words beside each other, the last of which may be a beginning."""

    words: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True)
class Asked:
    """Of every group one alternative, and none of those excluded."""

    groups: tuple[tuple[Alternative, ...], ...]
    excluded: tuple[Alternative, ...] = ()


def asked(
    query: Query,
    *,
    links: Iterable[Iterable[str]] = (),
    without: Iterable[str] = (),
    in_title: bool = False,
) -> Asked:
    """A query as the words that are looked for; every group of `links` holds too, and no link of
    `without`."""
    before = TITLE if in_title else ""
    groups = [
        tuple(one for leaf in clause for one in _alternatives(leaf, before))
        for clause in query.clauses
    ]
    groups += [tuple(Alternative((one,)) for one in group) for group in links]
    excluded = [one for leaf in query.excluded for one in _alternatives(leaf, "")]
    excluded += [Alternative((one,)) for one in without]
    return Asked(tuple(groups), tuple(excluded))


def _alternatives(leaf: Leaf, before: str) -> Iterator[Alternative]:
    yield Alternative(tuple(before + word for word in leaf.words), leaf.is_prefix)
    for stem in sorted(leaf.stems):
        yield Alternative((before + STEM + stem,))
