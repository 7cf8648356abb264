"""What one batch of invented content holds: rows that keep what workflow keeps.

A batch stands on its own. Its events and demands are linked by its own statements only, so what
is public, and when a demand was first raised, is known before anything is written, and memory
does not grow with the number of statements.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from statements.dates import AFTER, BEFORE, PartialDate
from statements.models import (
    Authorship,
    DemandAsMade,
    Event,
    Naming,
    Organisation,
    Source,
    Statement,
    Tagging,
    Text,
)
from statements.sample import words
from statements.sample.linked import (
    CODES,
    DAYS,
    ENGLISH,
    FIRST_DAY,
    Linked,
    Pool,
    expose,
    expose_trees,
    moment,
    partial_date,
)
from statements.sample.rows import Row, dated
from statements.sample.wording import Draft, Told

BUSY_STATEMENTS, BUSY_ORGANISATIONS, BUSY_DEMANDS = 200, 50, 60
KINDS, VOICES = Statement.Kind.values, DemandAsMade.Voice.values


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


class Batch(Linked):
    """The rows of statements `start` to `end` and of what they point at."""

    def __init__(self, plan: Plan, pool: Pool, start: int, end: int) -> None:
        super().__init__(pool, random.Random(f"{pool.seed}:{start}"))  # noqa: S311 - no secret
        self.plan = plan
        self.sources: list[Row] = []
        if not start:
            self.make_people()
        self.events = [self.event(n) for n in plan.share(plan.events, start, end)]
        self.demands = [self.demand(n) for n in plan.share(plan.demands, start, end)]
        share = plan.share(plan.organisations, start, end)
        self.organisations = [self.organisation(number) for number in share]
        # Everybody new issues something, as long as there are statements enough.
        self.silent = dict.fromkeys(self.organisations)
        self.first_made: dict[Row, tuple[date, int, PartialDate]] = {}
        for number in range(start, end):
            self._statement(number)
        self._settle()

    def _statement(self, number: int) -> None:
        is_busy = number < self.plan.busy
        chance = self.random.random()
        state = "published" if is_busy or chance < 0.88 else "draft" if chance < 0.95 else "over"
        event = self.events[0] if is_busy else self.skewed(self.events, 1.6)
        if not is_busy and self.random.random() < 0.06:
            event = None
        any_day = FIRST_DAY + timedelta(self.random.randrange(DAYS))
        day = (event.day if event else any_day) + timedelta(self.random.randrange(60))
        issued, source = self._issued(day), None
        if not issued or self.random.random() < 0.4:
            source = self._source(day)
        published = source.published if source else None
        sort_on = (issued or published).sort_day
        delay = timedelta(self.random.randrange(1, 20))
        statement = self.rows.add(
            Statement,
            kind=self.skewed(KINDS, 2.5),
            is_example=True,
            issued=issued,
            source_id=source,
            sort_on=sort_on,
            public_since=None if state == "draft" else moment(sort_on + delay),
            **dated("issued", issued),
        )
        self._authors(statement, number)
        self._link(statement, event)
        self._tell(statement, event, state, self._make_demands(statement, number), number)

    def _issued(self, day: date) -> PartialDate | None:
        chance, notation = self.random.random(), day.isoformat()
        if chance < 0.8:
            return partial_date(notation)
        if chance < 0.88:
            return partial_date(notation[:7])
        if chance < 0.90:
            return partial_date(notation[:4])
        if chance < 0.96:
            return partial_date(f"{self.random.choice((BEFORE, BEFORE, AFTER))} {notation}")
        return None

    def _source(self, day: date) -> Row:
        """A source, now and then of several statements, where the day fits them."""
        fitting = [one for one in self.sources[-5:] if one.published.sort_day >= day]
        if fitting and self.random.random() < 0.3:
            return fitting[0]
        number = self.random.randrange(1_000_000)
        published = partial_date((day + timedelta(self.random.randrange(10))).isoformat())
        source = self.rows.add(
            Source,
            publication=f"{ENGLISH.name(number)} Gazette",
            url=f"https://example.org/{self.pool.seed}/{number}",
            published=published,
            **dated("published", published),
        )
        self.sources.append(source)
        return source

    def _authors(self, statement: Row, number: int) -> None:
        if number < self.plan.busy and self.organisations:
            count = min(BUSY_ORGANISATIONS, len(self.organisations))
            authors = [self.organisations[number % count]]
            self.silent.pop(authors[0], None)
        elif statement.public_since and self.silent:
            authors = [self.silent.popitem()[0]]
        else:
            authors = [self._known_organisation()]
            if self.random.random() < 0.1:
                authors += [self._known_organisation() for _n in range(3)]
        authors = list(dict.fromkeys(authors))
        for position, organisation in enumerate(authors):
            self.rows.add(
                Authorship,
                statement_id=statement,
                organisation_id=organisation,
                position=position,
            )
            expose(organisation, statement.public_since)
        if self.random.random() < 0.03:
            self.rows.add(
                Authorship,
                statement_id=statement,
                name_as_printed=f"Friends of {ENGLISH.name(number)}",
                role=Authorship.Role.SIGNATORY.value,
                position=len(authors),
            )

    def _known_organisation(self) -> Row:
        return self.skewed(self.pool.organisations or self.organisations, 3)

    def _link(self, statement: Row, event: Row | None) -> None:
        if event:
            self.rows.add(Statement.events.through, statement_id=statement, event_id=event)
            expose(event, statement.public_since)
        if self.random.random() < 0.93:
            for place in event.places if event else self.some_places(1):
                self.rows.add(Statement.places.through, statement_id=statement, place_id=place)
        tags = {self.skewed(self.pool.tags) for _n in range(self.random.randrange(4))}
        for tag in sorted(tags):
            self.rows.add(Tagging, content_object_id=statement, tag_id=tag)

    def _make_demands(self, statement: Row, number: int) -> list[Row]:
        if number < self.plan.busy:
            busy = self.demands[:BUSY_DEMANDS]
            demands = [busy[number % len(busy)], self.random.choice(busy)]
        else:
            count = self.random.choices((0, 1, 2, 3), (15, 55, 22, 8))[0]
            demands = [self.skewed(self.demands, 1.5) for _n in range(count)]
        made = []
        for position, demand in enumerate(dict.fromkeys(demands)):
            one = self.rows.add(
                DemandAsMade,
                statement_id=statement,
                demand_id=demand,
                voice=self.random.choices(VOICES, (80, 12, 8))[0],
                position=position,
            )
            made.append(one)
            if statement.public_since:
                expose(demand, statement.public_since)
                self._raise(demand, one)
        return made

    def _raise(self, demand: Row, made: Row) -> None:
        """Note the first time that a demand is made in public: as workflow's date_demand does."""
        statement = made.statement_id
        published = statement.source_id.published if statement.source_id else None
        dates = [statement.issued, published]
        if made.voice == DemandAsMade.Voice.EDITORS:
            dates.reverse()
        raised = dates[0] or dates[1]
        first = self.first_made.get(demand)
        if not first or (raised.sort_day, made.position) < first[:2]:
            self.first_made[demand] = (raised.sort_day, made.position, raised)

    def _tell(
        self, statement: Row, event: Row | None, state: str, made: list[Row], number: int
    ) -> None:
        """The leading text, and translations of it."""
        leading = self.code()
        count = self.random.choices((0, 1, 2), (76, 18, 6))[0]
        others = self.random.sample([code for code in CODES if code != leading], count)
        origin = None
        for code in (leading, *others):
            told = Told(words.LANGUAGES[code], code, made, event, self.random)
            its_state = "draft" if origin and self.random.random() < 0.15 else state
            text = self.rows.add(
                Text,
                statement_id=statement,
                language=code,
                is_leading=origin is None,
                authority=(Text.Authority.UNOFFICIAL if origin else Text.Authority.ORIGINAL).value,
                translator=ENGLISH.person(number) if origin else "",
                translated_from_id=origin,
                slug=self.slug(told.title, number),
            )
            draft = Draft(text, told, its_state, statement.public_since)
            if self.random.random() < 0.05:
                self._name(draft)
            draft.write(self.rows)
            origin = origin or draft.first_revision

    def _name(self, draft: Draft) -> None:
        person = self.random.choice(self.pool.persons)
        spelling = draft.told.vocabulary.person(person.number)
        draft.name(spelling)
        self.rows.add(Naming, text_id=draft.text, person_id=person, spelling=spelling)
        expose(person, draft.since)

    def _settle(self) -> None:
        """What workflow would write: public trees and persons, and when demands were raised."""
        expose_trees(self.rows.of(Event))
        expose_trees(self.rows.of(Organisation))
        for demand in self.demands:
            if demand.person:
                expose(demand.person, demand.public_since)
        for demand, (day, _position, raised) in self.first_made.items():
            demand.__dict__ |= dated("raised", raised) | {"raised_on": day}
