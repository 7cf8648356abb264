"""Places and tags for programs: little more than their names."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from pydantic import Field
from taggit.models import Tag as TagRow

from statements import models
from statements.records.shapes import Name, Record, link_to_place, link_to_tag, list_address


class PlaceInList(Record):
    slug: str = Field(
        description=_("Its code, for countries that of ISO 3166-1. A code is no recognition.")
    )
    name: str = Field(description=_("What it is called."))
    language: str = Field(description=_("The language of the name (BCP 47)."))


class Place(PlaceInList):
    names: list[Name] = Field(description=_("Its name in each language of the site."))
    statements: str = Field(description=_("The list of statements about it."))
    statements_from: str = Field(
        description=_("The list of statements by organisations from there.")
    )
    events: str = Field(description=_("The list of events there."))


class TagInList(Record):
    slug: str = Field(description=_("What stands for it in addresses and in filters."))
    name: str = Field(description=_("What it is called."))


class Tag(TagInList):
    statements: str = Field(description=_("The list of statements that bear it."))


def places_in_list(places: Iterable[models.Place]) -> list[PlaceInList]:
    return [PlaceInList(**dict(link_to_place(one))) for one in places]


def places_whole(places: Iterable[models.Place]) -> list[Place]:
    return [
        Place(
            **dict(link_to_place(one)),
            names=_names(one),
            statements=list_address("statement", "place", one.code),
            statements_from=list_address("statement", "from", one.code),
            events=list_address("event", "place", one.code),
        )
        for one in places
    ]


def _names(place: models.Place) -> list[Name]:
    found = []
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            found.append(Name(name=place.name, language=language))
    return found


def tags_in_list(tags: Iterable[TagRow]) -> list[TagInList]:
    return [TagInList(**dict(link_to_tag(one))) for one in tags]


def tags_whole(tags: Iterable[TagRow]) -> list[Tag]:
    return [
        Tag(**dict(link_to_tag(one)), statements=list_address("statement", "tag", one.slug))
        for one in tags
    ]
