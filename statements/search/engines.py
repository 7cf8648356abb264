"""The database's way to store words and to find them: one interface, two of them.

What reaches a database is built of words that `normalising` and `terms` made, each in quotation
marks; nothing that a visitor typed is ever syntax.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from django.db import connection

from statements.search.terms import Asked, Terms

Found = tuple[int, int | None]


class TookTooLong(Exception):
    """The database was stopped: there is too much that fits."""


@dataclass
class Entry:
    """A row to be written: its number, the column and key of its record, and its words."""

    number: int
    column: str
    key: int
    terms: Terms
    # Of a text, what it is of, and that one's `SearchLinks`.
    statement: int | None = None
    links: str = ""


class Engine(Protocol):
    def in_time(self) -> AbstractContextManager:
        """Inside, whatever takes too long is stopped. Raises TookTooLong."""

    def lock(self) -> None:
        """Let one at a time write, until its transaction ends: who reads then reads what holds."""

    def write(self, entries: Sequence[Entry]) -> None:
        """Store rows that are not there."""

    def newest(self, asked: Asked, kinds: tuple[int, int], limit: int) -> list[Found]:
        """(number, statement) of the newest that fit, between two numbers. Raises TookTooLong."""

    def newest_of_each(
        self, asked: Asked, kinds: Sequence[tuple[int, int, str]], limit: int
    ) -> list[Found]:
        """The newest of several kinds: from number, to number, and a word that all of it has."""

    def has(self, *words: str) -> bool:
        """Whether anything holds one of some words."""

    def alike(self, word: str, limit: int) -> list[str]:
        """Words that share letters with one, the nearest among them."""

    def remember(self, words: Iterable[str]) -> None:
        """Keep words for `alike`."""


def engine() -> Engine:
    from statements.search import postgresql, sqlite

    found = {"postgresql": postgresql.PostgreSQL, "sqlite": sqlite.SQLite}
    return found[connection.vendor]()
