"""What somebody types, as a small tree: nothing of it reaches a database as syntax.

    words next to each other    all of them
    one OR another, one | two   either
    "the very words"            as they stand, in this order
    -word  -"some words"        not these
    begin*                      words that begin so; the last word typed always may go on
    tag: place: from: lang: org:  only what is linked so, a space after it or none; a value with
                                  spaces in quotation marks; with OR between them, one of these
    -tag: and the like          only what is not linked so

Any characters make a query, and none an error. What is too long is cut off, and said.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import zip_longest

from statements.search import normalising

LONGEST = 300
MOST_TERMS = 12
SHORTEST_PREFIX = 2
# What was not asked for as a beginning goes on from here.
SHORTEST_LAST = 2
FIELDS = ("tag", "place", "from", "lang", "org")

QUOTES = '"“”„«»‟″＂'
NAME = "|".join(FIELDS)
# What stands in quotation marks of one kind may hold those of another.
QUOTED = rf'(?:"(?P<{{0}}>[^"]*)"|[{QUOTES}](?P<{{1}}>[^{QUOTES}]*)[{QUOTES}]?)'
TERM = re.compile(
    rf"(?P<not>(?<!\S)[-−–](?=[^\s-]))?"
    # After a space comes its value, and not what else is asked for or left out.
    rf"(?:(?P<field>{NAME})[:：](?: (?![-−–]|(?:{NAME})[:：]))?"
    rf"(?:{QUOTED.format('straight_value', 'quoted_value')}|(?P<value>[^\s{QUOTES}]+))"
    rf"|{QUOTED.format('straight', 'quoted')}"
    rf"|(?P<word>[^\s{QUOTES}]+))",
    re.IGNORECASE,
)
EITHER = {"OR", "|", "||"}
# What French, Italian and Catalan join to the word after it, and English to the word before.
JOINED = re.compile(
    r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|all|dall|dell|nell|sull|quell|quest|un)['’ʼ](?=\w\w)"
    r"|(?<=\w\w)['’ʼ]s$",
    re.IGNORECASE,
)
# (field, value) as typed.
Filter = tuple[str, str]


@dataclass(frozen=True)
class Leaf:
    """Words that stand beside each other; of one word alone, its stems count too."""

    words: tuple[str, ...]
    # Of a word that was not put in quotation marks.
    stems: frozenset[str] = frozenset()
    # Whether the last word may go on.
    is_prefix: bool = False


@dataclass(frozen=True)
class Query:
    """Every clause holds, each by one of its leaves, and nothing that is excluded stands there.

    So does every group of filters, each by one of its own.
    """

    clauses: tuple[tuple[Leaf, ...], ...] = ()
    excluded: tuple[Leaf, ...] = ()
    filters: tuple[tuple[Filter, ...], ...] = ()
    excluded_filters: tuple[Filter, ...] = ()
    is_cut: bool = False
    # Whether there is an OR that stands neither between two words nor between two filters.
    has_stray_or: bool = False
    # Typed words, as they were typed: for "did you mean".
    typed: tuple[str, ...] = field(default=(), compare=False)

    @property
    def has_words(self) -> bool:
        """Whether there is something to look for, and not only something to leave out."""
        return bool(self.clauses)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for and nothing to leave out."""
        return not (self.clauses or self.excluded or self.filters or self.excluded_filters)


@dataclass(frozen=True)
class _Term:
    leaf: Leaf
    typed: str
    may_go_on: bool


@dataclass(frozen=True)
class _Piece:
    """A word or a phrase, or a filter, as it was typed."""

    written: str
    is_excluded: bool
    term: _Term | None
    filter: Filter | None
    # Whether it is one OR the other with the piece before it.
    joins: bool


def parse(text: str) -> Query:
    read = _read(text)
    wanted: list[list[Filter]] = []
    for piece in read.pieces:
        if piece.filter and piece.joins:
            wanted[-1].append(piece.filter)
        elif piece.filter and not piece.is_excluded:
            wanted.append([piece.filter])
    excluded = [piece for piece in read.pieces if piece.is_excluded]
    clauses = _clauses(read.pieces)
    return Query(
        clauses=tuple(tuple(term.leaf for term in clause) for clause in clauses),
        excluded=tuple(one.term.leaf for one in excluded if one.term),
        filters=tuple(dict.fromkeys(map(tuple, wanted))),
        excluded_filters=tuple(dict.fromkeys(one.filter for one in excluded if one.filter)),
        is_cut=read.is_cut,
        has_stray_or=read.has_stray_or,
        typed=tuple(term.typed for clause in clauses for term in clause if term.typed),
    )


