"""What a feed is made of, whatever the format: one definition, which formats.py writes down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

MOST_ENTRIES = 50


@dataclass(frozen=True)
class Writer:
    """Who wrote an entry; an address where there is a page of them."""

    name: str
    url: str = ""


@dataclass(frozen=True)
class Entry:
    """`html` stands alone: its addresses are whole, and it says its language and direction.

    It is empty where nobody asked for it.
    """

    id: str
    url: str
    title: str
    html: str
    language: str
    published: datetime
    updated: datetime
    summary: str = ""
    writers: tuple[Writer, ...] = ()
    categories: tuple[str, ...] = ()
    # Where it is known from, in words: of a change of state.
    source: str = ""
    # Invented, which is said wherever it stands.
    is_example: bool = False


@dataclass(frozen=True)
class Feed:
    id: str
    title: str
    language: str
    # The page that it follows.
    page: str
    entries: list[Entry]
    # Who writes where an entry names nobody.
    site: Writer

    @property
    def updated(self) -> datetime | None:
        return max((entry.updated for entry in self.entries), default=None)


def latest(entries: Iterable[Entry]) -> list[Entry]:
    """As many as a feed has, what changed last first."""
    found = sorted(entries, key=lambda entry: (entry.updated, entry.id), reverse=True)
    return found[:MOST_ENTRIES]
