"""Which statements to read beside one, and what relates them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import CharField, F, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from statements.models import Event, Statement, StatementRelation
from statements.prepared import Prepared
from statements.reading.passages import Made

MOST_RELATED = 6
OUTWARD = {
    StatementRelation.Kind.RESPONDS: _("It responds to"),
    StatementRelation.Kind.UPDATES: _("It updates"),
    StatementRelation.Kind.REPLACES: _("It replaces"),
    StatementRelation.Kind.DISTANCES: _("It distances itself from"),
}
INWARD = {
    StatementRelation.Kind.RESPONDS: _("A response to it"),
    StatementRelation.Kind.UPDATES: _("It is updated by"),
    StatementRelation.Kind.REPLACES: _("It is replaced by"),
    StatementRelation.Kind.DISTANCES: _("Distances itself from it"),
}


def related_ids(
    statement: Statement, events: Iterable[Event], made: Iterable[Made]
) -> tuple[dict[int, str], list[int]]:
    """Statements to read next, and what relates them: relations, the same event, a same demand."""
    rows = RELATED.rows(
        [statement.pk], [event.pk for event in events], [one.demand.pk for one in made]
    )
    relations: dict[int, str] = {}
    ids: dict[int, None] = {}
    # A statement may come once for each of the four reasons.
    for rank, kind, _day, pk in rows:
        ids.setdefault(pk)
        if kind:
            relations.setdefault(pk, (INWARD if rank else OUTWARD)[kind])
    return relations, list(ids)[:MOST_RELATED]


def _related(statement: Iterable[int], events: Iterable[int], demands: Iterable[int]) -> QuerySet:
    """(rank, relation, day, key) of statements, the nearest first."""
    readable = Statement.objects.readable().exclude(pk__in=statement).order_by()

    def rows(rank: int, relation: object, **filters: object) -> QuerySet:
        found = readable.filter(**filters).annotate(rank=Value(rank), relation=relation)
        return found.values_list("rank", "relation", "sort_on", "pk")

    nothing = Value("", CharField())
    union = rows(0, F("related_from__kind"), related_from__statement__in=statement).union(
        rows(1, F("relations__kind"), relations__other__in=statement),
        rows(2, nothing, events__in=events),
        rows(3, nothing, demands__in=demands),
    )
    return union.order_by("rank", "-sort_on", "-pk")[: 4 * MOST_RELATED]


RELATED = Prepared(_related, lists=3)
