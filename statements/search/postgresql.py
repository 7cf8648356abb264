"""Searching with PostgreSQL's tsvector, whose words are ours and not its own parser's.

No one plan is fast for every word. With a rare one, all that fits is found by the index of words
and sorted. With a common one that would read half the archive: only as much of it is looked at,
from the newest on, as will hold enough; row by row where many rows fit, else those alone that the
index of words has too. How common a word is, the planner's statistics say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

from django.db import OperationalError, connection, transaction
from psycopg2.extras import execute_values

from statements.search.engines import Entry, Found, TookTooLong
from statements.search.terms import Alternative, Asked

# An arbitrary number, the same for all that write the index.
LOCK = 7_361_209_114
LONGEST_QUERY = "1500ms"
LAST_PLACE, MOST_PLACES = 16_383, 255
# What each costs, in microseconds where it was measured; their relation decides. A row whose words
# are looked through; one that is fetched; a place in the index of words; a number in its index.
LOOKED_THROUGH, FETCHED, LISTED, NUMBERED = 10, 6, 0.4, 0.1
# How many times as much is looked at as should do; at most, where rows are looked through until
# there are enough; and at most how much more where it did not do.
MARGIN, SPARE, FURTHER = 2, 8, 8
# More of all rows is not looked at in part.
MOST = 0.5
# How many times as many records as should be found are looked at first, where that is not many.
NEAREST, MOST_NEAR = 20, 200

ROWS = """
    SELECT number, statement_id FROM statements_searchentry
    WHERE words @@ %s::tsquery AND number BETWEEN %s AND %s
"""
# Long lists of places are kept whole in memory: PostgreSQL would look through all of a page's rows.
MEMORY = "32MB"
# With how many rows the planner reckons, too.
LIMITED = """
    SELECT reltuples, current_setting('statement_timeout'), current_setting('work_mem'),
        set_config('statement_timeout', %s, true), set_config('work_mem', %s, true)
    FROM pg_class WHERE oid = 'statements_searchentry'::regclass
"""
NEWEST = f"{ROWS} ORDER BY number DESC LIMIT %s"
# Added to nothing, the number does not lead the planner into reading rows in its order.
SORTED = f"{ROWS} ORDER BY number + 0 DESC LIMIT %s"
# Numbers with as many rows between one and the next, as the planner knows them.
BOUNDS = """
    SELECT histogram_bounds::text::bigint[] FROM pg_stats WHERE schemaname = current_schema()
    AND tablename = 'statements_searchentry' AND attname = 'number'
"""
# Of a common word enough stands among the newest of a kind.
NEAR = """
    near_{0} AS MATERIALIZED (
        SELECT number, statement_id FROM (
            SELECT number, statement_id, words FROM statements_searchentry
            WHERE number BETWEEN %s AND %s ORDER BY number DESC LIMIT %s
        ) AS newest
        WHERE words @@ %s::tsquery ORDER BY number DESC LIMIT %s
    )
"""
# Where it does not, all that fits is found: records are few beside texts, and have an index of
# their own.
NEWEST_RECORD = """
    SELECT number, statement_id FROM near_{0} UNION ALL (
        SELECT number, statement_id FROM statements_searchentry
        WHERE words @@ %s::tsquery AND statement_id IS NULL
        AND (SELECT COUNT(*) FROM near_{0}) < %s
        ORDER BY number + 0 DESC LIMIT %s
    )
