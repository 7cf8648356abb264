"""Demands for programs, with the ledger of what became of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import F, FilteredRelation, Q, prefetch_related_objects
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from statements import models
from statements.absolute import id_of
from statements.models import DemandAsMade, DemandUpdate, Event, Person, Statement
from statements.models.demand import DemandQuerySet
from statements.naming import conceal
from statements.reading.updates import entries_of_demand
from statements.records.shapes import (
    Coded,
    Day,
    Link,
    Name,
    Record,
    Shape,
    api_address,
    code,
    here,
    link_to,
    link_to_place,
    list_address,
)
from statements.records.updates import UpdateOf, update_of


class AddresseeOf(Shape):
    number: int = Field(description=_("What stands for it in filters."))
    name: str = Field(description=_("The office or body that it is put to."))
    language: str = Field(description=_("The language of the name (BCP 47)."))
    country: Coded | None = Field(description=_("The country of the office or body."))


class DemandInList(Record):
    slug: str = Field(description=_("What stands for it in addresses and in filters."))
    name: str = Field(description=_("What is demanded."))
    language: str = Field(description=_("The language of this wording (BCP 47)."))
    kind: str = code(models.Demand.Kind, _("What it is about."))
    state: str = code(models.Demand.State, _("What became of it so far."))
    as_of: Day | None = Field(
        description=_("Since when, as its source says; nothing as long as it is merely raised.")
    )
    raised: Day | None = Field(description=_("When it was first made by a statement here."))
    changed_on: date | None = Field(description=_("The day of its last change."))
    addressee: AddresseeOf | None = Field(description=_("Whom it is put to."))
    makers: int = Field(description=_("How many make it in their own name."))
    concerned: int = Field(
        description=_("How many named persons it is to release, where that is what it demands.")
    )
    released: int = Field(description=_("How many of these were released."))
    is_example: bool = Field(description=_("Whether it is an invented example."))


class Demand(DemandInList):
    names: list[Name] = Field(description=_("All its wordings."))
    people: list[Link] = Field(description=_("Whom it is about, and who may be shown."))
    withheld: int = Field(
        description=_("How many more it is about, whose names are withheld and who stay unknown.")
    )
    events: list[Link] = Field(
        description=_("The events that the statements are about which make it.")
    )
    updates: list[UpdateOf] = Field(
        description=_("What became of it, the latest first, each with its source.")
    )
    statements: str = Field(description=_("The list of statements that make it."))


def rows(demands: DemandQuerySet) -> DemandQuerySet:
    """Demands as this module needs them."""
    return demands.named().to_somebody().with_people().select_related("addressee__country")


def in_list(demands: Iterable[models.Demand]) -> list[DemandInList]:
    return [DemandInList(**_short(one)) for one in demands]


def whole(demands: Iterable[models.Demand]) -> list[Demand]:
    found = list(demands)
    prefetch_related_objects(found, "names")
    people, events = _people(found), _events(found)
    updated = DemandUpdate.objects.filter(demand__in=found).order_by()
    updated = set(updated.values_list("demand", flat=True))
    return [
        Demand(
            **_short(one),
            names=_wordings(one),
            people=[link_to(person) for person in people[one.pk] if _may_be_shown(person)],
            withheld=sum(not _may_be_shown(person) for person in people[one.pk]),
            events=[link_to(event) for event in events[one.pk]],
            # Most have no entry: nothing is asked for those.
            updates=[update_of(entry) for entry in entries_of_demand(one, people[one.pk])]
            if one.concerned or one.pk in updated
            else [],
            statements=list_address("statement", "demand", one.slug),
        )
        for one in found
    ]


def _short(demand: models.Demand) -> dict[str, object]:
    return {
        "id": id_of("demand", demand.pk),
        "slug": demand.slug,
        "url": here(demand.get_absolute_url()),
        "api": api_address("demand", demand.slug),
        "name": demand.name_shown,
        "language": demand.name_language,
        "kind": demand.kind,
        "state": demand.state,
        "as_of": Day.of(demand.as_of),
        "raised": Day.of(demand.raised),
        "changed_on": demand.changed_on,
        "addressee": _addressee(demand),
        "makers": demand.maker_count,
        "concerned": demand.concerned,
        "released": demand.released,
        "is_example": demand.is_example,
    }


def _addressee(demand: models.Demand) -> AddresseeOf | None:
    if not demand.addressee:
        return None
    country = demand.addressee.country
    return AddresseeOf(
        number=demand.addressee_id,
        name=demand.addressee_shown,
        language=demand.addressee_language,
        country=link_to_place(country) if country else None,
    )


def _wordings(demand: models.Demand) -> list[Name]:
    wordings = [(demand.wording, demand.language)]
    wordings += [(one.name, one.language) for one in demand.names.all()]
    return [
        Name(name=conceal(words, demand.concealed), language=language)
        for words, language in wordings
    ]


def _may_be_shown(person: Person) -> bool:
    return person.shown_as != Person.Shown.WITHHELD


def _people(demands: list[models.Demand]) -> dict[int, list[Person]]:
    """Whom each is about, in the order entered, those whose name is withheld among them."""
    found = defaultdict(list)
    part = FilteredRelation("demand_people", condition=Q(demand_people__demand__in=demands))
    # nosemgrep: past-the-gates - as .published(), and with those who are withheld
    people = Person.objects.filter(public_since__isnull=False).named()
    people = people.annotate(part=part, for_demand=F("part__demand"))
    people = people.filter(for_demand__isnull=False).order_by("part__position", "part__pk")
    for person in people:
        found[person.for_demand].append(person)
    return found


def _events(demands: list[models.Demand]) -> dict[int, list[Event]]:
    made = DemandAsMade.objects.filter(
        demand__in=demands, statement__in=Statement.objects.readable(), statement__events__gt=0
    )
    pairs = sorted(made.order_by().values_list("demand", "statement__events").distinct())
    events = Event.objects.readable().named().in_bulk({event for _demand, event in pairs} or [0])
    found = defaultdict(list)
    for demand, event in pairs:
        if event in events:
            found[demand].append(events[event])
    return found
