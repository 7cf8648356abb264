"""What happened around an event, on one axis: the event and its parts, statements, and updates.

Every entry has its day, as exactly as it is known, and the source that says so. Entries are in the
order of the last day that they may be; where that is open, of the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from django.db.models import Exists, Model, OuterRef
from django.utils.formats import date_format
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from statements.dates import DAY, MONTH, YEAR, PartialDate
from statements.models import (
    Demand,
    DemandPerson,
    DemandUpdate,
    Event,
    Person,
    PersonUpdate,
    Source,
    Statement,
)
from statements.models.base import shown_name
from statements.models.update import UpdateQuerySet
from statements.naming import Concealed, conceal
from statements.reading.claims import Speakers, leading_text, speakers_of
from statements.reading.rows import Names, day_of
from statements.reading.updates import told

# The newest; the pages of demands and persons have all of theirs.
MOST_UPDATES = 200
# Beyond so many statements and updates they are counted by day, month or year.
MOST_SINGLE = 24
MOST_DAYS, MOST_MONTHS = 45, 60

STATEMENTS, DEMANDS, PEOPLE = "statement", "demand", "person"
LANES: dict[str, str | Promise] = {
    STATEMENTS: _("Statements"),
    DEMANDS: _("What became of demands"),
    PEOPLE: _("What became of persons"),
}


@dataclass
class Told:
    """What an entry says in words."""

    title: str
    language: str
    # What it leads to, and where on that page.
    page: Model
    anchor: str = ""
    source: Source | None = None
    # What its source may be called, and its address: empty where they may tell a name.
    publication: str = ""
    source_title: str = ""
    source_url: str = ""
    speakers: Speakers = field(default_factory=dict)
    demand_count: int = 0
    is_example: bool = False

    @property
    def url(self) -> str:
        return f"{self.page.get_absolute_url()}{self.anchor}"

    @property
    def first_speakers(self) -> list:
        return list(self.speakers.values())[:2]

    @property
    def more_speakers(self) -> int:
        return max(len(self.speakers) - 2, 0)


@dataclass
class Entry:
    """One row of the table, and one mark of the drawing.

    Most are only counted, or stand on another page: `told` is found out when it is asked for.
    """

    kind: str
    # None where only its day was asked for.
    record: Event | Statement | DemandUpdate | PersonUpdate | None
    day: PartialDate | None
    tell: Callable[[], Told] | None = None
    number: int = 0

    @cached_property
    def told(self) -> Told:
        return self.tell()

    @cached_property
    def sort_day(self) -> date:
        return self.day.sort_day if self.day else date.max


@dataclass
class Period:
    """A day, month or year, and how many entries of each lane are in it."""

    day: PartialDate
    counts: dict[str, int]

    @property
    def in_lanes(self) -> list[int]:
        return list(self.counts.values())


@dataclass
class Timeline:
    # The event itself, and its parts in the order of their days.
    events: list[Entry]
    # All others, in the order of their days.
    entries: list[Entry]
    has_more_updates: bool = False

    @property
    def is_grouped(self) -> bool:
        return len(self.entries) > MOST_SINGLE

    @cached_property
    def lanes(self) -> dict[str, str]:
        """Those of the lanes that have entries."""
        kinds = {entry.kind for entry in self.entries}
        return {kind: str(words) for kind, words in LANES.items() if kind in kinds}

    @property
    def table(self) -> list[Entry]:
        return [*self.events, *self.entries]

    @property
    def bounds(self) -> tuple[date, date] | None:
        """The first and the last day that stand on the axis."""
        days = [day for entry in self.table for day in known_days(entry)]
        return (min(days), max(days)) if days else None

    @cached_property
    def precision(self) -> str:
        """What entries are counted by: the finest of which there are not too many."""
        days = [entry.sort_day for entry in self.entries]
        span = (max(days) - min(days)).days if days else 0
        return DAY if span < MOST_DAYS else MONTH if span < MOST_MONTHS * 30 else YEAR

    @cached_property
    def periods(self) -> list[Period]:
        """Entries counted by day, month or year."""
        found: dict[str, Period] = {}
        for entry in self.entries:
            notation = entry.sort_day.isoformat()[: {DAY: 10, MONTH: 7, YEAR: 4}[self.precision]]
            period = found.setdefault(
                notation, Period(PartialDate.parse(notation), dict.fromkeys(self.lanes, 0))
            )
            period.counts[entry.kind] += 1
        return list(found.values())


def timeline_of(
    event: Event,
    parts: Iterable[Event],
    statements: list[Statement],
    names: Names,
    *,
    to_draw: bool = False,
) -> Timeline:
    """Two queries, whatever there is: the updates of demands, and those of persons.

    `to_draw`: without the words of updates, where there are so many entries that they are counted.
    """
    statements = [one for one in statements if one.texts_shown]
    demands = {made.demand_id: made.demand for one in statements for made in one.demands_shown}
    if to_draw and len(statements) > MOST_SINGLE:
        updates, of_persons = _days_of(DEMANDS, demands), _days_of(PEOPLE, demands)
    else:
        hidden = [one for found in names["demand"].values() for one in found] if names else []
        updates = [_of_demand(one, names, hidden) for one in _demand_updates(demands)]
        of_persons = [_of_person(one, hidden) for one in _person_updates(demands)]
    entries = [
        *_statements(statements, names),
        *updates[:MOST_UPDATES],
        *of_persons[:MOST_UPDATES],
    ]
    around = sorted(map(_of_event, parts), key=lambda entry: entry.sort_day)
    found = Timeline(
        events=[one for one in (_of_event(event), *around) if one.day],
        entries=sorted(entries, key=lambda entry: entry.sort_day),
        has_more_updates=max(len(updates), len(of_persons)) > MOST_UPDATES,
    )
    for number, entry in enumerate(found.table, 1):
        entry.number = number
    return found


def known_days(entry: Entry) -> Iterator[date]:
    """The days of an entry that are not open."""
    ends = (entry.record.start, entry.record.end) if entry.kind == "event" else (entry.day,)
    for one in filter(None, ends):
        yield from filter(None, (one.earliest, one.latest))


def words_of_day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def _updates_about(demands: Iterable[int]) -> dict[str, UpdateQuerySet]:
    """The newest, and one more: of the demands, and of persons whom they are about.

    Of persons, if they may be read about.
    """
    of_demands = DemandUpdate.objects.filter(demand__in=demands)
    concerned = DemandPerson.objects.filter(demand__in=demands).order_by().values("person")
    of_persons = PersonUpdate.objects.filter(person__in=concerned)
    return {
        kind: updates.readable().in_force().newest_first()
        for kind, updates in ((DEMANDS, of_demands), (PEOPLE, of_persons))
    }


def _days_of(kind: str, demands: Iterable[int]) -> list[Entry]:
    columns = ("happened_earliest", "happened_latest", "happened_precision")
    rows = _updates_about(demands)[kind].values_list(*columns)[: MOST_UPDATES + 1]
    return [Entry(kind, None, PartialDate(*row)) for row in rows]


def _demand_updates(demands: Iterable[int]) -> UpdateQuerySet:
    named = {f"about_{name}": value for name, value in shown_name(Demand, "demand__").items()}
    updates = _updates_about(demands)[DEMANDS].select_related("demand", "source")
    return updates.annotate(**named)[: MOST_UPDATES + 1]


def _person_updates(demands: Iterable[int]) -> UpdateQuerySet:
    named = {f"about_{name}": value for name, value in shown_name(Person, "person__").items()}
    # As on the person's own page: whom the same demands are about may be told by a source too.
    beside = Person.objects.concealed().filter(demands__people=OuterRef("person"))
    named["is_beside_concealed"] = Exists(beside)
    updates = _updates_about(demands)[PEOPLE].select_related("person", "source")
    return updates.annotate(**named)[: MOST_UPDATES + 1]


def _of_event(event: Event) -> Entry:
    def tell() -> Told:
        return Told(event.name_shown, event.name_language, page=event, is_example=event.is_example)

    return Entry("event", event, event.start or event.end, tell)


def _statements(statements: Iterable[Statement], names: Names) -> Iterator[Entry]:
    known: Speakers = {}

    def tell(statement: Statement) -> Told:
        text = leading_text(statement)
        hidden = names["text"].get(text.pk, [])
        return Told(
            title=conceal(text.live_revision.title, hidden),
            language=text.language,
            page=text,
            **_source(statement.source, hidden, tells_nobody=not hidden),
            speakers=speakers_of(statement, names, known),
            demand_count=len({made.demand_id for made in statement.demands_shown}),
            is_example=statement.is_example,
        )

    for statement in statements:
        yield Entry(STATEMENTS, statement, day_of(statement), partial(tell, statement))


def _source(
    source: Source | None, hidden: Iterable[Concealed], *, tells_nobody: bool
) -> dict[str, Source | str | None]:
    """A source as the ledger's pages show it: without its address where somebody is concealed."""
    if not source:
        return {"source": None}
    url = source.archived_url or source.url if tells_nobody else ""
    hidden = list(hidden)
    return {
        "source": source,
        "publication": told(source.publication, hidden),
        "source_title": told(source.title, hidden),
        "source_url": url,
    }


def _of_demand(update: DemandUpdate, names: Names, hidden: list[Concealed]) -> Entry:
    demand = update.demand
    demand.concealed = names["demand"].get(demand.pk, [])
    return _of_update(DEMANDS, update, demand, hidden, tells_nobody=not demand.concealed)


def _of_person(update: PersonUpdate, hidden: list[Concealed]) -> Entry:
    tells_nobody = not update.is_beside_concealed
    return _of_update(PEOPLE, update, update.person, hidden, tells_nobody=tells_nobody)


def _of_update(
    kind: str,
    update: DemandUpdate | PersonUpdate,
    about: Demand | Person,
    hidden: list[Concealed],
    *,
    tells_nobody: bool,
) -> Entry:
    def tell() -> Told:
        about.shown, about.shown_language = update.about_shown, update.about_shown_language
        return Told(
            title=about.name_shown,
            language=about.name_language,
            page=about,
            anchor=f"#update-{update.pk}",
            **_source(update.source, hidden, tells_nobody=tells_nobody),
            is_example=about.is_example,
        )

    return Entry(kind, update, update.happened, tell)
