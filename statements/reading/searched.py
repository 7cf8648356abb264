"""The `q` of lists of records: the words of a search, found by the same index as everywhere."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet

from statements.search import finding
from statements.search.engines import TookTooLong
from statements.search.parsing import LONGEST, parse


def words(query: Mapping[str, str]) -> str:
    return " ".join(query.get("q", "").replace("\x00", " ").split())[:LONGEST]


def fitting(records: QuerySet, kind: int, typed: str) -> QuerySet:
    """Those of records that fit what was typed: at most the newest thousand."""
    try:
        keys = finding.records(parse(typed), [kind], finding.MOST_RECORDS)[kind]
    except TookTooLong:
        keys = []
    return records.filter(pk__in=keys)
