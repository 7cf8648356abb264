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

from statements.search import normalising

LONGEST = 300
MOST_TERMS = 12
SHORTEST_PREFIX = 2
# What was not asked for as a beginning goes on from here.
SHORTEST_LAST = 2
FIELDS = ("tag", "place", "from", "lang", "org")

QUOTES = '"“”„«»‟″＂'
NAME = "|".join(FIELDS)
TERM = re.compile(
    rf"(?P<not>(?<!\S)[-−–](?=[^\s-]))?"
    # After a space comes its value, and not what else is asked for or left out.
    rf"(?:(?P<field>{NAME})[:：](?: (?![-−–]|(?:{NAME})[:：]))?"
    rf"(?:[{QUOTES}](?P<quoted>[^{QUOTES}]*)[{QUOTES}]?|(?P<value>[^\s{QUOTES}]+))"
    rf"|[{QUOTES}](?P<phrase>[^{QUOTES}]*)[{QUOTES}]?"
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
    # Typed words, as they were typed: for "did you mean".
    typed: tuple[str, ...] = field(default=(), compare=False)

    @property
    def has_words(self) -> bool:
        """Whether there is something to look for, and not only something to leave out."""
        return bool(self.clauses)


@dataclass(frozen=True)
class _Term:
    leaf: Leaf
    typed: str
    is_excluded: bool
    may_go_on: bool


def parse(text: str) -> Query:
    is_cut = len(text) > LONGEST
    text = text[:LONGEST].replace("\x00", " ")
    terms: list[_Term | str] = []
    filters: list[list[Filter]] = []
    excluded_filters: list[Filter] = []
    # What "OR" has before it: it stands between two words or between two filters.
    before: list = terms
    joins = False
    for match in TERM.finditer(text):
        if one := _filter(match):
            if match["not"]:
                excluded_filters.append(one)
            elif joins and before is filters:
                filters[-1].append(one)
            else:
                filters.append([one])
            before, joins = filters, False
        elif match["word"] in EITHER and not match["not"]:
            joins = bool(before)
        elif term := _term(match):
            terms += ["OR", term] if joins and before is terms else [term]
            before, joins = terms, False
    found = [term for term in terms if term != "OR"]
    asked = [one for group in filters for one in group]
    is_cut = is_cut or max(len(found), len(asked) + len(excluded_filters)) > MOST_TERMS
    clauses = _clauses(terms)
    return Query(
        clauses=tuple(tuple(term.leaf for term in clause) for clause in clauses),
        excluded=tuple(term.leaf for term in found[:MOST_TERMS] if term.is_excluded),
        filters=tuple(dict.fromkeys(map(tuple, _first(filters)))),
        excluded_filters=tuple(dict.fromkeys(excluded_filters[: max(MOST_TERMS - len(asked), 0)])),
        is_cut=is_cut,
        typed=tuple(term.typed for clause in clauses for term in clause if term.typed),
    )


def without_filters(text: str, filters: Collection[Filter]) -> str:
    """What was typed, but for some of what it is filtered by."""

    def rest(match: re.Match[str]) -> str:
        return "" if not match["not"] and _filter(match) in filters else match.group()

    return " ".join(TERM.sub(rest, text[:LONGEST]).split())


def _filter(match: re.Match[str]) -> Filter | None:
    value = (match["quoted"] or match["value"] or "").strip() if match["field"] else ""
    return (match["field"].lower(), value) if value else None


def _first(groups: list[list[Filter]]) -> Iterator[list[Filter]]:
    """As many as are asked for at most, whatever the groups."""
    left = MOST_TERMS
    for group in groups:
        if some := group[:left]:
            yield some
        left -= len(some)


def _term(match: re.Match[str]) -> _Term | None:
    """A word or a phrase; None where it has no letter and no digit."""
    quoted, written = match["phrase"], match["word"] or ""
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
    return _Term(leaf, typed, bool(match["not"]), may_go_on)


def _tokens(text: str) -> list[tuple[str, str]]:
    """(folded, as written), without the letter that ends a run of pairs."""
    found = [(word, text[start:end]) for word, start, end in normalising.words(text)]
    if len(found) > 1 and normalising.is_paired(found[-1][0]) and len(found[-1][1]) == 1:
        found.pop()
    return found[:MOST_TERMS]


def _clauses(terms: list[_Term | str]) -> list[list[_Term]]:
    """Terms that all hold; those with OR between them are one, and what is excluded is none."""
    clauses: list[list[_Term]] = []
    joins = False
    wanted = [term for term in terms if term == "OR" or not term.is_excluded]
    for term in wanted[: 2 * MOST_TERMS]:
        if term == "OR":
            joins = bool(clauses)
            continue
        if sum(map(len, clauses)) == MOST_TERMS:
            break
        if joins:
            clauses[-1].append(term)
        else:
            clauses.append([term])
        joins = False
    if clauses:
        clauses[-1][-1] = _going_on(clauses[-1][-1])
    return clauses


def _going_on(last: _Term) -> _Term:
    """The last word typed may not be finished."""
    words = last.leaf.words
    if not last.may_go_on or len(words[-1]) < SHORTEST_LAST:
        return last
    leaf = Leaf(words, last.leaf.stems, is_prefix=True)
    return _Term(leaf, last.typed, last.is_excluded, last.may_go_on)