@dataclass
class _Read:
    pieces: list[_Piece] = field(default_factory=list)
    # Whether there was more than is asked for.
    is_cut: bool = False
    # Whether there is an OR that joins nothing.
    has_stray_or: bool = False


def _read(text: str) -> _Read:
    """What was typed, piece by piece, as many words and as many filters as are asked for at most.

    OR joins two words, or two filters, that are not left out.
    """
    read = _Read(is_cut=len(text) > LONGEST)
    is_or = False
    left = {"words": MOST_TERMS, "filters": MOST_TERMS}
    for match in TERM.finditer(text[:LONGEST].replace("\x00", " ")):
        if match["word"] in EITHER and not match["not"]:
            is_or = bool(read.pieces)
            continue
        filter_, term = _filter(match), _term(match)
        if not (filter_ or term):
            continue
        kind = "filters" if filter_ else "words"
        if not left[kind]:
            read.is_cut = True
            continue
        left[kind] -= 1
        is_excluded = bool(match["not"])
        last = read.pieces[-1] if is_or else None
        joins = bool(last) and not (is_excluded or last.is_excluded)
        joins = joins and bool(filter_) == bool(last.filter)
        read.has_stray_or |= is_or and not joins
        written = " ".join(match.group().split())
        read.pieces.append(_Piece(written, is_excluded, term, filter_, joins))
        is_or = False
    return read


def without_filters(text: str, filters: Collection[Filter]) -> str:
    """What was typed, but for some of what it is filtered by, where that stands alone."""
    pieces = _read(text).pieces
    rest: list[str] = []
    for piece, following in zip_longest(pieces, pieces[1:]):
        is_alone = not (piece.is_excluded or piece.joins or (following and following.joins))
        if is_alone and piece.filter in filters:
            continue
        # A name of a filter without a value is a word, which must find no value here.
        name = piece.written.rstrip(":：")
        rest += ["OR"] if piece.joins else []
        is_name = name.lstrip("-−–").lower() in FIELDS
        rest.append(name if is_name else piece.written)
    return " ".join(rest)


def _filter(match: re.Match[str]) -> Filter | None:
    value = match["straight_value"] or match["quoted_value"] or match["value"] or ""
    return (match["field"].lower(), value.strip()) if value.strip() else None


def _term(match: re.Match[str]) -> _Term | None:
    """A word or a phrase; None where it has no letter and no digit."""
    quoted = match["straight"] if match["quoted"] is None else match["quoted"]
    written = JOINED.sub("", match["word"] or "")
    begins = quoted is None and written.endswith("*")
    tokens = _tokens(quoted if quoted is not None else written)
    if not tokens:
        return None
    single = quoted is None and len(tokens) == 1 and not begins
    stems = normalising.stems(tokens[0][1]) if single else frozenset()
    words = tuple(word for word, _written in tokens)
    # One letter of a script that is stored in pairs is the beginning of each pair it is in.
    alone = len(words) == 1 and normalising.is_paired(words[0]) and len(tokens[0][1]) == 1
    is_prefix = alone or (begins and len(words[-1]) >= SHORTEST_PREFIX)
    leaf = Leaf(words, stems, is_prefix)
    may_go_on = quoted is None and not begins and not normalising.is_paired(words[-1])
    typed = tokens[0][1] if single else ""
    return _Term(leaf, typed, may_go_on)


def _tokens(text: str) -> list[tuple[str, str]]:
    """(folded, as written), without the letter that ends a run of pairs."""
    found = [(word, text[start:end]) for word, start, end in normalising.words(text)]
    if len(found) > 1 and normalising.is_paired(found[-1][0]) and len(found[-1][1]) == 1:
        found.pop()
    return found[:MOST_TERMS]


def _clauses(pieces: list[_Piece]) -> list[list[_Term]]:
    """Terms that all hold; those with OR between them are one, and what is excluded is none."""
    clauses: list[list[_Term]] = []
    for piece in pieces:
        if piece.term and piece.joins:
            clauses[-1].append(piece.term)
        elif piece.term and not piece.is_excluded:
            clauses.append([piece.term])
    if clauses:
        clauses[-1][-1] = _going_on(clauses[-1][-1])
    return clauses


def _going_on(last: _Term) -> _Term:
    """The last word typed may not be finished."""
    words = last.leaf.words
    if not last.may_go_on or len(words[-1]) < SHORTEST_LAST:
        return last
    leaf = Leaf(words, last.leaf.stems, is_prefix=True)
    return _Term(leaf, last.typed, last.may_go_on)
