"""People for programs, as far as they are shown: nobody whose name is withheld."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from statements import models
from statements.absolute import id_of
from statements.models import Demand, DemandPerson, PersonUpdate
from statements.models.custody import custody
from statements.reading.persons import concealed_about
from statements.reading.updates import Entry, entries_of
from statements.records.shapes import (
    Day,
    Link,
    Name,
    Record,
    Shape,
    api_address,
    code,
    here,
    link_to,
    names_of,
)
from statements.records.updates import UpdateOf, update_of


class CustodyOf(Shape):
    start: Day = Field(description=_("When it began."))
    end: Day | None = Field(description=_("When it ended; nothing where no release is known."))
    as_of: Day = Field(description=_("The last entry that says so."))


class PersonInList(Record):
    slug: str = Field(
        description=_("What stands for the person in addresses: a number for initials.")
    )
    name: str = Field(description=_("The name, in full or as initials."))
    language: str = Field(description=_("The language of the name (BCP 47)."))
    shown_as: str = Field(
        description=_("How the name is shown."),
        examples=[models.Person.Shown.FULL.value, models.Person.Shown.INITIALS.value],
    )
    state: str = code(
        models.Person.State,
        _("What this archive knows. “unknown” says that it knows nothing, and no more."),
    )
    as_of: Day | None = Field(description=_("Since when, as its source says."))
    changed_on: date | None = Field(description=_("The day of the last change."))
    is_example: bool = Field(description=_("Whether it is an invented example."))


class Person(PersonInList):
    names: list[Name] = Field(
        description=_("All spellings; none where the name is not shown in full.")
    )
    demands: list[Link] = Field(description=_("The demands about this person."))
    updates: list[UpdateOf] = Field(
        description=_("What became of this person, the latest first, each with its source.")
    )
    custody: list[CustodyOf] = Field(
        description=_("The times in custody that the updates tell, the newest first.")
    )


def in_list(people: Iterable[models.Person]) -> list[PersonInList]:
    """The people come with their names."""
    return [PersonInList(**_short(one)) for one in people]


def whole(people: Iterable[models.Person]) -> list[Person]:
    found = list(people)
    prefetch_related_objects(found, "names")
    demands = _demands(found)
    updated = PersonUpdate.objects.filter(person__in=found).order_by()
    updated = set(updated.values_list("person", flat=True))
    return [
        # Most have no entry: nothing is asked for those.
        _whole(one, demands[one.pk], _entries(one) if one.pk in updated else [])
        for one in found
    ]


def _entries(person: models.Person) -> list[Entry]:
    return entries_of(person.updates.all(), concealed_about(person))


def _whole(person: models.Person, demands: list[Demand], entries: list[Entry]) -> Person:
    is_in_full = person.shown_as == models.Person.Shown.FULL
    in_force = (entry.update for entry in entries if not entry.replaced_by)
    return Person(
        **_short(person),
        # Other spellings would tell a name that is not shown in full.
        names=names_of(person) if is_in_full else [],
        demands=[link_to(demand) for demand in demands],
        updates=[update_of(entry) for entry in entries],
        custody=[
            CustodyOf(start=Day.of(one.start), end=Day.of(one.end), as_of=Day.of(one.as_of))
            for one in custody(in_force)
        ],
    )


def _short(person: models.Person) -> dict[str, object]:
    return {
        "id": id_of("person", person.pk),
        "slug": person.address,
        "url": here(person.get_absolute_url()),
        "api": api_address("person", person.address),
        "name": person.name_shown,
        "language": person.name_language,
        "shown_as": person.shown_as,
        "state": person.state,
        "as_of": Day.of(person.as_of),
        "changed_on": person.changed_on,
        "is_example": person.is_example,
    }


def _demands(people: list[models.Person]) -> dict[int, list[Demand]]:
    about = DemandPerson.objects.filter(person__in=people, demand__in=Demand.objects.readable())
    pairs = list(about.order_by("-demand").values_list("person", "demand"))
    demands = Demand.objects.named().in_bulk({demand for _person, demand in pairs} or [0])
    found = defaultdict(list)
    for person, demand in pairs:
        found[person].append(demands[demand])
    return found
