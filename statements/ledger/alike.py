"""Demands that may be the same as another one: near in words, or by what they are linked to."""

from __future__ import annotations

from collections import Counter

from django.db import models

from statements.likeness import look_alikes, words_in_common
from statements.models import Demand, DemandAsMade, DemandPerson, DemandWording, Event, Statement
from statements.naming import folded_name

MOST_ALIKE = 20
# Of each kind of link no more are compared: the newest.
MOST_COMPARED = 300
# So much of the shorter wording stands in the other one.
NEAR = 0.6


def alike(demand: Demand) -> list[Demand]:
    """Others that may be the same demand, the likeliest first.

    Their words are near, in one language or another; or they have two of these in common: the
    addressee, a person, an event. In a fixed number of queries, over so many demands at most.
    """
    links = Counter(key for group in _linked(demand) for key in group)
    same_kind = Demand.objects.filter(kind=demand.kind).exclude(pk=demand.pk).order_by("-pk")
    compared = {*links, *same_kind.values_list("pk", flat=True)[:MOST_COMPARED]}
    near = _near(demand, compared)
    likely = sorted(
        (key for key in compared if near.get(key) or links[key] > 1),
        key=lambda key: (-near.get(key, 0) - links[key] / 10, -key),
    )[:MOST_ALIKE]
    found = Demand.objects.select_related("addressee").in_bulk(likely)
    counts = dict(
        DemandAsMade.objects.filter(demand__in=found)
        .order_by()
        .values_list("demand")
        .annotate(count=models.Count("statement", distinct=True))
    )
    rows = [found[key] for key in likely if key in found]
    for row in rows:
        row.statement_count = counts.get(row.pk, 0)
    return rows


def _linked(demand: Demand) -> list[set[int]]:
    """Demands to the same addressee, about the same persons, and in the same events."""
    others = Demand.objects.exclude(pk=demand.pk).order_by("-pk")
    persons = DemandPerson.objects.filter(demand=demand).values("person")
    about = Statement.events.through.objects
    events = about.filter(statement__demands_made__demand=demand).values("event")
    events = Event.objects.filter(pk__in=events).order_by("-pk").values("pk")[:MOST_ALIKE]
    statements = about.filter(event__in=list(events.values_list("pk", flat=True)))
    groups = [
        others.filter(pk__in=DemandPerson.objects.filter(person__in=persons).values("demand")),
        others.filter(
            pk__in=DemandAsMade.objects.filter(statement__in=statements.values("statement")).values(
                "demand"
            )
        ),
    ]
    if demand.addressee_id:
        groups.append(others.filter(addressee=demand.addressee_id))
    return [set(group.values_list("pk", flat=True)[:MOST_COMPARED]) for group in groups]


def _near(demand: Demand, compared: set[int]) -> dict[int, float]:
    """How near the wordings of others are, from 0 to 1, where they are near at all."""
    keys = {demand.pk, *compared}
    wordings: dict[int, set[str]] = {key: set() for key in keys}
    for rows in (
        Demand.objects.filter(pk__in=keys).values_list("pk", "wording"),
        DemandWording.objects.filter(demand__in=keys).values_list("demand", "name"),
    ):
        for key, words in rows:
            wordings[key].add(words)
    own = wordings.pop(demand.pk)
    bearers: dict[str, set[int]] = {}
    for key, some in wordings.items():
        for words in some:
            bearers.setdefault(words, set()).add(key)
    found: dict[int, float] = {}
    for mine in own:
        spelled_alike = set(look_alikes(mine, bearers))
        for words, keys in bearers.items():
            is_same = folded_name(words) == folded_name(mine)
            share = 1.0 if is_same or words in spelled_alike else words_in_common(mine, words)
            if share >= NEAR:
                for key in keys:
                    found[key] = max(found.get(key, 0), share)
    return found
