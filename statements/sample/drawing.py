"""What one batch of invented content holds: unsaved records that keep what workflow keeps.

A batch stands on its own. Its events and demands are linked by its own statements only, so what
is public, and when a demand was first raised, is known before anything is written, and memory
does not grow with the number of statements.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from django.utils.text import slugify

from statements.dates import AFTER, BEFORE, PartialDate
from statements.models import (
    Addressee,
    Authorship,
    Demand,
    DemandAsMade,
    DemandPerson,
    DemandWording,
    Event,
    EventName,
    Naming,
    Organisation,
    OrganisationName,
    Person,
    PersonName,
    Source,
    Statement,
    Tagging,
    Text,
)
from statements.models.base import Linked
from statements.publishing import workflow
from statements.sample import words
from statements.sample.wording import Draft, Said, Told

BUSY_STATEMENTS, BUSY_ORGANISATIONS, BUSY_DEMANDS = 200, 50, 60
PERSONS = 20
FIRST_DAY, DAYS = date(2012, 1, 1), 14 * 365


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
    """What batches share: rows that were there, and records stored by earlier batches."""

    seed: int
    places: list[int]
    tags: list[int]
    organisations: list[int] = field(default_factory=list)
    addressees: list[int] = field(default_factory=list)
    persons: list[tuple[int, int]] = field(default_factory=list)


@lru_cache(maxsize=20_000)
def partial_date(notation: str) -> PartialDate:
    return PartialDate.parse(notation)


def moment(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


class Batch:
    """The records of statements `start` to `end`, in lists by table, in the order of writing."""

    def __init__(self, plan: Plan, pool: Pool, start: int, end: int) -> None:
        self.plan, self.pool, self.start = plan, pool, start
        self.random = random.Random(f"{pool.seed}:{start}")  # noqa: S311 - not a secret
        self.rows: dict[type, list] = {}
        # By slug, since a record that is not stored has no identity yet.
        self.event_places: dict[str, list[int]] = {}
        self.days: dict[str, date] = {}
        self.said: dict[str, Said] = {}
        self.concerned: list[tuple[Demand, Person]] = []
        self.links: dict[str, list[tuple[object, int | Event]]] = {
            "event_places": [],
            "statement_places": [],
            "statement_events": [],
        }
        self.sources: list[Source] = []
        self._people()
        self.events = [self._event(n) for n in plan.share(plan.events, start, end)]
        self.demands = [self._demand(n) for n in plan.share(plan.demands, start, end)]
        self.new_organisations = [
            self._organisation(n) for n in plan.share(plan.organisations, start, end)
        ]
        # Everybody new issues something, as long as there are statements enough.
        self.silent = self.new_organisations[::-1]
        for number in range(start, end):
            self._statement(number)
        self._settle()

    def add(self, row: object) -> object:
        self.rows.setdefault(type(row), []).append(row)
        return row

    def _skewed(self, rows: list, power: float = 2.0) -> object:
        """One of the rows, the first ones far more often."""
        return rows[int(len(rows) * self.random.random() ** power)]

    def _vocabulary(self) -> str:
        return self.random.choices(list(words.WEIGHTS), list(words.WEIGHTS.values()))[0]

    def _slug(self, name: str, number: int) -> str:
        stem = slugify(name, allow_unicode=True)[:80].strip("-")
        return f"{stem}-{self.pool.seed}-{number}"

    # Records that statements point at

    def _people(self) -> None:
        """Persons and addressees come with the first batch."""
        self.persons: list[tuple[Person, int]] = []
        self.addressees: list[Addressee] = []
        if self.start:
            return
        for number in range(self.pool.seed % 7, self.pool.seed % 7 + PERSONS):
            name = words.LANGUAGES["en"].person(number)
            person = Person(
                name=name, language="en", slug=self._slug(name, number), is_example=True
            )
            self.persons.append((self.add(person), number))
            for code in ("ru", "ar", "el", "hi", "zh"):
                spelling = words.LANGUAGES[code].person(number)
                self.add(PersonName(person=person, language=code, name=spelling))
        for number in range(PERSONS):
            town = words.LANGUAGES["en"].name(number * 7)
            self.addressees.append(
                self.add(Addressee(name=f"The authorities of {town}", language="en"))
            )

    def _event(self, number: int) -> Event:
        code = self._vocabulary()
        vocabulary = words.LANGUAGES[code]
        kind, town = number % len(words.EVENT_TYPES), self.random.randrange(words.COUNT)
        name = vocabulary.events[kind].format(town=vocabulary.name(town))
        day = FIRST_DAY + timedelta(self.random.randrange(DAYS))
        event = Event(
            name=name,
            language=code,
            type=words.EVENT_TYPES[kind],
            slug=self._slug(name, number),
            is_example=True,
            is_ongoing=self.random.random() < 0.02,
            start=partial_date(day.isoformat()[: self.random.choice((10, 10, 10, 7))]),
        )
        if not event.is_ongoing and self.random.random() < 0.7:
            event.end = partial_date((day + timedelta(self.random.randrange(31, 90))).isoformat())
        earlier = self.rows.get(Event, [])
        if earlier and self.random.random() < 0.3:
            event.parent = self._skewed(earlier[-12:])
        other = self.random.choice(list(words.LANGUAGES))
        if other != code:
            there = words.LANGUAGES[other]
            translated = there.events[kind].format(town=there.name(town))
            self.add(EventName(event=event, language=other, name=translated))
        places = self._places(self.random.choice((1, 1, 1, 2)))
        self.days[event.slug], self.event_places[event.slug] = day, places
        self.links["event_places"] += [(event, place) for place in places]
        return self.add(event)

    def _places(self, count: int) -> list[int]:
        found = {self._skewed(self.pool.places) for _n in range(count)} if self.pool.places else ()
        return sorted(found)

    def _demand(self, number: int) -> Demand:
        code = self._vocabulary()
        kind, town, other = number % 6, number // 6 % words.COUNT, number * 31 % words.COUNT
        wording = words.LANGUAGES[code].say(kind, town, other)
        demand = Demand(
            wording=wording,
            language=code,
            kind=words.DEMAND_KINDS[kind],
            slug=self._slug(wording, number),
            is_example=True,
        )
        self.add(demand)
        self.said[demand.slug] = (kind, town, other)
        if number % 3:
            demand.addressee = self._addressee()
        translation = self.random.choice(list(words.LANGUAGES))
        if translation != code:
            name = words.LANGUAGES[translation].say(kind, town, other)
            self.add(DemandWording(demand=demand, language=translation, name=name))
        if kind == 0 and (self.persons or self.pool.persons):
            self._concern(demand)
        return demand

    def _addressee(self) -> Addressee:
        if self.addressees:
            return self.random.choice(self.addressees)
        return Addressee(pk=self.random.choice(self.pool.addressees))

    def _person(self) -> tuple[Person, int]:
        if self.persons:
            return self.random.choice(self.persons)
        key, number = self.random.choice(self.pool.persons)
        return Person(pk=key), number

    def _concern(self, demand: Demand) -> None:
        person, _number = self._person()
        self.concerned.append((demand, person))
        self.add(DemandPerson(demand=demand, person=person))

    def _organisation(self, number: int) -> Organisation:
        code = self._vocabulary()
        kind, town = number % 4, self.random.randrange(words.COUNT)
        name = (
            words.LANGUAGES[code].organisations[kind].format(town=words.LANGUAGES[code].name(town))
        )
        organisation = Organisation(
            name=name,
            language=code,
            slug=self._slug(name, number),
            is_example=True,
            classification=words.CLASSIFICATIONS[kind],
            acronym="".join(part[0] for part in name.split())[:6].upper(),
            country_id=self._skewed(self.pool.places) if self.pool.places else None,
            founded=partial_date(str(1900 + self.random.randrange(110))),
        )
        earlier = self.rows.get(Organisation, [])
        if earlier and self.random.random() < 0.1:
            organisation.parent = self.random.choice(earlier)
        other = self.random.choice(list(words.LANGUAGES))
        if other != code:
            there = words.LANGUAGES[other]
            translated = there.organisations[kind].format(town=there.name(town))
            self.add(OrganisationName(organisation=organisation, language=other, name=translated))
        return self.add(organisation)

    # Statements

    def _statement(self, number: int) -> None:
        is_busy = number < self.plan.busy
        chance = self.random.random()
        state = "published" if is_busy or chance < 0.88 else "draft" if chance < 0.95 else "over"
        event = self.events[0] if is_busy else self._skewed(self.events, 1.6)
        if not is_busy and self.random.random() < 0.06:
            event = None
        statement = Statement(kind=self._kind(), is_example=True)
        self._date(statement, event)
        statement.sort_on = workflow.sort_day(statement)
        if state != "draft":
            delay = timedelta(self.random.randrange(1, 20))
            statement.public_since = moment(statement.sort_on + delay)
        self.add(statement)
        self._authors(statement, number)
        self._link(statement, event)
        made = self._make_demands(statement, number)
        self._tell(statement, event, state, made, number)

    def _kind(self) -> str:
        return self._skewed(Statement.Kind.values, 2.5)

    def _date(self, statement: Statement, event: Event | None) -> None:
        any_day = FIRST_DAY + timedelta(self.random.randrange(DAYS))
        start = self.days[event.slug] if event else any_day
        day = start + timedelta(self.random.randrange(60))
        chance = self.random.random()
        if chance < 0.8:
            statement.issued = partial_date(day.isoformat())
        elif chance < 0.88:
            statement.issued = partial_date(day.isoformat()[:7])
        elif chance < 0.90:
            statement.issued = partial_date(day.isoformat()[:4])
        elif chance < 0.96:
            bound = self.random.choice((BEFORE, BEFORE, AFTER))
            statement.issued = partial_date(f"{bound} {day.isoformat()}")
        if not statement.issued or self.random.random() < 0.4:
            statement.source = self._source(day)

    def _source(self, day: date) -> Source:
        """A source, now and then of several statements: but only where the day fits them."""
        fitting = [one for one in self.sources[-5:] if one.published.sort_day >= day]
        if fitting and self.random.random() < 0.3:
            return fitting[0]
        number = self.random.randrange(1_000_000)
        source = Source(
            publication=f"{words.LANGUAGES['en'].name(number)} Gazette",
            url=f"https://example.org/{self.pool.seed}/{number}",
            published=partial_date((day + timedelta(self.random.randrange(10))).isoformat()),
        )
        self.sources.append(source)
        return self.add(source)

    def _authors(self, statement: Statement, number: int) -> None:
        if number < self.plan.busy:
            count = min(BUSY_ORGANISATIONS, len(self.new_organisations))
            authors = [self.new_organisations[number % count]]
            if authors[0] in self.silent:
                self.silent.remove(authors[0])
        elif statement.is_public and self.silent:
            authors = [self.silent.pop()]
        else:
            authors = [self._known_organisation()]
            if self.random.random() < 0.1:
                authors += [self._known_organisation() for _n in range(3)]
        unique = {one.pk or id(one): one for one in authors}.values()
        for position, organisation in enumerate(unique):
            self._sign(statement, organisation, position)
        if self.random.random() < 0.03:
            town = words.LANGUAGES["en"].name(number)
            self.add(
                Authorship(
                    statement=statement,
                    name_as_printed=f"Friends of {town}",
                    role=Authorship.Role.SIGNATORY,
                    position=len(unique),
                )
            )

    def _known_organisation(self) -> Organisation:
        if self.pool.organisations:
            return Organisation(pk=self._skewed(self.pool.organisations, 3))
        return self._skewed(self.new_organisations, 3)

    def _sign(self, statement: Statement, organisation: Organisation, position: int) -> None:
        self.add(Authorship(statement=statement, organisation=organisation, position=position))
        if organisation.pk is None:
            self._expose(organisation, statement)

    def _link(self, statement: Statement, event: Event | None) -> None:
        if event:
            self.links["statement_events"].append((statement, event))
            self._expose(event, statement)
        places = self.event_places[event.slug] if event else self._places(1)
        if self.random.random() < 0.93:
            self.links["statement_places"] += [(statement, place) for place in places]
        tags = {self._skewed(self.pool.tags) for _n in range(self.random.randrange(4))}
        for tag in sorted(tags):
            self.add(Tagging(content_object=statement, tag_id=tag))

    def _make_demands(self, statement: Statement, number: int) -> list[DemandAsMade]:
        if number < self.plan.busy:
            count = min(BUSY_DEMANDS, len(self.demands))
            demands = [self.demands[number % count], self.random.choice(self.demands[:count])]
        else:
            count = self.random.choices((0, 1, 2, 3), (15, 55, 22, 8))[0]
            demands = [self._skewed(self.demands, 1.5) for _n in range(count)]
        made = []
        for position, demand in enumerate({one.slug: one for one in demands}.values()):
            voice = self.random.choices(DemandAsMade.Voice.values, (80, 12, 8))[0]
            made.append(
                self.add(
                    DemandAsMade(statement=statement, demand=demand, voice=voice, position=position)
                )
            )
            self._expose(demand, statement)
        return made

    def _tell(
        self,
        statement: Statement,
        event: Event | None,
        state: str,
        made: list[DemandAsMade],
        number: int,
    ) -> None:
        """The leading text, and translations of it."""
        leading = self._vocabulary()
        count = self.random.choices((0, 1, 2), (76, 18, 6))[0]
        others = [code for code in words.LANGUAGES if code != leading]
        for position, code in enumerate([leading, *self.random.sample(others, count)]):
            is_leading = position == 0
            said = [(one, self.said[one.demand.slug]) for one in made]
            told = Told(code, said, event, self.random)
            text = Text(
                statement=statement,
                language=code,
                is_leading=is_leading,
                authority=Text.Authority.ORIGINAL if is_leading else Text.Authority.UNOFFICIAL,
                translator="" if is_leading else words.LANGUAGES["en"].person(number),
                slug=self._slug(told.title, number),
            )
            self.add(text)
            its_state = state
            if not is_leading and self.random.random() < 0.15:
                its_state = "draft"
            draft = Draft(text, told, its_state, statement.public_since)
            if self.random.random() < 0.05 and (self.persons or self.pool.persons):
                self._name(draft)
            for row in (*draft.revisions(), *draft.quotations()):
                self.add(row)

    def _name(self, draft: Draft) -> None:
        person, number = self._person()
        spelling = draft.told.vocabulary.person(number)
        draft.name(spelling)
        self.add(Naming(text=draft.text, person=person, spelling=spelling))
        if draft.is_public and person.pk is None:
            self._expose(person, draft.text.statement)

    # What follows from the links

    def _expose(self, record: Linked, statement: Statement) -> None:
        if statement.is_public and not record.public_since:
            record.public_since = statement.public_since

    def _settle(self) -> None:
        """What workflow would write: public trees and persons, and when demands were raised."""
        self._expose_trees(self.rows.get(Event, []))
        self._expose_trees(self.rows.get(Organisation, []))
        for demand, person in self.concerned:
            person.public_since = person.public_since or demand.public_since
        first: dict[str, DemandAsMade] = {}
        for made in self.rows.get(DemandAsMade, []):
            if made.statement.is_public and made.raised:
                known = first.get(made.demand.slug)
                order = (made.raised.sort_day, made.position)
                if not known or order < (known.raised.sort_day, known.position):
                    first[made.demand.slug] = made
        for made in first.values():
            demand = made.demand
            demand.raised, demand.raised_on = made.raised, made.raised.sort_day

    def _expose_trees(self, records: list[Event] | list[Organisation]) -> None:
        """A whole tree is public as soon as one record of it is; parents stand before parts."""
        tops: dict[str, str] = {}
        since: dict[str, datetime] = {}
        for record in records:
            top = tops[record.parent.slug] if record.parent else record.slug
            tops[record.slug] = top
            if record.public_since:
                since.setdefault(top, record.public_since)
        for record in records:
            record.public_since = record.public_since or since.get(tops[record.slug])
