"""Names of what statements can be filtered by, several kinds in one query.

A label is a row (kind, key, address, words, language). What must not be shown in the
wordings of demands comes as further rows, so that no name slips out with a label.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import connections
from django.db.models import (
    CharField,
    Exists,
    Model,
    OuterRef,
    QuerySet,
    Value,
)
from taggit.models import Tag

from statements import languages
from statements.models import (
    Demand,
    DemandPerson,
    Event,
    Organisation,
    Place,
    Statement,
    Tagging,
)
from statements.models.demand import by_owner
from statements.naming import conceal

Compiled = tuple[str, Sequence[object]]
MODELS: dict[str, type[Model]] = {
    "event": Event,
    "organisation": Organisation,
    "place": Place,
    "from": Place,
    "tag": Tag,
    "demand": Demand,
}


class Label(NamedTuple):
    kind: str
    key: int
    # What stands for it in an address.
    value: str
    words: str
    # Empty where the words are in the interface's language.
    language: str = ""


def readable(kind: str) -> QuerySet:
    """The records of a kind that may be named: for tags, those on a readable statement."""
    if kind == "tag":
        statements = Statement.objects.readable().filter(pk=OuterRef("content_object"))
        used = Tagging.objects.filter(Exists(statements), tag=OuterRef("pk"))
        return Tag.objects.filter(Exists(used))
    if kind in ("place", "from"):
        return Place.objects.readable()
    return MODELS[kind].objects.readable()


def labels_of(kind: str, records: QuerySet) -> QuerySet:
    """Records of a kind as rows of labels, without order."""
    if kind in ("place", "from"):
        columns = ("code", "name_override", _text(""))
    elif kind == "tag":
        columns = ("slug", "name", _text(""))
    else:
        records, columns = records.named(), ("slug", "shown", "shown_language")
    return records.order_by().values_list(_text(kind), "pk", *columns)


def _text(words: str) -> Value:
    return Value(words, output_field=CharField())


def compiled(queryset: QuerySet) -> Compiled:
    """A queryset as SQL and its parameters, to stand in a larger query."""
    return queryset.query.get_compiler(queryset.db).as_sql()


def fetch(labels: Sequence[QuerySet], *, demands: QuerySet) -> list[Label]:
    """Run querysets of labels as one query; for `demands` see `composed`."""
    with connections[demands.db].cursor() as cursor:
        cursor.execute(*composed(labels, demands=demands))
        return named(cursor.fetchall())


def composed(labels: Sequence[QuerySet], *, demands: QuerySet) -> Compiled:
    """Querysets of labels as one query, for `named`.

    `demands` are the DemandPersons of the demands among them.
    """
    first, *others = labels
    sql, parameters = compiled(first.union(*others, all=True) if others else first)
    hidden, further = compiled(demands)
    sql = (
        f"WITH concealed (kind, owner, spelling, shown_as) AS ({hidden}) {sql} UNION ALL"  # noqa: S608 - Django wrote it
        " SELECT 'concealed', owner, shown_as, spelling, '' FROM concealed"
    )
    return sql, [*further, *parameters]


def named(rows: Iterable[tuple]) -> list[Label]:
    """Labels in words: names of places from CLDR, wordings without names that are concealed."""
    found = [Label(*row) for row in rows]
    hidden = by_owner(
        ("demand", row.key, row.words, row.value) for row in found if row.kind == "concealed"
    )["demand"]
    labels = []
    for row in found:
        if row.kind in ("place", "from"):
            row = row._replace(words=row.words or languages.territory(row.value))
        elif row.kind == "demand":
            row = row._replace(words=conceal(row.words, hidden.get(row.key, [])))
        if row.kind != "concealed":
            labels.append(row)
    return labels


def people_of_demands(**conditions: object) -> QuerySet:
    """The rows that `fetch` needs for the demands among its labels."""
    return DemandPerson.objects.filter(**conditions).spellings_concealed()
