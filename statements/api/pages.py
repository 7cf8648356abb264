"""The interface for programs, explained to people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from statements.absolute import absolute
from statements.api import asking
from statements.api.problems import KINDS
from statements.records.explained import Explained, explained, shapes_within, title_of
from statements.records.nouns import NOUNS
from statements.records.shapes import Shape

FILTERS = {
    "statements": asking.StatementsAsked,
    "events": asking.EventsAsked,
    "organisations": asking.OrganisationsAsked,
    "demands": asking.DemandsAsked,
    "people": asking.PeopleAsked,
}


@dataclass(frozen=True)
class Parameter:
    name: str
    description: str
    codes: list[str]


@dataclass(frozen=True)
class Address:
    """A noun's list: what it is called, where it is, and what it is filtered by."""

    heading: str
    path: str
    filters: list[Parameter]


@dataclass(frozen=True)
class Table:
    anchor: str
    heading: str
    fields: list[Explained]


def interface(request: HttpRequest) -> HttpResponse:
    records = [noun.record for noun in NOUNS]
    context = {
        "addresses": list(_addresses()),
        "parameters": _parameters(asking.Paged),
        "records": [_table(noun.record, str(noun.heading)) for noun in NOUNS],
        "parts": [_table(shape, title_of(shape)) for shape in shapes_within(records)],
        "problems": [(status, code, title) for status, (code, title) in KINDS.items()],
        "openapi": absolute(reverse("api:openapi")),
        "requests": settings.API_REQUESTS,
    }
    return render(request, "api/interface.html", context)


def _addresses() -> Iterator[Address]:
    for noun in NOUNS:
        asked = FILTERS.get(noun.name)
        filters = _parameters(asked, but=asking.Paged) if asked else []
        path = absolute(reverse(f"api:{noun.singular}_list"))
        yield Address(str(noun.heading), path, filters)


def _parameters(
    asked: type[asking.Asked], but: type[asking.Asked] | None = None
) -> list[Parameter]:
    left_out = set(but.model_fields) if but else set()
    properties = asked.model_json_schema()["properties"]
    names = {field.alias or name for name, field in asked.model_fields.items()} - left_out
    return [
        Parameter(name, str(one.get("description", "")), one.get("enum", []))
        for name, one in properties.items()
        if name in names
    ]


def _table(shape: type[Shape], heading: str) -> Table:
    return Table(title_of(shape), heading, explained(shape))
