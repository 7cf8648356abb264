"""Events for programs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from statements import models
from statements.absolute import id_of
from statements.records.shapes import (
    Coded,
    Day,
    Link,
    Name,
    Record,
    api_address,
    code,
    here,
    link_to,
    link_to_place,
    list_address,
    names_of,
)


class EventInList(Record):
    slug: str = Field(description=_("What stands for it in addresses and in filters."))
    name: str = Field(description=_("What it is called."))
    language: str = Field(description=_("The language of the name (BCP 47)."))
    type: str = code(models.Event.Type, _("What it is."))
    start: Day | None = Field(description=_("When it began, as far as that is known."))
    end: Day | None = Field(description=_("When it ended, as far as that is known."))
    is_ongoing: bool = Field(description=_("Whether it goes on."))
    places: list[Coded] = Field(description=_("Where it happens."))
    part_of: Link | None = Field(description=_("The event that it is a part of."))
    is_example: bool = Field(description=_("Whether it is an invented example."))


class Event(EventInList):
    names: list[Name] = Field(description=_("All its names."))
    parts: list[Link] = Field(description=_("The events that are parts of it."))
    statements: str = Field(description=_("The list of statements about it and its parts."))


def in_list(events: Iterable[models.Event]) -> list[EventInList]:
    """The events come with their names."""
    found = list(events)
    parents = _gathered(found)
    return [EventInList(**_short(one, parents)) for one in found]


def whole(events: Iterable[models.Event]) -> list[Event]:
    found = list(events)
    parents = _gathered(found)
    prefetch_related_objects(found, "names")
    parts = defaultdict(list)
    below = models.Event.objects.readable().named().filter(parent__in=found)
    for part in below.order_by("start_earliest", "pk"):
        parts[part.parent_id].append(link_to(part))
    return [
        Event(
            **_short(one, parents),
            names=names_of(one),
            parts=parts[one.pk],
            statements=list_address("statement", "event", one.slug),
        )
        for one in found
    ]


def _gathered(events: list[models.Event]) -> dict[int, models.Event]:
    """The parents that may be read about, by number."""
    prefetch_related_objects(events, "places")
    parents = {one.parent_id for one in events if one.parent_id}
    return models.Event.objects.readable().named().in_bulk(parents or [0])


def _short(event: models.Event, parents: dict[int, models.Event]) -> dict[str, object]:
    parent = parents.get(event.parent_id)
    return {
        "id": id_of("event", event.pk),
        "slug": event.slug,
        "url": here(event.get_absolute_url()),
        "api": api_address("event", event.slug),
        "name": event.name_shown,
        "language": event.name_language,
        "type": event.type,
        "start": Day.of(event.start),
        "end": Day.of(event.end),
        "is_ongoing": event.is_ongoing,
        "places": [link_to_place(place) for place in event.places.all()],
        "part_of": link_to(parent) if parent else None,
        "is_example": event.is_example,
    }
