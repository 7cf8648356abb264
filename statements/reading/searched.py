"""The `q` of lists of records: the words of a search, found by the same index as everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db.models import QuerySet

from statements.search import finding
from statements.search.engines import TookTooLong
from statements.search.parsing import LONGEST, parse

# How records are searched: `fitting`, or what else takes and gives the same.
Search = Callable[[QuerySet, int, str], QuerySet]


def words(query: Mapping[str, str]) -> str:
    return " ".join(query.get("q", "").replace("\x00", " ").split())[:LONGEST]


def keys(kind: int, typed: str) -> list[int]:
    """The numbers of the records that fit what was typed: at most the newest thousand.

    Raises TookTooLong.
    """
    return finding.records(parse(typed), [kind], finding.MOST_RECORDS)[kind]


def fitting(records: QuerySet, kind: int, typed: str) -> QuerySet:
    """Those of records that fit what was typed, and none where that takes too long."""
    try:
        return records.filter(pk__in=keys(kind, typed))
    except TookTooLong:
        return records.none()
