"""Storing batches of invented content: bulk writes that leave what workflow would leave."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models, transaction
from django.db.models import OuterRef, Subquery
from django.utils.text import slugify
from taggit.models import Tag

from statements.models import (
    Addressee,
    Authorship,
    Demand,
    DemandAsMade,
    DemandPerson,
    DemandWording,
    Event,
    EventName,
    Naming,
    Organisation,
    OrganisationName,
    Person,
    PersonName,
    Place,
    Quotation,
    Revision,
    Source,
    Statement,
    Tagging,
    Text,
)
from statements.sample import words
from statements.sample.drawing import Batch, Plan, Pool

BATCH = 1000
# What is pointed at comes before what points at it.
ORDER = (
    *(Person, PersonName, Addressee, Event, EventName, Demand, DemandWording, DemandPerson),
    *(Organisation, OrganisationName, Source, Statement, Authorship, Tagging, DemandAsMade),
    *(Text, Revision, Quotation, Naming),
)


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
        store(batch)
        _remember(batch, pool)
        for model, rows in batch.rows.items():
            counts[model.__name__] = counts.get(model.__name__, 0) + len(rows)
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


def _remember(batch: Batch, pool: Pool) -> None:
    pool.organisations += [one.pk for one in batch.new_organisations if one.public_since]
    pool.addressees += [one.pk for one in batch.addressees]
    pool.persons += [(one.pk, number) for one, number in batch.persons if one.public_since]


@transaction.atomic
def store(batch: Batch) -> None:
    for model in ORDER:
        rows = batch.rows.get(model, [])
        if any(getattr(row, "parent", None) for row in rows):
            _store_tree(model, rows)
        else:
            model.objects.bulk_create(rows, batch_size=2000)
    _link(Event.places.through, "event", "place_id", batch.links["event_places"])
    _link(Statement.places.through, "statement", "place_id", batch.links["statement_places"])
    _link(Statement.events.through, "statement", "event", batch.links["statement_events"])
    _choose_revisions(batch.rows.get(Text, []))


def _store_tree(model: type[models.Model], rows: list) -> None:
    """Parents before their parts, since a row needs its parent's key."""
    waiting = rows
    while waiting:
        ready = [row for row in waiting if not row.parent or row.parent.pk]
        waiting = [row for row in waiting if row.parent and not row.parent.pk]
        model.objects.bulk_create(ready)


def _link(through: type[models.Model], one: str, other: str, links: list) -> None:
    rows = [through(**{one: first, other: second}) for first, second in links]
    through.objects.bulk_create(rows, batch_size=2000)


def _choose_revisions(texts: list[Text]) -> None:
    """A text's last revision is the working one, its last numbered one the live one."""
    keys = [text.pk for text in texts]
    own = Revision.objects.filter(text=OuterRef("pk")).order_by("-pk").values("pk")
    Text.objects.filter(pk__in=keys).update(
        working_revision=Subquery(own[:1]),
        live_revision=Subquery(own.filter(number__isnull=False)[:1]),
    )
    leading = Revision.objects.filter(
        text__statement=OuterRef("statement"), text__is_leading=True
    ).order_by("pk")
    Text.objects.filter(pk__in=keys, is_leading=False).update(
        translated_from=Subquery(leading.values("pk")[:1])
    )