"""


class PostgreSQL:
    @contextmanager
    def in_time(self) -> Iterator[float]:
        """Gives the number of rows that the planner reckons with."""
        is_within = connection.in_atomic_block
        try:
            with transaction.atomic():
                [(total, *before, _limited, _larger)] = _rows(LIMITED, [LONGEST_QUERY, MEMORY])
                yield max(total, 1)
                if is_within:
                    # Else they end with the transaction.
                    _rows(LIMITED, before)
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", "") == "57014":
                raise TookTooLong from error
            raise

    def lock(self) -> None:
        # As before the log: new rows wait now for what they point at, while nobody waits for us.
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])

    def write(self, entries: Sequence[Entry]) -> None:
        columns = ("text", "event", "organisation", "demand", "person")
        names = ", ".join(f"{column}_id" for column in columns)
        rows = [
            (
                *(one.number, one.statement),
                *(one.key if one.column == column else None for column in columns),
                _vector(one),
            )
            for one in entries
        ]
        sql = f"INSERT INTO statements_searchentry (number, statement_id, {names}, words) VALUES %s"  # noqa: S608
        with connection.cursor() as cursor:
            template = "(%s, %s, %s, %s, %s, %s, %s, %s::tsvector)"
            execute_values(cursor.cursor, sql, rows, template=template, page_size=500)

    def newest(self, asked: Asked, kinds: tuple[int, int], limit: int) -> list[Found]:
        query = _query(asked)
        with self.in_time() as total:
            expected = self._expected(query, kinds)
            if expected > limit:
                bounds, rows = _between(kinds, total)
                sql, share = _plan(expected, rows, limit)
                while since := _since(bounds, share):
                    found = _rows(sql, [query, since, kinds[1], limit])
                    if len(found) == limit:
                        return found
                    # It is rarer among the newest than among all.
                    share *= min(max(limit * MARGIN / (len(found) or 1), 2), FURTHER)
            return _rows(SORTED, [query, *kinds, limit])

    def newest_of_each(
        self, asked: Asked, kinds: Sequence[tuple[int, int, str]], limit: int
    ) -> list[Found]:
        """Of records, whose kind is one of their words."""
        query = _query(asked)
        near = limit * NEAREST if limit * NEAREST <= MOST_NEAR else 0
        sql = "WITH {} {}".format(
            ", ".join(NEAR.format(at) for at in range(len(kinds))),
            " UNION ALL ".join(NEWEST_RECORD.format(at) for at in range(len(kinds))),
        )
        wanted = [(first, last, near, query, limit) for first, last, _word in kinds]
        wanted += [(f"{_quoted(word)} & {query}", limit, limit) for _first, _last, word in kinds]
        with self.in_time():
            return list(dict.fromkeys(_rows(sql, [one for part in wanted for one in part])))

    def _expected(self, query: str, kinds: tuple[int, int]) -> float:
        """How many rows the planner takes to fit."""
        plan = _rows(f"EXPLAIN (FORMAT JSON) {ROWS}", [query, *kinds])[0][0]
        found = json.loads(plan) if isinstance(plan, str) else plan
        return found[0]["Plan"]["Plan Rows"]

    def has(self, *words: str) -> bool:
        sql = "SELECT 1 FROM statements_searchentry WHERE words @@ %s::tsquery LIMIT 1"
        return bool(_rows(sql, [" | ".join(map(_quoted, words))]))

    def alike(self, word: str, limit: int) -> list[str]:
        if not _rows("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'", []):
            return []
        sql = """
            SELECT word FROM statements_searchterm WHERE word %% %s
            ORDER BY similarity(word, %s) DESC, word LIMIT %s
        """
        return [found for (found,) in _rows(sql, [word, word, limit])]

    def remember(self, words: Iterable[str]) -> None:
        some = [(word,) for word in sorted(words)]
        sql = "INSERT INTO statements_searchterm (word) VALUES %s ON CONFLICT DO NOTHING"
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, sql, some, page_size=1000)


def _between(numbers: tuple[int, int], total: float) -> tuple[list[int], float]:
    """Numbers between two, from the last one down, as many rows between one and the next; and how
    many rows that makes altogether."""
    found = _rows(BOUNDS, [])
    known = (found[0][0] if found else None) or []
    bounds = [one for one in reversed(known) if numbers[0] <= one <= numbers[1]]
    return bounds, total * max(len(bounds) - 1, 1) / max(len(known) - 1, 1)


def _plan(expected: float, rows: float, limit: int) -> tuple[str, float]:
    """How to find the newest of what fits, which is so much of some rows, and what share of these
    to look at."""
    share = limit * MARGIN / expected
    look_through = limit / expected * rows * LOOKED_THROUGH
    fetch_all = expected * FETCHED
    fetch_some = expected * LISTED + share * rows * NUMBERED + limit * MARGIN * FETCHED
    costs = {
        (NEWEST, share * SPARE / MARGIN): look_through,
        (SORTED, share): fetch_some,
        (SORTED, 1.0): fetch_all,
    }
    return min(costs, key=costs.__getitem__)


def _since(bounds: Sequence[int], share: float) -> int:
    """The number after which such a share of the rows stands; 0 where that is most, or unknown.

    Rows above the last of the bounds come on top.
    """
    whole, part = divmod(share * (len(bounds) - 1), 1)
    if share > MOST or whole + 1 >= len(bounds):
        return 0
    newer, older = bounds[int(whole)], bounds[int(whole) + 1]
    return newer - int((newer - older) * part)


def _rows(sql: str, parameters: Sequence[object]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _vector(entry: Entry) -> str:
    """Words with their places, as PostgreSQL writes a tsvector."""
    places: dict[str, list[str]] = {}
    for words in (entry.terms.words, entry.terms.title):
        for at, word in enumerate(words[:LAST_PLACE], 1):
            places.setdefault(word, []).append(str(at))
    placed = (f"{_quoted(word)}:{','.join(at[:MOST_PLACES])}" for word, at in places.items())
    further = (word for word in entry.terms.words[LAST_PLACE:] if word not in places)
    return " ".join([*placed, *map(_quoted, entry.terms.others), *map(_quoted, further)])


def _query(asked: Asked) -> str:
    wanted = " & ".join(f"({' | '.join(map(_alternative, one))})" for one in asked.groups)
    without = "".join(f" & !{_alternative(one)}" for one in asked.excluded)
    return wanted + without


def _alternative(one: Alternative) -> str:
    *first, last = one.words
    parts = [*map(_quoted, first), _quoted(last) + (":*" if one.is_prefix else "")]
    return f"({' <-> '.join(parts)})"


@lru_cache(100_000)
def _quoted(word: str) -> str:
    return "'{}'".format(word.replace("\\", "\\\\").replace("'", "''"))
