"""Names of what statements can be filtered by, several kinds in one query.

A label is a row (kind, key, address, words, language, count). What must not be shown in the
wordings of demands comes as further rows, so that no name slips out with a label.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db import connections
from django.db.models import (
    BigIntegerField,
    CharField,
    Exists,
    Expression,
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


@dataclass(frozen=True)
class Label:
    kind: str
    key: int | None
    # What stands for it in an address.
    value: str
    words: str
    # Empty where the words are in the interface's language.
    language: str = ""
    count: int = 0


def readable(kind: str) -> QuerySet:
    """The records of a kind that may be named: for tags, those on a readable statement."""
    if kind == "tag":
        statements = Statement.objects.readable().filter(pk=OuterRef("content_object"))
        used = Tagging.objects.filter(Exists(statements), tag=OuterRef("pk"))
        return Tag.objects.filter(Exists(used))
    if kind in ("place", "from"):
        return Place.objects.readable()
    return MODELS[kind].objects.readable()


def labels_of(kind: str, records: QuerySet, count: Expression | None = None) -> QuerySet:
    """Records of a kind as rows of labels, without order."""
    if kind in ("place", "from"):
        columns = ("code", "name_override", _text(""))
    elif kind == "tag":
        columns = ("slug", "name", _text(""))
    else:
        records, columns = records.named(), ("slug", "shown", "shown_language")
    number = count or Value(0, output_field=BigIntegerField())
    return records.order_by().values_list(_text(kind), "pk", *columns, number)


def _text(words: str) -> Value:
    return Value(words, output_field=CharField())


def compiled(queryset: QuerySet) -> Compiled:
    """A queryset as SQL and its parameters, to stand in a larger query."""
    return queryset.query.get_compiler(queryset.db).as_sql()


def fetch(labels: Sequence[QuerySet], *, demands: QuerySet) -> list[Label]:
    """Run querysets of labels as one query; for `demands` see `composed`."""
    return run(composed(labels, demands=demands), demands.db)


def composed(
    labels: Sequence[QuerySet],
    *,
    demands: QuerySet,
    tables: Iterable[tuple[str, Compiled]] = (),
    rows: Iterable[str] = (),
) -> Compiled:
    """Querysets of labels as one query.

    `demands` are the DemandPersons of the demands among them. `tables` are what the querysets
    refer to: names, with columns, and their queries. `rows` are further queries of labels.
    """
    concealed = ("concealed (kind, owner, spelling, shown_as)", compiled(demands))
    ctes = [*tables, concealed]
    first, *others = labels
    branches = [
        compiled(first.union(*others, all=True) if others else first),
        *((row, ()) for row in rows),
        ("SELECT 'concealed', owner, shown_as, spelling, '', 0 FROM concealed", ()),
    ]
    sql = "WITH RECURSIVE {} {}".format(
        ", ".join(f"{name} AS ({query})" for name, (query, _params) in ctes),
        " UNION ALL ".join(query for query, _params in branches),
    )
    parameters = [value for _name, (_query, params) in ctes for value in params]
    return sql, [*parameters, *(value for _query, params in branches for value in params)]


def run(query: Compiled, database: str) -> list[Label]:
    with connections[database].cursor() as cursor:
        cursor.execute(*query)
        found = [Label(*row) for row in cursor.fetchall()]
    return _named(found)


def _named(rows: list[Label]) -> list[Label]:
    """Labels in words: names of places from CLDR, wordings without names that are concealed."""
    hidden = by_owner(
        ("demand", row.key or 0, row.words, row.value) for row in rows if row.kind == "concealed"
    )["demand"]
    labels = []
    for row in rows:
        if row.kind in ("place", "from"):
            row = replace(row, words=row.words or languages.territory(row.value))
        elif row.kind == "demand":
            row = replace(row, words=conceal(row.words, hidden.get(row.key or 0, [])))
        if row.kind != "concealed":
            labels.append(row)
    return labels


def people_of_demands(**conditions: object) -> QuerySet:
    """The rows that `fetch` needs for the demands among its labels."""
    return DemandPerson.objects.filter(**conditions).spellings_concealed()
