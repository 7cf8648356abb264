"""What happened around an event, on one axis: the event and its parts, statements, and updates.

Every entry has its day, as exactly as it is known, and the source that says so. Entries are in the
order of the last day that they may be; where that is open, of the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

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
class Entry:
    """One row of the table, and one mark of the drawing."""

    kind: str
    record: Event | Statement | DemandUpdate | PersonUpdate
    day: PartialDate | None
    source: Source | None = None
    # What its source may be called, and its address: empty where they may tell a name.
    publication: str = ""
    source_title: str = ""
    source_url: str = ""
    number: int = 0
    title: str = ""
    language: str = ""
    # What it leads to, and where on that page.
    page: Model | None = None
    anchor: str = ""
    speakers: Speakers = field(default_factory=dict)
    demand_count: int = 0
    is_example: bool = False

    @property
    def url(self) -> str:
        return f"{self.page.get_absolute_url()}{self.anchor}" if self.page else ""

    @property
    def first_speakers(self) -> list:
        return list(self.speakers.values())[:2]

    @property
    def more_speakers(self) -> int:
        return max(len(self.speakers) - 2, 0)

    @property
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
    event: Event, parts: Iterable[Event], statements: list[Statement], names: Names
) -> Timeline:
    """Two queries, whatever there is: the updates of demands, and those of persons."""
    statements = [one for one in statements if one.texts_shown]
    demands = {made.demand_id: made.demand for one in statements for made in one.demands_shown}
    hidden = [one for found in names["demand"].values() for one in found] if names else []
    updates = list(_demand_updates(demands)[: MOST_UPDATES + 1])
    of_persons = list(_person_updates(demands)[: MOST_UPDATES + 1])
    entries = [
        *_statements(statements, names),
        *(_of_demand(one, names, hidden) for one in updates[:MOST_UPDATES]),
        *(_of_person(one, hidden) for one in of_persons[:MOST_UPDATES]),
    ]
    found = Timeline(
        events=[_of_event(one) for one in (event, *parts) if one.start or one.end],
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


def _demand_updates(demands: Iterable[int]) -> UpdateQuerySet:
    updates = DemandUpdate.objects.readable().in_force().filter(demand__in=demands)
    named = {f"about_{name}": value for name, value in shown_name(Demand, "demand__").items()}
    return updates.select_related("demand", "source").annotate(**named).newest_first()


def _person_updates(demands: Iterable[int]) -> UpdateQuerySet:
    """Updates of the persons whom the demands are about, if they may be read about."""
    concerned = DemandPerson.objects.filter(demand__in=demands).order_by().values("person")
    updates = PersonUpdate.objects.readable().in_force().filter(person__in=concerned)
    named = {f"about_{name}": value for name, value in shown_name(Person, "person__").items()}
    # As on the person's own page: whom the same demands are about may be told by a source too.
    beside = Person.objects.concealed().filter(demands__people=OuterRef("person"))
    named["is_beside_concealed"] = Exists(beside)
    return updates.select_related("person", "source").annotate(**named).newest_first()


def _of_event(event: Event) -> Entry:
    return Entry(
        kind="event",
        record=event,
        day=event.start or event.end,
        title=event.name_shown,
        language=event.name_language,
        page=event,
        is_example=event.is_example,
    )


def _statements(statements: Iterable[Statement], names: Names) -> Iterator[Entry]:
    known: Speakers = {}
    for statement in statements:
        text = leading_text(statement)
        hidden = names["text"].get(text.pk, [])
        yield Entry(
            kind=STATEMENTS,
            record=statement,
            day=day_of(statement),
            **_source(statement.source, hidden, tells_nobody=not hidden),
            title=conceal(text.live_revision.title, hidden),
            language=text.language,
            page=text,
            speakers=speakers_of(statement, names, known),
            demand_count=len({made.demand_id for made in statement.demands_shown}),
            is_example=statement.is_example,
        )


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
    about.shown, about.shown_language = update.about_shown, update.about_shown_language
    return Entry(
        kind=kind,
        record=update,
        day=update.happened,
        **_source(update.source, hidden, tells_nobody=tells_nobody),
        title=about.name_shown,
        language=about.name_language,
        page=about,
        anchor=f"#update-{update.pk}",
        is_example=about.is_example,
    )
