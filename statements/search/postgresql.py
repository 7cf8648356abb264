"""Searching with PostgreSQL's tsvector, whose words are ours and not its own parser's.

No one plan is fast for every word. With a rare one, all that fits is found by the index of words
and sorted; with a common one that would read half the archive, so that only as much of it is looked
at, from the newest on, as will hold enough. How common a word is, the planner's statistics say.
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
# So many matches are found and sorted at once.
FEW = 20_000
# How many times as much is looked at as should do; and how much more where it did not.
MARGIN, FURTHER = 2, 8

ROWS = """
    SELECT number, statement_id FROM statements_searchentry
    WHERE words @@ %s::tsquery AND number BETWEEN %s AND %s
"""
LIMITED = "SELECT current_setting('statement_timeout'), set_config('statement_timeout', %s, true)"
NEWEST = f"{ROWS} ORDER BY number DESC LIMIT %s"
# Records are few beside texts, and have an index of their own. Added to nothing, their number
# does not lead the planner into reading all of a kind in its order.
NEWEST_RECORD = """
    SELECT number, statement_id FROM statements_searchentry
    WHERE words @@ %s::tsquery AND statement_id IS NULL ORDER BY number + 0 DESC LIMIT %s
"""
NUMBER_AT = """
    SELECT number FROM statements_searchentry WHERE number <= %s
    ORDER BY number DESC OFFSET %s LIMIT 1
"""


class PostgreSQL:
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
        with _in_time():
            expected, total = self._expected(query, kinds)
            first, last = kinds
            if expected <= FEW:
                return _rows(NEWEST, [query, first, last, limit])
            share = int(total * limit * MARGIN / expected)
            while share < total / 2:
                below = _rows(NUMBER_AT, [last, share])
                found = _rows(NEWEST, [query, below[0][0] if below else first, last, limit])
                if len(found) == limit or not below:
                    return found
                share *= FURTHER
            return _rows(NEWEST, [query, first, last, limit])

    def newest_of_each(
        self, asked: Asked, kinds: Sequence[tuple[int, int, str]], limit: int
    ) -> list[Found]:
        """Of records, whose kind is one of their words."""
        query = _query(asked)
        sql = " UNION ALL ".join([f"({NEWEST_RECORD})"] * len(kinds))
        parts = ((f"{_quoted(word)} & {query}", limit) for _first, _last, word in kinds)
        with _in_time():
            return _rows(sql, [one for part in parts for one in part])

    def _expected(self, query: str, kinds: tuple[int, int]) -> tuple[float, float]:
        """How many rows the planner takes to fit, and to be there."""
        plan = _rows(f"EXPLAIN (FORMAT JSON) {ROWS}", [query, *kinds])[0][0]
        (size,) = _rows(
            "SELECT reltuples FROM pg_class WHERE oid = 'statements_searchentry'::regclass", []
        )
        found = json.loads(plan) if isinstance(plan, str) else plan
        return found[0]["Plan"]["Plan Rows"], max(size[0], 1)

    def has(self, word: str) -> bool:
        sql = "SELECT 1 FROM statements_searchentry WHERE words @@ %s::tsquery LIMIT 1"
        return bool(_rows(sql, [_quoted(word)]))

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


@contextmanager
def _in_time() -> Iterator[None]:
    try:
        with transaction.atomic():
            before = _rows(LIMITED, [LONGEST_QUERY])[0][0]
            yield
            _rows("SELECT set_config('statement_timeout', %s, true)", [before])
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") == "57014":
            raise TookTooLong from error
        raise


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
