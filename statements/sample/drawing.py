"""What one batch of invented content holds: rows that keep what workflow keeps.

A batch stands on its own. Its events and demands are linked by its own statements only, so what
is public, and when a demand was first raised, is known before anything is written, and memory
does not grow with the number of statements.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from statements.dates import AFTER, BEFORE, PartialDate
from statements.models import (
    Authorship,
    DemandAsMade,
    DemandMaker,
    Naming,
    Quotation,
    Revision,
    Source,
    Statement,
    Tagging,
    Text,
)
from statements.publishing import links, states
from statements.sample import outcomes, words
from statements.sample.records import DAYS, FIRST_DAY, Plan, Pool, Records, dated, partial_date
from statements.sample.rows import Row
from statements.sample.wording import Draft, Told

BUSY_ORGANISATIONS, BUSY_DEMANDS = 50, 60
KINDS, VOICES = Statement.Kind.values, DemandAsMade.Voice.values


def moment(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def raised(statement: Row, voice: str) -> PartialDate | None:
    """As `DemandAsMade.raised` has it."""
    published = statement.source and statement.source.published
    if voice == DemandAsMade.Voice.EDITORS:
        return published or statement.issued
    return statement.issued or published


def expose(record: Row, since: datetime | None) -> None:
    record.public_since = record.public_since or since


def expose_trees(records: list[Row]) -> None:
    """A whole tree is public as soon as one record of it is; parents stand before parts."""
    tops: dict[int, int] = {}
    since: dict[int, datetime] = {}
    for record in records:
        top = tops[record.id] = tops[record.parent_id] if record.parent_id else record.id
        if record.public_since:
            since.setdefault(top, record.public_since)
    for record in records:
        expose(record, since.get(tops[record.id]))


class Batch(Records):
    """The rows of statements `start` to `end` and of all that comes with them."""

    def __init__(self, plan: Plan, pool: Pool, start: int, end: int) -> None:
        super().__init__(plan, pool, start, end)
        self.sources: list[Row] = []
        self.first_made: dict[int, tuple[date, int]] = {}
        # Everybody new issues something, as long as there are statements enough.
        self.silent = self.organisations[::-1]
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
        kind = self.skewed(KINDS, 2.5)
        issued, source = self._dates(event)
        statement = self.add(
            Statement,
            kind=kind,
            is_example=True,
            source=source,
            source_id=source.id if source else None,
            created_at=self.now,
            **dated("issued", issued),
        )
        statement.sort_on = links.sort_day(statement)
        if state != "draft":
            delay = timedelta(self.random.randrange(1, 20))
            statement.public_since = moment(statement.sort_on + delay)
        self._authors(statement, number)
        self._link(statement, event)
        made = self._make_demands(statement, number)
        self._tell(statement, event, state, made, number)

    def _dates(self, event: Row | None) -> tuple[PartialDate | None, Row | None]:
        """When the statement was issued, and its source, one of which may be missing."""
        any_day = FIRST_DAY + timedelta(self.random.randrange(DAYS))
        day = (event.day if event else any_day) + timedelta(self.random.randrange(60))
        chance, notation = self.random.random(), ""
        if chance < 0.8:
            notation = day.isoformat()
        elif chance < 0.88:
            notation = day.isoformat()[:7]
        elif chance < 0.90:
            notation = day.isoformat()[:4]
        elif chance < 0.96:
            notation = f"{self.random.choice((BEFORE, BEFORE, AFTER))} {day.isoformat()}"
        is_sourced = not notation or self.random.random() < 0.4
        return (
            partial_date(notation) if notation else None,
            self._source(day) if is_sourced else None,
        )

    def _source(self, day: date) -> Row:
        """A source, now and then of several statements: but only where the day fits them."""
        fitting = [one for one in self.sources[-5:] if one.published.sort_day >= day]
        if fitting and self.random.random() < 0.3:
            return fitting[0]
        number = self.random.randrange(1_000_000)
        published = partial_date((day + timedelta(self.random.randrange(10))).isoformat())
        source = self.add(
            Source,
            publication=f"{words.LANGUAGES['en'].name(number)} Gazette",
            url=f"https://example.org/{self.pool.seed}/{number}",
            **dated("published", published),
        )
        self.sources.append(source)
        return source

    def _authors(self, statement: Row, number: int) -> None:
        if number < self.plan.busy:
            count = min(BUSY_ORGANISATIONS, len(self.organisations))
            authors = [self.organisations[number % count]]
            if authors[0] in self.silent:
                self.silent.remove(authors[0])
        elif statement.public_since and self.silent:
            authors = [self.silent.pop()]
        else:
            authors = [self._known_organisation()]
            if self.random.random() < 0.1:
                authors += [self._known_organisation() for _n in range(3)]
        unique = {one.id: one for one in authors}.values()
        statement.makers = {one.id for one in unique}
        for position, organisation in enumerate(unique):
            self.add(
                Authorship,
                statement_id=statement.id,
                organisation_id=organisation.id,
                position=position,
            )
            expose(organisation, statement.public_since)
        if self.random.random() < 0.03:
            town = words.LANGUAGES["en"].name(number)
            self.add(
                Authorship,
                statement_id=statement.id,
                name_as_printed=f"Friends of {town}",
                role=Authorship.Role.SIGNATORY,
                position=len(unique),
            )

    def _known_organisation(self) -> Row:
        return self.skewed(self.pool.organisations or self.organisations, 3)

    def _link(self, statement: Row, event: Row | None) -> None:
        if event:
            self.add(Statement.events.through, statement_id=statement.id, event_id=event.id)
            expose(event, statement.public_since)
        places = event.places if event else self.places(1)
        if self.random.random() < 0.93:
            for place in places:
                self.add(Statement.places.through, statement_id=statement.id, place_id=place)
        tags = {self.skewed(self.pool.tags) for _n in range(self.random.randrange(4))}
        for tag in sorted(tags):
            self.add(Tagging, content_object_id=statement.id, tag_id=tag)

    def _make_demands(self, statement: Row, number: int) -> list[Row]:
        if number < self.plan.busy:
            count = min(BUSY_DEMANDS, len(self.demands))
            demands = [self.demands[number % count], self.random.choice(self.demands[:count])]
        else:
            count = self.random.choices((0, 1, 2, 3), cum_weights=(15, 70, 92, 100))[0]
            demands = [self.skewed(self.demands, 1.5) for _n in range(count)]
        made = []
        for position, demand in enumerate({one.id: one for one in demands}.values()):
            voice = self.random.choices(VOICES, cum_weights=(80, 92, 100))[0]
            row = self.add(
                DemandAsMade,
                statement_id=statement.id,
                demand=demand,
                demand_id=demand.id,
                voice=voice,
                position=position,
            )
            made.append(row)
            if statement.public_since:
                expose(demand, statement.public_since)
                self._raise(demand, raised(statement, voice), position)
                if voice != DemandAsMade.Voice.EDITORS:
                    demand.makers |= statement.makers
        return made

    def _raise(self, demand: Row, day: PartialDate, position: int) -> None:
        order = (day.sort_day, position)
        if demand.id not in self.first_made or order < self.first_made[demand.id]:
            self.first_made[demand.id] = order
            vars(demand).update(dated("raised", day), raised_on=day.sort_day)

    def _tell(
        self, statement: Row, event: Row | None, state: str, made: list[Row], number: int
    ) -> None:
        """The leading text, and translations of its first revision."""
        leading = self.language()
        count = self.random.choices((0, 1, 2), cum_weights=(76, 94, 100))[0]
        others = self.random.sample([code for code in words.LANGUAGES if code != leading], count)
        told = Told(leading, made, event, self.random)
        original = self._text(statement, told, state, number)
        for code in others:
            told = Told(code, made, event, self.random)
            its_state = "draft" if self.random.random() < 0.15 else state
            self._text(statement, told, its_state, number, original)

    def _text(
        self, statement: Row, told: Told, state: str, number: int, original: Row | None = None
    ) -> Row:
        """One text with its revisions and quotations; gives the first revision."""
        text = self.add(
            Text,
            statement_id=statement.id,
            language=told.code,
            is_leading=not original,
            authority=Text.Authority.UNOFFICIAL if original else Text.Authority.ORIGINAL,
            translator=words.LANGUAGES["en"].person(number) if original else "",
            translated_from_id=original.id if original else None,
            slug=self.slug(told.title, number),
        )
        draft = Draft(text, told, state, statement.public_since)
        if self.random.random() < 0.05 and self.has_persons:
            self._name(draft)
        revisions = [self.add(Revision, at=self.now, **one) for one in draft.revisions()]
        for quotation in draft.quotations():
            self.add(Quotation, **quotation)
        text.working_revision_id = revisions[-1].id
        if draft.numbered:
            live = revisions[draft.numbered - 1]
            text.live_revision_id, text.changed_at = live.id, live.published_at
        if text.live_revision_id == text.working_revision_id:
            text.state = states.LIVE
        return revisions[0]

    def _name(self, draft: Draft) -> None:
        person = self.person()
        spelling = draft.told.vocabulary.person(person.number)
        draft.name(spelling)
        self.add(Naming, text_id=draft.text.id, person_id=person.id, spelling=spelling)
        expose(person, draft.since)

    def _settle(self) -> None:
        """What workflow would write: trees are public as one, and so are the persons concerned."""
        expose_trees(self.events)
        expose_trees(self.organisations)
        for demand, person, _row in self.concerned:
            expose(person, demand.public_since)
        for demand in self.demands:
            demand.maker_count = len(demand.makers)
            for organisation in sorted(demand.makers):
                self.add(DemandMaker, organisation_id=organisation, demand_id=demand.id)
        outcomes.tell(self)
