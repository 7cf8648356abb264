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
from collections.abc import Collection, Iterator
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
    pieces, has_stray_or = _pieces(text)
    terms = [piece for piece in pieces if piece.term]
    wanted: list[list[Filter]] = []
    excluded: list[Filter] = []
    for piece in pieces:
        if piece.filter and piece.is_excluded:
            excluded.append(piece.filter)
        elif piece.filter and piece.joins:
            wanted[-1].append(piece.filter)
        elif piece.filter:
            wanted.append([piece.filter])
    filters = sum(map(len, wanted)) + len(excluded)
    clauses = _clauses(terms[:MOST_TERMS])
    return Query(
        clauses=tuple(tuple(term.leaf for term in clause) for clause in clauses),
        excluded=tuple(one.term.leaf for one in terms[:MOST_TERMS] if one.is_excluded),
        filters=tuple(dict.fromkeys(map(tuple, _first(wanted)))),
        excluded_filters=tuple(dict.fromkeys(excluded[: max(MOST_TERMS - filters, 0) or None])),
        is_cut=len(text) > LONGEST or max(len(terms), filters) > MOST_TERMS,
        has_stray_or=has_stray_or,
        typed=tuple(term.typed for clause in clauses for term in clause if term.typed),
    )


def _pieces(text: str) -> tuple[list[_Piece], bool]:
    """What was typed, piece by piece, and whether there is an OR that joins nothing.

    It joins two words, or two filters, that are not left out.
    """
    found: list[_Piece] = []
    is_or = has_stray_or = False
    for match in TERM.finditer(text[:LONGEST].replace("\x00", " ")):
        if match["word"] in EITHER and not match["not"]:
            is_or = bool(found)
            continue
        filter_, term = _filter(match), _term(match)
        if not (filter_ or term):
            continue
        is_excluded = bool(match["not"])
        joins = (
            is_or
            and not (is_excluded or found[-1].is_excluded)
            and bool(filter_) == bool(found[-1].filter)
        )
        has_stray_or |= is_or and not joins
        written = " ".join(match.group().split())
        found.append(_Piece(written, is_excluded, term, filter_, joins))
        is_or = False
    return found, has_stray_or


def without_filters(text: str, filters: Collection[Filter]) -> str:
    """What was typed, but for some of what it is filtered by, where that stands alone."""
    pieces, _has_stray_or = _pieces(text)
    rest: list[str] = []
    for piece, following in zip_longest(pieces, pieces[1:]):
        is_alone = not (piece.is_excluded or piece.joins or (following and following.joins))
        if is_alone and piece.filter in filters:
            continue
        # A name of a filter without a value is a word, which must find no value here.
        name = piece.written.rstrip(":：")
        rest += ["OR"] if piece.joins else []
        rest.append(name if name.lower() in FIELDS else piece.written)
    return " ".join(rest)


def _filter(match: re.Match[str]) -> Filter | None:
    value = match["straight_value"] or match["quoted_value"] or match["value"] or ""
    return (match["field"].lower(), value.strip()) if value.strip() else None


def _first(groups: list[list[Filter]]) -> Iterator[list[Filter]]:
    """As many as are asked for at most, whatever the groups."""
    left = MOST_TERMS
    for group in groups:
        if some := group[:left]:
            yield some
        left -= len(some)


def _term(match: re.Match[str]) -> _Term | None:
    """A word or a phrase; None where it has no letter and no digit."""
    quoted = match["straight"] if match["quoted"] is None else match["quoted"]
    written = match["word"] or ""
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


def _clauses(terms: list[_Piece]) -> list[list[_Term]]:
    """Terms that all hold; those with OR between them are one, and what is excluded is none."""
    clauses: list[list[_Term]] = []
    for piece in terms:
        if piece.joins:
            clauses[-1].append(piece.term)
        elif not piece.is_excluded:
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
