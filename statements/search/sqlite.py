"""Searching with SQLite's FTS5, whose rows have the numbers of entries."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext

from django.db import connection

from statements.search.engines import Entry, Found
from statements.search.terms import Alternative, Asked

MOST_TRIGRAMS = 40
# The rows that fit come in the order of their numbers, and no more than are asked for.
NEWEST = """
    SELECT entry.number, entry.statement_id FROM statements_searchwords AS found
    CROSS JOIN statements_searchentry AS entry ON entry.number = found.rowid
    WHERE found.words MATCH %s AND found.rowid BETWEEN %s AND %s
    ORDER BY found.rowid DESC LIMIT %s
"""
ONE_OF_EACH = f"SELECT * FROM ({NEWEST})"  # noqa: S608 - nothing from outside


class SQLite:
    def in_time(self) -> AbstractContextManager:
        """It has no limit of time: an archive that it serves is small."""
        return nullcontext()

    def lock(self) -> None:
        """SQLite has one writer at a time, from the beginning of a transaction that writes."""

    def write(self, entries: Sequence[Entry]) -> None:
        with connection.cursor() as cursor:
            for column, some in itertools.groupby(entries, lambda entry: entry.column):
                cursor.executemany(
                    "INSERT INTO statements_searchentry"  # noqa: S608 - a column of ours
                    f" (number, statement_id, {column}_id) VALUES (%s, %s, %s)",
                    [(one.number, one.statement, one.key) for one in some],
                )
            cursor.executemany(
                "INSERT INTO statements_searchwords (rowid, words) VALUES (%s, %s)",
                [(one.number, _text(one)) for one in entries],
            )

    def newest(self, asked: Asked, kinds: tuple[int, int], limit: int) -> list[Found]:
        with connection.cursor() as cursor:
            cursor.execute(NEWEST, [_query(asked), *kinds, limit])
            return cursor.fetchall()

    def newest_of_each(
        self, asked: Asked, kinds: Sequence[tuple[int, int, str]], limit: int
    ) -> list[Found]:
        query = _query(asked)
        sql = " UNION ALL ".join([ONE_OF_EACH] * len(kinds))
        with connection.cursor() as cursor:
            parts = ((query, first, last, limit) for first, last, _word in kinds)
            cursor.execute(sql, [one for part in parts for one in part])
            return cursor.fetchall()

    def has(self, *words: str) -> bool:
        sql = "SELECT 1 FROM statements_searchwords WHERE words MATCH %s LIMIT 1"
        with connection.cursor() as cursor:
            cursor.execute(sql, [" OR ".join(_quoted([word]) for word in words)])
            return cursor.fetchone() is not None

    def alike(self, word: str, limit: int) -> list[str]:
        sql = """
            SELECT word FROM statements_searchtrigrams WHERE word MATCH %s ORDER BY rank LIMIT %s
        """
        trigrams = dict.fromkeys(word[at : at + 3] for at in range(len(word) - 2))
        asked = " OR ".join(_quoted([one]) for one in list(trigrams)[:MOST_TRIGRAMS])
        if not asked:
            return []
        with connection.cursor() as cursor:
            cursor.execute(sql, [asked, limit])
            return [found for (found,) in cursor.fetchall()]

    def remember(self, words: Iterable[str]) -> None:
        some = sorted(words)
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT OR IGNORE INTO statements_searchterm (word) VALUES (%s)",
                [(word,) for word in some],
            )


def _text(entry: Entry) -> str:
    terms = entry.terms
    return " ".join([*terms.words, *terms.title, *sorted(terms.others)])


def _query(asked: Asked) -> str:
    wanted = " AND ".join(f"({' OR '.join(map(_alternative, one))})" for one in asked.groups)
    without = " OR ".join(map(_alternative, asked.excluded))
    return f"({wanted}) NOT ({without})" if without else wanted


def _alternative(one: Alternative) -> str:
    return _quoted(one.words) + (" *" if one.is_prefix else "")


def _quoted(words: Iterable[str]) -> str:
    """Words beside each other, as a string of FTS5: within it nothing but `"` has a meaning."""
    return '"{}"'.format(" ".join(words).replace('"', '""'))
