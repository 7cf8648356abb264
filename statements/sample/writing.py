"""Storing invented content, a batch a transaction."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.utils.text import slugify
from taggit.models import Tag

from statements.models import Event, Place
from statements.sample import words
from statements.sample.drawing import Batch, Plan
from statements.sample.linked import Pool
from statements.sample.rows import Row

BATCH = 1000


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
            batch.rows.store()
        # Their keys alone: what a row refers to would keep whole batches in memory.
        pool.organisations += [
            Row({"id": one.id, "public_since": one.public_since})
            for one in batch.organisations
            if one.public_since
        ]
        if not start:
            pool.persons = [one for one in pool.persons if one.public_since] or pool.persons
        for model, rows in batch.rows.by_model.items():
            name = model._meta.verbose_name_plural
            counts[name] = counts.get(name, 0) + len(rows)
        yield counts


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
