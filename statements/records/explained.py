"""The fields of records in words, from the classes that hold them: for pages and dictionaries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from types import NoneType
from typing import get_args, get_origin

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic.fields import FieldInfo

from statements.records.shapes import Shape

PLAIN = {
    str: _("text"),
    int: _("whole number"),
    bool: _("true or false"),
    date: _("day (ISO 8601)"),
    datetime: _("moment (ISO 8601)"),
}


@dataclass(frozen=True)
class Explained:
    """One field. `shape` is what it, or each of a list, is made of; none for a plain value."""

    name: str
    kind: str | Promise
    shape: type[Shape] | None
    is_list: bool
    # Where nothing may stand in its place.
    may_lack: bool
    description: str | Promise
    codes: list[str]
    # Whether lists have it too.
    is_in_list: bool

    @property
    def is_made_of_parts(self) -> bool:
        return self.shape is not None


def explained(shape: type[Shape]) -> list[Explained]:
    short = next((one for one in shape.mro()[1:] if one.__name__.endswith("InList")), None)
    is_short = shape.__name__.endswith("InList")
    return [
        _explained(name, field, is_short or (bool(short) and name in short.model_fields))
        for name, field in shape.model_fields.items()
    ]


def _explained(name: str, field: FieldInfo, is_in_list: bool) -> Explained:
    kind, is_list, may_lack = kind_of(field)
    is_shape = issubclass(kind, Shape)
    return Explained(
        name=name,
        kind=title_of(kind) if is_shape else PLAIN[kind],
        shape=kind if is_shape else None,
        is_list=is_list,
        may_lack=may_lack,
        description=field.description or "",
        codes=[str(one) for one in field.examples or ()],
        is_in_list=is_in_list,
    )


def kind_of(field: FieldInfo) -> tuple[type, bool, bool]:
    """What a field holds: its type, whether a list of it, and whether it may be nothing."""
    kind, is_list = field.annotation, False
    options = [one for one in get_args(kind) if one is not NoneType]
    may_lack = NoneType in get_args(kind)
    if may_lack:
        [kind] = options
    if get_origin(kind) is list:
        is_list, [kind] = True, get_args(kind)
    return kind, is_list, may_lack


def title_of(shape: type[Shape]) -> str:
    """What it is called in the documentation: the name of its class, without our endings."""
    return shape.__name__.removesuffix("InList").removesuffix("Of")


def shapes_within(shapes: Iterator[type[Shape]] | list[type[Shape]]) -> list[type[Shape]]:
    """What records are made of, each shape once, in the order in which they are met."""
    found: list[type[Shape]] = []
    waiting = list(shapes)
    while waiting:
        for one in explained(waiting.pop(0)):
            if one.shape and one.shape not in found:
                found.append(one.shape)
                waiting.append(one.shape)
    return found
