"""Records as tables: a row for each, and a table of its own for each list within them.

What a field holds decides: a plain value is a column, a link the name that stays, a partial date
its notation, what is made of parts a column for each, with a dot between the names. A list of
links is one cell. A list of what is made of parts is a further table, whose first columns name
what its rows belong to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from statements.records.explained import Explained, explained
from statements.records.nouns import Noun
from statements.records.shapes import Shape

# Between the entries of a list in one cell.
BETWEEN = " | "
KEY = _("The name that stays of what this row belongs to.")


@dataclass(frozen=True)
class Column:
    name: str
    kind: str | Promise
    description: str | Promise
    codes: list[str]
    # How to come to its value from a row's record: names of fields.
    path: tuple[str, ...] = ()
    cell: str = ""
    is_list: bool = False

    def value(self, shape: Shape) -> str:
        found: object = shape
        for name in self.path:
            if found is None:
                return ""
            found = getattr(found, name)
        if self.is_list:
            return BETWEEN.join(self._cell(one) for one in found)
        return self._cell(found)

    def _cell(self, value: object) -> str:
        if value is not None and self.cell:
            value = getattr(value, self.cell)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        return value.isoformat() if hasattr(value, "isoformat") else str(value)


@dataclass
class Table:
    """`path` leads from the record of the table above to the list of this table's rows."""

    name: str
    keys: list[Column]
    columns: list[Column] = field(default_factory=list)
    path: tuple[str, ...] = ()
    below: list[Table] = field(default_factory=list)

    @property
    def head(self) -> list[str]:
        return [column.name for column in (*self.keys, *self.columns)]

    def all(self) -> Iterator[Table]:
        yield self
        for one in self.below:
            yield from one.all()

    def rows(self, shape: Shape, keys: list[str] | None = None) -> Iterator[tuple[str, list[str]]]:
        """(name of the table, row) for a record, and for all within it."""
        keys = keys or []
        yield self.name, [*keys, *(column.value(shape) for column in self.columns)]
        for table in self.below:
            for one in _at(shape, table.path):
                # What has no name of its own has nothing below it.
                yield from table.rows(one, [*keys, shape.id])


def _at(shape: Shape, path: tuple[str, ...]) -> list[Shape]:
    found: object = shape
    for name in path:
        found = getattr(found, name) if found is not None else []
    return found or []


def tables_of(noun: Noun) -> Table:
    table = Table(noun.name, [])
    _add(table, noun.record, noun.singular)
    return table


def _add(
    table: Table, shape: type[Shape], called: str, path: tuple[str, ...] = (), before: str = ""
) -> None:
    for one in explained(shape):
        name, to = f"{before}{one.name}", (*path, one.name)
        if not one.shape or one.shape.CELL:
            cell = one.shape.CELL if one.shape else ""
            table.columns.append(
                Column(name, _kind(one), one.description, one.codes, to, cell, one.is_list)
            )
        elif one.is_list:
            key = Column(called, PLAIN_TEXT, KEY, [])
            further = Table(f"{table.name}-{one.name}", [*table.keys, key], path=to)
            _add(further, one.shape, one.name.removesuffix("s"))
            table.below.append(further)
        else:
            _add(table, one.shape, called, to, f"{name}.")


PLAIN_TEXT = _("text")


def _kind(one: Explained) -> str | Promise:
    """A cell is text wherever it stands for more."""
    return PLAIN_TEXT if one.shape or one.is_list else one.kind
