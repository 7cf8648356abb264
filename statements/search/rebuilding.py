"""Writing the whole index anew, while the site runs: a batch at a time, each a transaction.

What is written meanwhile is right already, so that a rebuilding which was cut off goes on where it
was. Nothing is held in memory but a batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from statements.models import SearchEntry, SearchRebuild, SearchTerm
from statements.search import workflow
from statements.search.engines import engine
from statements.search.gathering import MODELS

Kind = SearchEntry.Kind
TERMS_AT_ONCE = 2_000


@dataclass(frozen=True)
class Step:
    kind: Kind
    # The key that was reached, and the last one there is.
    reached: int
    last: int
    # How many rows the batch made.
    written: int


def rebuild(*, anew: bool = False) -> Iterator[Step]:
    """Yields after each batch; goes on where the one before was cut off, if not `anew`."""
    if anew:
        SearchRebuild.objects.all().delete()
    if not SearchRebuild.objects.exists():
        SearchRebuild.objects.bulk_create(SearchRebuild(kind=kind) for kind in Kind)
    for row in SearchRebuild.objects.order_by("kind"):
        yield from _of_kind(Kind(row.kind), row.reached)
    SearchRebuild.objects.all().delete()


def _of_kind(kind: Kind, reached: int) -> Iterator[Step]:
    model = MODELS[kind]
    last = model.objects.aggregate(last=Max("pk"))["last"] or 0
    following = model.objects.order_by("pk").values_list("pk", flat=True)
    while keys := list(following.filter(pk__gt=reached)[: workflow.BATCH]):
        reached = keys[-1]
        with transaction.atomic():
            written = workflow.write(kind, keys)
            SearchRebuild.objects.filter(kind=kind).update(reached=reached)
        yield Step(kind, reached, max(last, reached), written)


def forget_words() -> int:
    """Take words away that stand in nothing public any more. Returns how many."""
    there, last, gone = engine(), 0, 0
    rows = SearchTerm.objects.order_by("pk").values_list("pk", "word")
    while some := list(rows.filter(pk__gt=last)[:TERMS_AT_ONCE]):
        last = some[-1][0]
        missing = [key for key, word in some if not there.has(word)]
        gone += SearchTerm.objects.filter(pk__in=missing).delete()[0]
    return gone
