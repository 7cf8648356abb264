"""Measure the search page against its own bounded queries, in every band of word frequency.

    python -m tests.bench.searching postgres://…/bench100k [rounds]

Raw are the queries that look words up, as the page asks them; the page is the whole answer through
Django's test client. They take turns, so that what else the machine does hits both alike. Beside
the clock there is the processor's time, of this process and of the database's that answers it: that
has to run on the same machine (Linux).
"""

from __future__ import annotations

import os
import sys
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
from statements.reading.filters import Filters
from statements.search import finding
from tests.bench.clock import as_served, keep_connection, timed

BANDS = {"60 %": 0.6, "10 %": 0.1, "1 %": 0.01, "0.02 %": 0.0002}
RECORDS = [kind for kind in SearchEntry.Kind if kind != SearchEntry.Kind.TEXT]
COMMON = """
    SELECT word, share FROM pg_stats, unnest(
        most_common_elems::text::text[],
        most_common_elem_freqs[:cardinality(most_common_elems::text::text[])]
    ) AS elements (word, share)
    WHERE tablename = 'statements_searchentry' AND attname = 'words' AND word ~ '^[[:alpha:]]{3,}$'
"""
RARE = "SELECT word FROM statements_searchterm ORDER BY md5(word) LIMIT 400"
COUNT = """
    SELECT count(*) FROM statements_searchentry WHERE words @@ %s::tsquery AND text_id IS NOT NULL
"""


def count(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [query])
        return cursor.fetchone()[0]


def words() -> dict[str, tuple[str, float]]:
    """A word of each band, and its share of all rows."""
    with connection.cursor() as cursor:
        cursor.execute(COMMON)
        shares = dict(cursor.fetchall())
        cursor.execute(RARE)
        rare = [word for (word,) in cursor.fetchall()]
    total = SearchEntry.objects.count()
    shares |= {word: count(f"'{word}'") / total for word in rare if word not in shares}

    def nearest(wanted: float) -> list[str]:
        return sorted(shares, key=lambda word: abs(shares[word] - wanted) / wanted)

    near = {band: nearest(wanted)[0] for band, wanted in BANDS.items()}
    # Of the common language, so that both together find something.
    near["10 %"] = next(
        word
        for word in nearest(BANDS["10 %"])
        if count(f"'{near['60 %']}' & '{word}'") > shares[word] * total / 2
    )
    return {band: (word, shares[word]) for band, word in near.items()}


def raw(query: dict[str, str]) -> None:
    filters = Filters(query, page="pages:search")
    if not filters.found.statements:
        sys.exit(f"Nothing fits {query}.")
    if not filters.values:
        finding.records(filters.query, RECORDS, 6)


def worst(times: list[float]) -> float:
    """The 95th percentile."""
    return quantiles(times, n=20)[-1]


def main(rounds: int) -> None:
    keep_connection()
    client, found = Client(), words()
    asked = {f"{band} ({share:.2%})": {"q": word} for band, (word, share) in found.items()}
    two = f"{found['60 %'][0]} {found['10 %'][0]}"
    tag = Tag.objects.order_by("pk").first().slug
    asked["two words"] = {"q": two}
    asked["60 % and a tag"] = {"q": found["60 %"][0], "tag": tag}
    asked["10 %, language and year"] = {"q": found["10 %"][0], "language": "en", "year": "2020"}
    print(
        "| words | raw: processor | p95 | page: processor | p95 | Python's | 1.5 × raw p95 + 10 |",
        end="",
    )
    print(" raw: clock | p95 | page: clock | p95 | 1.5 × raw p95 + 10 |")
    print("|---" + "|--:" * 11 + "|")
    client.get("/search/?q=a")
    as_served()
    for name, query in asked.items():
        page = f"/search/?{urlencode(query)}"
        client.get(page)
        low, high = [], []
        for _n in range(rounds):
            low.append(timed(lambda query=query: raw(query)))
            high.append(timed(lambda page=page: client.get(page)))
        low, high = list(zip(*low, strict=True)), list(zip(*high, strict=True))
        cells = [
            *(median(low[1]), worst(low[1]), median(high[1]), worst(high[1]), median(high[2])),
            *(1.5 * worst(low[1]) + 10, median(low[0]), worst(low[0]), median(high[0])),
            *(worst(high[0]), 1.5 * worst(low[0]) + 10),
        ]
        print(f"| {name} | {' | '.join(f'{cell:.0f}' for cell in cells)} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[2]) if len(sys.argv) > 2 else 30)
