"""What a monitoring program is told of the site: what runs, waits, fails, fills up (Prometheus).

Numbers alone, of the site as a whole: no record, no address, no name.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from statements.backup import places
from statements.operating import parts, tasks


def registry(folder: str) -> CollectorRegistry:
    """All there is to tell: what processes counted in that folder, where there is one, and the
    state of the site at the moment of asking."""
    found = CollectorRegistry()
    if folder:
        MultiProcessCollector(found, path=folder)
    found.register(StateCollector())
    return found


class StateCollector(Collector):
    """Asks anew each time; what depends on the database is left out where that is away."""

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        yield gauge("cache_up", "Whether the cache answers.", parts.kept_in_cache() == parts.OK)
        free = GaugeMetricFamily(
            "statements_disk_free_ratio", "Free share of each disk written to.", labels=["place"]
        )
        for place, share in parts.free_space():
            free.add_metric([str(place)], share)
        yield free
        if made := places.last_backup():
            told = "When the last backup was made here, in seconds since 1970."
            yield gauge("backup_timestamp_seconds", told, made.timestamp())
        state = parts.database()
        yield gauge("database_up", "Whether the database answers.", state != "away")
        yield gauge("migrated", "Whether the database is as the code wants it.", state == parts.OK)
        if state == parts.OK:
            yield from in_database()


def in_database() -> Iterator[Metric]:
    try:
        counts, late, failed = tasks.counts(), tasks.late(), tasks.failed().count()
    except DatabaseError:
        # It went away meanwhile: the next question says so.
        return
    queue = GaugeMetricFamily("statements_tasks", "Tasks in the queue.", labels=["state"])
    for name, number in {**counts, "failed": failed}.items():
        queue.add_metric([name], number)
    yield queue
    waiting = GaugeMetricFamily(
        "statements_late", "What should have been done ten minutes ago.", labels=["what"]
    )
    for name, number in late.items():
        waiting.add_metric([name], number)
    yield waiting


def gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"statements_{name}", told, value=float(value))
