"""The records that the statements of one batch point at, and what batches share."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate

from django.db import models
from django.utils import timezone

from statements.dates import PartialDate
from statements.models import (
    Addressee,
    Demand,
    DemandPerson,
    DemandWording,
    Event,
    EventName,
    Organisation,
    OrganisationName,
    Person,
    PersonName,
)
from statements.sample import words
from statements.sample.rows import Keys, Row, Tables, defaults
from statements.sample.vocabulary import CLASSIFICATIONS, COUNT, DEMAND_KINDS, EVENT_TYPES
from statements.slugging import slugify

BUSY_STATEMENTS = 200
PERSONS = 20
FIRST_DAY, DAYS = date(2012, 1, 1), 14 * 365
LANGUAGES = list(words.LANGUAGES)
LEADING, WEIGHTS = list(words.WEIGHTS), list(accumulate(words.WEIGHTS.values()))


@dataclass(frozen=True)
class Plan:
    """How much there is of everything, and how many of them up to a given statement."""

    statements: int

    @property
    def organisations(self) -> int:
        return max(1, min(self.statements // 4, 5000 + self.statements // 50))

    @property
    def events(self) -> int:
        return max(1, self.statements // 12)

    @property
    def demands(self) -> int:
        return max(1, self.statements * 2 // 5)

    @property
    def busy(self) -> int:
        """Statements about the one busy event."""
        return min(BUSY_STATEMENTS, self.statements // 5)

    def share(self, total: int, start: int, end: int) -> range:
        """The numbers of the records of a kind that come with statements start to end."""
        return range(total * start // self.statements, total * end // self.statements)


@dataclass
class Pool:
    """What batches share: keys, rows that were there, and records stored by earlier batches."""

    seed: int
    places: list[int]
    tags: list[int]
    keys: Keys = field(default_factory=Keys)
    organisations: list[Row] = field(default_factory=list)
    addressees: list[Row] = field(default_factory=list)
    persons: list[Row] = field(default_factory=list)


@lru_cache(maxsize=20_000)
def partial_date(notation: str) -> PartialDate:
    return PartialDate.parse(notation)


def dated(name: str, value: PartialDate | None) -> dict[str, object]:
    """A partial date and the columns that hold it."""
    if not value:
        return {name: None}
    return {
        name: value,
        f"{name}_earliest": value.earliest,
        f"{name}_latest": value.latest,
        f"{name}_precision": value.precision,
    }


@lru_cache(maxsize=20_000)
def stem(name: str) -> str:
    return slugify(name, 80)


class Records:
    """Persons, events, demands and organisations of one batch, in lists and by table."""

    def __init__(self, plan: Plan, pool: Pool, start: int, end: int) -> None:
        self.plan, self.pool = plan, pool
        self.random = random.Random(f"{pool.seed}:{start}")  # noqa: S311 - not a secret
        self.now = timezone.now()
        self.rows: Tables = {}
        self.persons: list[Row] = []
        self.addressees: list[Row] = []
        self.concerned: list[tuple[Row, Row, Row]] = []
        self.events: list[Row] = []
        self.demands: list[Row] = []
        self.organisations: list[Row] = []
        if not start:
            self._people()
        for number in plan.share(plan.events, start, end):
            self.events.append(self._event(number))
        for number in plan.share(plan.demands, start, end):
            self.demands.append(self._demand(number))
        for number in plan.share(plan.organisations, start, end):
            self.organisations.append(self._organisation(number))

    def add(self, model: type[models.Model], **values: object) -> Row:
        row = Row(**{**defaults(model), "id": self.pool.keys.next(model), **values})
        self.rows.setdefault(model, []).append(row)
        return row

    def skewed(self, rows: list, power: float = 2.0) -> object:
        """One of the rows, the first ones far more often."""
        return rows[int(len(rows) * self.random.random() ** power)]

    def places(self, count: int) -> list[int]:
        found = {self.skewed(self.pool.places) for _n in range(count)} if self.pool.places else ()
        return sorted(found)

    def person(self) -> Row:
        return self.random.choice(self.persons or self.pool.persons)

    @property
    def has_persons(self) -> bool:
        return bool(self.persons or self.pool.persons)

    def language(self) -> str:
        return self.random.choices(LEADING, cum_weights=WEIGHTS)[0]

    def slug(self, name: str, number: int) -> str:
        return f"{stem(name)}-{self.pool.seed}-{number}"

    def _another(self, code: str) -> str:
        """Another language for the name, or none where chance takes the same again."""
        other = self.random.choice(LANGUAGES)
        return other if other != code else ""

    def _people(self) -> None:
        """Persons and addressees come with the first batch."""
        english = words.LANGUAGES["en"]
        for number in range(self.pool.seed % 7, self.pool.seed % 7 + PERSONS):
            name = english.person(number)
            person = self.add(
                Person,
                name=name,
                language="en",
                slug=self.slug(name, number),
                is_example=True,
                is_at_risk=False,
                number=number,
            )
            self.persons.append(person)
            for code in ("ru", "ar", "el", "hi", "zh"):
                spelling = words.LANGUAGES[code].person(number)
                self.add(
                    PersonName,
                    person_id=person.id,
                    language=code,
                    name=spelling,
                )
        for number in range(PERSONS):
            name = f"The authorities of {english.name(number * 7)}"
            self.addressees.append(self.add(Addressee, name=name, language="en"))

    def _event(self, number: int) -> Row:
        code = self.language()
        kind, town = number % len(EVENT_TYPES), self.random.randrange(COUNT)
        name = words.LANGUAGES[code].event(kind, town)
        day = FIRST_DAY + timedelta(self.random.randrange(DAYS))
        is_ongoing = self.random.random() < 0.02
        start = partial_date(day.isoformat()[: self.random.choice((10, 10, 10, 7))])
        end = None
        if not is_ongoing and self.random.random() < 0.7:
            end = partial_date((day + timedelta(self.random.randrange(31, 90))).isoformat())
        parent = None
        if self.events and self.random.random() < 0.3:
            parent = self.skewed(self.events[-12:]).id
        event = self.add(
            Event,
            name=name,
            language=code,
            type=EVENT_TYPES[kind],
            slug=self.slug(name, number),
            is_example=True,
            is_ongoing=is_ongoing,
            parent_id=parent,
            day=day,
            **dated("start", start),
            **dated("end", end),
        )
        if there := self._another(code):
            name = words.LANGUAGES[there].event(kind, town)
            self.add(EventName, event_id=event.id, language=there, name=name)
        event.places = self.places(self.random.choice((1, 1, 1, 2)))
        for place in event.places:
            self.add(Event.places.through, event_id=event.id, place_id=place)
        return event

    def _demand(self, number: int) -> Row:
        code = self.language()
        kind, town, other = number % 6, number // 6 % COUNT, number * 31 % COUNT
        wording = words.LANGUAGES[code].say(kind, town, other)
        demand = self.add(
            Demand,
            wording=wording,
            language=code,
            kind=DEMAND_KINDS[kind],
            slug=self.slug(wording, number),
            is_example=True,
            said=(kind, town, other),
            makers=set(),
        )
        if number % 3:
            demand.addressee_id = self.random.choice(self.addressees or self.pool.addressees).id
        if there := self._another(code):
            name = words.LANGUAGES[there].say(kind, town, other)
            self.add(DemandWording, demand_id=demand.id, language=there, name=name)
        if kind == 0 and self.has_persons:
            person = self.person()
            row = self.add(DemandPerson, demand_id=demand.id, person_id=person.id)
            self.concerned.append((demand, person, row))
        return demand

    def _organisation(self, number: int) -> Row:
        code = self.language()
        kind, town = number % 4, self.random.randrange(COUNT)
        name = words.LANGUAGES[code].organisation(kind, town)
        organisation = self.add(
            Organisation,
            name=name,
            language=code,
            slug=self.slug(name, number),
            is_example=True,
            classification=CLASSIFICATIONS[kind],
            acronym="".join(part[0] for part in name.split())[:6].upper(),
            country_id=self.skewed(self.pool.places) if self.pool.places else None,
            **dated("founded", partial_date(str(1900 + self.random.randrange(110)))),
        )
        if self.organisations and self.random.random() < 0.1:
            organisation.parent_id = self.random.choice(self.organisations).id
        if there := self._another(code):
            name = words.LANGUAGES[there].organisation(kind, town)
            self.add(OrganisationName, organisation_id=organisation.id, language=there, name=name)
        return organisation
