"""Measure the search page against its own bounded queries, in every band of word frequency.

    python -m tests.bench.searching postgres://…/bench100k [rounds]

Raw are the queries that look words up, as the page asks them; the page is the whole answer through
Django's test client. They take turns, so that what else the machine does hits both alike.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from statistics import median, quantiles
from urllib.parse import urlencode

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
if len(sys.argv) > 1:
    os.environ["DATABASE_URL"] = sys.argv[1]
django.setup()

from django.db import connection
from django.test import Client
from taggit.models import Tag

from statements.models import SearchEntry
from statements.search import finding
from statements.search.parsing import parse

BANDS = {"60 %": 0.6, "10 %": 0.1, "1 %": 0.01, "0.02 %": 0.0002}
RECORDS = [kind for kind in SearchEntry.Kind if kind != SearchEntry.Kind.TEXT]
COMMON = """
    SELECT word, share FROM pg_stats, unnest(
        most_common_elems::text::text[],
        most_common_elem_freqs[:cardinality(most_common_elems::text::text[])]
    ) AS elements (word, share)
    WHERE tablename = 'statements_searchentry' AND attname = 'words' AND word ~ '^[[:alpha:]]{3,}$'
"""
RARE = "SELECT word FROM statements_searchterm ORDER BY md5(word) LIMIT 60"
COUNT = "SELECT count(*) FROM statements_searchentry WHERE words @@ quote_literal(%s)::tsquery"


def words() -> dict[str, tuple[str, float]]:
    """A word of each band, and its share of all rows."""
    with connection.cursor() as cursor:
        cursor.execute(COMMON)
        shares = dict(cursor.fetchall())
        total = SearchEntry.objects.count()
        cursor.execute(RARE)
        for (word,) in cursor.fetchall():
            cursor.execute(COUNT, [word])
            shares.setdefault(word, cursor.fetchone()[0] / total)
    near = {
        band: min(shares, key=lambda word: abs(shares[word] - wanted) / wanted)
        for band, wanted in BANDS.items()
    }
    return {band: (word, shares[word]) for band, word in near.items()}


def timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def raw(typed: str) -> None:
    query = parse(typed)
    finding.statements(query)
    finding.records(query, RECORDS, 6)


def main(rounds: int) -> None:
    # As workers keep theirs for a minute; the settings of tests close it after each request.
    connection.settings_dict["CONN_MAX_AGE"] = 60
    client, found = Client(), words()
    asked = {f"{band} ({share:.2%})": {"q": word} for band, (word, share) in found.items()}
    two = f"{found['60 %'][0]} {found['10 %'][0]}"
    tag = Tag.objects.order_by("pk").first().slug
    asked["two words"] = {"q": two}
    asked["60 % and a tag"] = {"q": found["60 %"][0], "tag": tag}
    asked["10 %, language and year"] = {"q": found["10 %"][0], "language": "en", "year": "2020"}
    print("| words | raw: median | p95 | page: median | p95 | 1.5 × raw p95 + 10 |")
    print("|---|--:|--:|--:|--:|--:|")
    for name, query in asked.items():
        page = f"/search/?{urlencode(query)}"
        client.get(page)
        times: tuple[list[float], list[float]] = ([], [])
        for _n in range(rounds):
            times[0].append(timed(lambda query=query: raw(query["q"])))
            times[1].append(timed(lambda page=page: client.get(page)))
        (low, low95), (high, high95) = ((median(one), quantiles(one, n=20)[-1]) for one in times)
        limit = 1.5 * low95 + 10
        print(
            f"| {name} | {low:.1f} ms | {low95:.1f} | {high:.1f} ms | {high95:.1f} | {limit:.1f} |"
        )


if __name__ == "__main__":
    main(int(sys.argv[2]) if len(sys.argv) > 2 else 30)
