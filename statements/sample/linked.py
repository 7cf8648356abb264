"""The invented records that statements point at, and what is public of them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate

from django.utils.text import slugify

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
from statements.sample.rows import Row, Rows, dated

PERSONS = 20
FIRST_DAY, DAYS = date(2012, 1, 1), 14 * 365
CODES = list(words.LANGUAGES)
LEADING, FREQUENCY = list(words.WEIGHTS), list(accumulate(words.WEIGHTS.values()))
ENGLISH = words.LANGUAGES["en"]


@dataclass
class Pool:
    """What batches share: rows that were there, and records stored by earlier batches."""

    seed: int
    places: list[int]
    tags: list[int]
    organisations: list[Row] = field(default_factory=list)
    addressees: list[Row] = field(default_factory=list)
    persons: list[Row] = field(default_factory=list)


@lru_cache(maxsize=20_000)
def partial_date(notation: str) -> PartialDate:
    return PartialDate.parse(notation)


def moment(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


class Linked:
    """Events, demands, organisations and persons of one batch."""

    def __init__(self, pool: Pool, rng: random.Random) -> None:
        self.pool, self.random, self.rows = pool, rng, Rows()

    def skewed(self, rows: list, power: float = 2.0) -> object:
        """One of the rows, the first ones far more often."""
        return rows[int(len(rows) * self.random.random() ** power)]

    def code(self) -> str:
        return self.random.choices(LEADING, cum_weights=FREQUENCY)[0]

    def slug(self, name: str, number: int) -> str:
        stem = slugify(name, allow_unicode=True)[:80].strip("-")
        return f"{stem}-{self.pool.seed}-{number}"

    def some_places(self, count: int) -> list[int]:
        if not self.pool.places:
            return []
        return sorted({self.skewed(self.pool.places) for _n in range(count)})

    def make_people(self) -> None:
        """Persons and addressees come with the first batch, and serve all."""
        for number in range(self.pool.seed % 7, self.pool.seed % 7 + PERSONS):
            name = ENGLISH.person(number)
            person = self.rows.add(
                Person,
                name=name,
                language="en",
                slug=self.slug(name, number),
                is_example=True,
                public_since=None,
                number=number,
            )
            self.pool.persons.append(person)
            for code in ("ru", "ar", "el", "hi", "zh"):
                spelling = words.LANGUAGES[code].person(number)
                self.rows.add(PersonName, person_id=person, language=code, name=spelling)
        for number in range(PERSONS):
            name = f"The authorities of {ENGLISH.name(number * 7)}"
            self.pool.addressees.append(self.rows.add(Addressee, name=name, language="en"))

    def event(self, number: int) -> Row:
        code, town = self.code(), self.random.randrange(words.COUNT)
        kind = number % len(words.EVENT_TYPES)
        name = words.LANGUAGES[code].fill(words.LANGUAGES[code].events[kind], town)
        day = FIRST_DAY + timedelta(self.random.randrange(DAYS))
        start = day.isoformat()[: self.random.choice((10, 10, 10, 7))]
        is_ongoing = self.random.random() < 0.02
        values = dated("start", partial_date(start))
        if not is_ongoing and self.random.random() < 0.7:
            end = (day + timedelta(self.random.randrange(31, 90))).isoformat()
            values |= dated("end", partial_date(end))
        earlier = self.rows.of(Event)
        has_parent = bool(earlier) and self.random.random() < 0.3
        event = self.rows.add(
            Event,
            name=name,
            language=code,
            type=words.EVENT_TYPES[kind],
            slug=self.slug(name, number),
            is_example=True,
            is_ongoing=is_ongoing,
            public_since=None,
            parent_id=self.skewed(earlier[-12:]) if has_parent else None,
            day=day,
            places=self.some_places(self.random.choice((1, 1, 1, 2))),
            **values,
        )
        for place in event.places:
            self.rows.add(Event.places.through, event_id=event, place_id=place)
        other = self.random.choice(CODES)
        if other != code:
            there = words.LANGUAGES[other]
            name = there.fill(there.events[kind], town)
            self.rows.add(EventName, event_id=event, language=other, name=name)
        return event

    def demand(self, number: int) -> Row:
        code = self.code()
        said = (number % 6, number // 6 % words.COUNT, number * 31 % words.COUNT)
        wording = words.LANGUAGES[code].say(*said)
        demand = self.rows.add(
            Demand,
            wording=wording,
            language=code,
            kind=words.DEMAND_KINDS[said[0]],
            slug=self.slug(wording, number),
            is_example=True,
            public_since=None,
            addressee_id=self.random.choice(self.pool.addressees) if number % 3 else None,
            said=said,
            person=None,
        )
        other = self.random.choice(CODES)
        if other != code:
            name = words.LANGUAGES[other].say(*said)
            self.rows.add(DemandWording, demand_id=demand, language=other, name=name)
        if said[0] == 0:
            demand.person = self.random.choice(self.pool.persons)
            self.rows.add(DemandPerson, demand_id=demand, person_id=demand.person)
        return demand

    def organisation(self, number: int) -> Row:
        code, town = self.code(), self.random.randrange(words.COUNT)
        kind = number % 4
        name = words.LANGUAGES[code].fill(words.LANGUAGES[code].organisations[kind], town)
        earlier = self.rows.of(Organisation)
        has_parent = bool(earlier) and self.random.random() < 0.1
        organisation = self.rows.add(
            Organisation,
            name=name,
            language=code,
            slug=self.slug(name, number),
            is_example=True,
            public_since=None,
            classification=words.CLASSIFICATIONS[kind],
            acronym="".join(part[0] for part in name.split())[:6].upper(),
            country_id=self.skewed(self.pool.places) if self.pool.places else None,
            parent_id=self.random.choice(earlier) if has_parent else None,
            **dated("founded", partial_date(str(1900 + self.random.randrange(110)))),
        )
        other = self.random.choice(CODES)
        if other != code:
            there = words.LANGUAGES[other]
            name = there.fill(there.organisations[kind], town)
            self.rows.add(OrganisationName, organisation_id=organisation, language=other, name=name)
        return organisation


def expose(record: Row, since: datetime | None) -> None:
    """A record is public from the first public statement that points at it."""
    record.public_since = record.public_since or since


def expose_trees(records: list[Row]) -> None:
    """A whole tree is public as soon as one record of it is; parents stand before parts."""
    tops: dict[Row, Row] = {}
    for record in records:
        tops[record] = tops[record.parent_id] if record.parent_id else record
        expose(tops[record], record.public_since)
    for record, top in tops.items():
        expose(record, top.public_since)
