"""What a query finds: statements, and records by kind; never more than pages can use.

Of statements, those with all the words in a title come first, then the others, each newest first.
No rank is computed: readers can see why something stands where it does, and both databases agree.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from statements.models import SearchEntry, Statement
from statements.models.counting import MOST_COUNTED
from statements.models.search import kind_of, numbers_of, record_of
from statements.search import normalising
from statements.search.engines import engine
from statements.search.parsing import Query
from statements.search.terms import Alternative, Asked, asked, kind, link

Kind = SearchEntry.Kind
Links = Sequence[Sequence[str]]
MOST_IN_TITLE = 200
# Found at once, for lists of records that are then paged.
MOST_RECORDS = 1_000
# Of words that somebody has, so many runs of so many words are looked for, in so many texts each.
RUNS, RUN, MOST_SHARING = 8, 3, 20


@dataclass
class Found:
    """Statements in their order, and which of their texts fit."""

    texts: dict[int, list[int]] = field(default_factory=dict)
    # Of one of these the number in the index, which goes by the statement's day.
    numbers: dict[int, int] = field(default_factory=dict)
    # Whether there is more than was looked for.
    is_cut: bool = False

    @property
    def statements(self) -> list[int]:
        return list(self.texts)

    def leave_out(self, statements: Iterable[int]) -> None:
        for statement in statements:
            del self.texts[statement]

    def newest(self, number: int) -> list[int]:
        """The newest of the statements, whatever their order."""
        return heapq.nlargest(number, self.texts, key=self.numbers.__getitem__)


def statements(
    query: Query, links: Links = (), year: int = 0, *, without: Sequence[str] = ()
) -> Found:
    """The statements that fit, a thousand texts at most. Raises engines.TookTooLong.

    `links` are groups of words of `terms.link`, each of which has one that holds; of `without`
    none does. With neither words nor links it is what is left of a year, or of all, without what
    is excluded; where nothing is, nothing is found.
    """
    found = Found()
    if not query.has_words and not links:
        if year:
            links = [[link("year", year)]]
        elif query.excluded or query.excluded_filters:
            links = [[link("kind", one) for one in Statement.Kind]]
        else:
            return found
    there, kinds = engine(), numbers_of(Kind.TEXT, year)
    rows = there.newest(asked(query, links=links, without=without), kinds, MOST_COUNTED + 1)
    found.is_cut = len(rows) > MOST_COUNTED
    if query.has_words and rows:
        title = asked(query, links=links, without=without, in_title=True)
        rows = [*there.newest(title, kinds, MOST_IN_TITLE), *rows]
    for number, statement in rows:
        texts = found.texts.setdefault(statement, [])
        found.numbers[statement] = number
        if (text := record_of(number)) not in texts:
            texts.append(text)
    return found


def texts_sharing(words: str, limit: int) -> list[int]:
    """The texts that share passages with some words, those with most of them first.

    Looked for are a few runs of three words, spread over all of it, each around a long word: those
    are rare in every language. Raises engines.TookTooLong.
    """
    found = [word for word, _start, _end in normalising.words(words)]
    shared: Counter[int] = Counter()
    for run in dict.fromkeys(_runs(found)):
        rows = engine().newest(Asked(((Alternative(run),),)), numbers_of(Kind.TEXT), MOST_SHARING)
        shared.update(record_of(number) for number, _statement in rows)
    return [text for text, _times in shared.most_common(limit)]


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    part = max(len(words) / RUNS, RUN)
    for start in range(RUNS):
        low, high = round(start * part), round((start + 1) * part)
        near = range(low, min(high, len(words)) - RUN + 1)
        if near:
            at = max(near, key=lambda one: len(words[one + RUN // 2]))
            yield tuple(words[at : at + RUN])


def records(
    query: Query, kinds: Iterable[int], limit: int, *, links: Links = ()
) -> dict[int, list[int]]:
    """The keys of events, organisations, demands or persons that fit, the newest first, by kind.

    `links` as of `statements`. Raises engines.TookTooLong.
    """
    found: dict[int, list[int]] = {number: [] for number in kinds}
    if query.has_words or links:
        ranges = [(*numbers_of(number), kind(number)) for number in found]
        for number, _statement in engine().newest_of_each(asked(query, links=links), ranges, limit):
            found[kind_of(number)].append(record_of(number))
    return found
