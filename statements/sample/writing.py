"""Storing batches of invented content, each in a transaction."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.utils.text import slugify
from taggit.models import Tag

from statements.models import Event, Place
from statements.sample import words
from statements.sample.drawing import Batch
from statements.sample.records import Plan, Pool
from statements.sample.rows import Row, store
from statements.search import gathering
from statements.search import workflow as search

BATCH = 1000
INDEXED = 250


class SeedUsed(Exception):
    """The content of this seed is here already."""


def make_sample(*, statements: int, seed: int) -> Iterator[dict[str, int]]:
    """Store invented content, a transaction a batch; yields the counts by table so far.

    The same seed makes the same content, so a second time it raises SeedUsed.
    """
    plan = Plan(statements)
    pool = _pool(seed)
    counts: dict[str, int] = {}
    for start in range(0, statements, BATCH):
        batch = Batch(plan, pool, start, min(start + BATCH, statements))
        if not start and Event.objects.filter(slug=batch.events[0].slug).exists():
            raise SeedUsed
        with transaction.atomic():
            store(batch.rows)
            for kind, model in gathering.MODELS.items():
                _index(kind, [row.id for row in batch.rows.get(model, ())])
        _remember(batch, pool)
        for model, stored in batch.rows.items():
            counts[model.__name__] = counts.get(model.__name__, 0) + len(stored)
        yield counts


def _index(kind: int, keys: list[int]) -> None:
    """Let it be found: rows that are not there yet, so that nothing is compared."""
    for start in range(0, len(keys), INDEXED):
        search.store(gathering.entries(kind, keys[start : start + INDEXED]))


def _pool(seed: int) -> Pool:
    """Places as they are, and the tags, which are made where they are missing."""
    places = list(Place.objects.order_by("code").values_list("pk", flat=True))
    # Every seed has its own countries that are spoken of most.
    turn = seed * 37 % len(places) if places else 0
    tags = [
        Tag.objects.get_or_create(name=name, defaults={"slug": slugify(name)})[0].pk
        for name in words.TAGS
    ]
    return Pool(seed=seed, places=places[turn:] + places[:turn], tags=tags)


def _remember(batch: Batch, pool: Pool) -> None:
    """What later batches may point at: of records that are not always public, the public ones."""
    pool.addressees += batch.addressees
    pool.persons += [one for one in batch.persons if one.public_since]
    pool.organisations += [
        Row(id=one.id, public_since=one.public_since)
        for one in batch.organisations
        if one.public_since
    ]
