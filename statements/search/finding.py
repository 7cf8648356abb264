"""What a query finds: statements, and records by kind; never more than pages can use.

Of statements, those with all the words in a title come first, then the others, each newest first.
No rank is computed: readers can see why something stands where it does, and both databases agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from statements.models import SearchEntry
from statements.models.counting import MOST_COUNTED
from statements.models.search import kind_of, numbers_of, record_of
from statements.search.engines import engine
from statements.search.parsing import Query
from statements.search.terms import asked, kind

Kind = SearchEntry.Kind
Links = Sequence[Sequence[str]]
MOST_IN_TITLE = 200
# Found at once, for lists of records that are then paged.
MOST_RECORDS = 1_000


@dataclass
class Found:
    """Statements in their order, and which of their texts fit."""

    texts: dict[int, list[int]] = field(default_factory=dict)
    # Whether there is more than was looked for.
    is_cut: bool = False

    @property
    def statements(self) -> list[int]:
        return list(self.texts)


def statements(query: Query, links: Links = ()) -> Found:
    """The statements that fit, a thousand texts at most. Raises engines.TookTooLong.

    `links` are groups of words of `terms.link`, each of which has one that holds. A query without
    words and without links finds nothing.
    """
    found = Found()
    if not query.has_words and not links:
        return found
    there, kinds = engine(), numbers_of(Kind.TEXT)
    rows = there.newest(asked(query, links=links), kinds, MOST_COUNTED + 1)
    found.is_cut = len(rows) > MOST_COUNTED
    if query.has_words and rows:
        title = asked(query, links=links, in_title=True)
        rows = [*there.newest(title, kinds, MOST_IN_TITLE), *rows]
    for number, statement in rows:
        texts = found.texts.setdefault(statement, [])
        if (text := record_of(number)) not in texts:
            texts.append(text)
    return found


def records(query: Query, kinds: Iterable[int], limit: int) -> dict[int, list[int]]:
    """The keys of events, organisations, demands or persons that fit, the newest first, by kind.

    Raises engines.TookTooLong.
    """
    found: dict[int, list[int]] = {number: [] for number in kinds}
    if query.has_words:
        ranges = [(*numbers_of(number), kind(number)) for number in found]
        for number, _statement in engine().newest_of_each(asked(query), ranges, limit):
            found[kind_of(number)].append(record_of(number))
    return found
