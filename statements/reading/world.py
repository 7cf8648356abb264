"""The map of the world: how many statements and events, place by place, and the same as a table.

The outlines are Natural Earth's, made by script/outlines; they take no position on any border.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.db.models import Count, QuerySet, Value
from django.urls import reverse
from django.utils.http import urlencode

from statements import languages
from statements.models import Event, Place, Statement

# How many statements, the newest, and how many events are counted by their places.
MOST = 2_000
# A place is shaded by how many statements it has: from so many on, one step darker.
STEPS = (1, 5, 25, 100)
# Places in the table before the rest of it is folded away.
FIRST = 10


@dataclass(frozen=True)
class Line:
    """One place in the table and on the map; an address is empty where there is no list."""

    # Its name, and the path of its page.
    name: str
    page: str
    statements: int
    events: int
    statements_url: str
    events_url: str
    # Path data, or the centre of a circle; neither, where the map cannot show the place.
    outline: str = ""
    point: tuple[int, int] | None = None

    @property
    def step(self) -> int:
        return sum(self.statements >= step for step in STEPS)

    @property
    def url(self) -> str:
        """What a click on the map leads to."""
        return (self.statements_url if self.statements else self.events_url) or self.page


@dataclass(frozen=True)
class World:
    lines: list[Line]
    box: str
    land: str
    # Statements of an event of which no country is known that they come from.
    from_nowhere: int = 0

    @property
    def first(self) -> list[Line]:
        return self.lines[:FIRST]

    @property
    def others(self) -> list[Line]:
        return self.lines[FIRST:]

    @property
    def steps(self) -> list[tuple[int, int, int]]:
        """The steps that occur, each with its smallest and largest number; the last is open."""
        darkest = max((line.step for line in self.lines), default=0)
        ends = [*(step - 1 for step in STEPS[1:]), 0]
        return [(i, *ends_of) for i, ends_of in enumerate(zip(STEPS, ends, strict=True), 1)][
            :darkest
        ]

    @property
    def has_events(self) -> bool:
        return any(line.events for line in self.lines)

    @property
    def most(self) -> int:
        return MOST


def world_of_all() -> World | None:
    """What statements are about and where events happen, over all of the site: one query."""
    newest = Statement.objects.readable().newest_first()[:MOST].values("pk")
    about = Statement.places.through.objects.filter(statement__in=newest)
    latest = Event.objects.readable().order_by("-pk")[:MOST].values("pk")
    there = Event.places.through.objects.filter(event__in=latest)
    places: dict[str, Place] = {}
    numbers = {"statements": Counter(), "events": Counter()}
    rows = _by_place("statements", about).union(_by_place("events", there), all=True)
    for kind, code, name, number in rows:
        places[code] = Place(code=code, name_override=name)
        numbers[kind][code] = number
    return _world(
        places,
        **numbers,
        statements_at=reverse("pages:statement_list") + "?place=%s",
        events_at=reverse("pages:event_list") + "?place=%s",
    )


def world_of_event(event: Event, parts: Iterable[Event], statements: list[Statement]) -> World:
    """Where those come from who speak about an event, and where it happens: no query of its own.

    The statements have their links, and the events their places.
    """
    places: dict[str, Place] = {}
    spoke, happens, from_nowhere = Counter(), Counter(), 0
    for statement in statements:
        organisations = [author.organisation for author in statement.authors_shown]
        countries = {one.country for one in organisations if one and one.is_public and one.country}
        if not statement.texts_shown:
            continue
        from_nowhere += not countries
        for place in countries:
            places[place.code] = place
            spoke[place.code] += 1
    for one in (event, *parts):
        for place in one.places.all():
            places[place.code] = place
            happens[place.code] += 1
    query = urlencode({"event": event.slug}).replace("%", "%%")
    return _world(
        places,
        statements=spoke,
        events=happens,
        statements_at=f"{reverse('pages:statement_list')}?{query}&from=%s",
        events_at="#parts" if parts else "",
        from_nowhere=from_nowhere,
    )


def _by_place(kind: str, links: QuerySet) -> QuerySet:
    return (
        links.order_by()
        .values("place")
        .annotate(number=Count("pk"))
        .values_list(Value(kind), "place__code", "place__name_override", "number")
    )


def _world(
    places: dict[str, Place],
    statements: Counter,
    events: Counter,
    *,
    statements_at: str,
    events_at: str,
    from_nowhere: int = 0,
) -> World | None:
    """The map, the place with most statements first; none where nothing has a place."""
    if not places:
        return None
    drawn = _outlines()
    lines = [
        Line(
            place.name,
            place.get_absolute_url(),
            statements[code],
            events[code],
            statements_at % code if statements[code] else "",
            events_at.replace("%s", code) if events[code] else "",
            drawn["outlines"].get(code, ""),
            drawn["points"].get(code),
        )
        for code, place in places.items()
    ]
    lines.sort(key=lambda one: (-one.statements, -one.events, languages.sort_key(one.name)))
    return World(lines, drawn["box"], drawn["land"], from_nowhere)


@lru_cache(1)
def _outlines() -> dict:
    return json.loads(Path(__file__).with_name("world.json").read_text())
