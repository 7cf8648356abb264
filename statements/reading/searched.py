"""The `q` of lists of records: words, found by the same index as everywhere, `tag:` and the like.

A record has a tag, a language or an author where a readable statement has that is linked with it.
What it has itself counts alone: the places of an event, the country of an organisation, and who
made a demand in their own name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from statements.models import (
    Authorship,
    Demand,
    DemandAsMade,
    DemandMaker,
    DemandPerson,
    Event,
    Naming,
    Organisation,
    Person,
    SearchEntry,
    Statement,
    Text,
)
from statements.reading import operators
from statements.reading.filters import HEADINGS, statements_with
from statements.search import finding, suggesting
from statements.search.engines import TookTooLong, engine
from statements.search.parsing import LONGEST, Filter, Query, parse
from statements.search.terms import kind as of_kind

Kind = SearchEntry.Kind
Records = TypeVar("Records", bound=QuerySet)
KINDS: dict[type[Model], Kind] = {
    Event: Kind.EVENT,
    Organisation: Kind.ORGANISATION,
    Demand: Kind.DEMAND,
    Person: Kind.PERSON,
}
NOTHING = Q(pk__in=[])
# Of records that have the words, so many of the newest are asked for the rest.
MOST_WORDED = 10_000
# Keys of organisations of a name; with those above fewer than SQLite has parameters.
MOST_NAMED = 500


@dataclass
class Search:
    """What is asked of a list of records and, after `among`, what came of it."""

    words: str = ""
    query: Query = field(default_factory=Query)
    # (filter, value) of `tag:` and the like that nothing answers to, after a minus too.
    unanswered: list[tuple[str, str]] = field(default_factory=list)
    # Names of organisations that more have than are looked for.
    vague: list[str] = field(default_factory=list)
    took_too_long: bool = False
    # How many are listed, and whether more fit than that: the newest are.
    number: int = 0
    is_cut: bool = False
    _among: QuerySet | None = None

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Search:
        words = " ".join(query.get("q", "").replace("\x00", " ").split())
        return cls(words[:LONGEST], parse(words))

    def among(self, records: Records) -> Records:
        """Those of records that fit: all where nothing is asked, none where that takes too long."""
        if not self.words:
            return records
        self._among = records
        try:
            newest = self._newest(records)
        except TookTooLong:
            self.took_too_long, self.is_cut = True, False
            return records.none()
        self.number = len(newest)
        return records.filter(pk__in=newest)

    def suggestion(self) -> str:
        """After `among`: the same with mistyped words replaced, where that finds something."""
        other = suggesting.suggestion(self.query, self.words)
        return other if other and Search.of({"q": other}).among(self._among).exists() else ""

    def _newest(self, records: QuerySet) -> list[int]:
        """The newest that have what is asked for, and nothing that is left out."""
        query = self.query
        with engine().in_time():
            wanted = [self._one_of(group, records.model) for group in query.filters]
            without = [self._one_of([one], records.model) for one in query.excluded_filters]
            if NOTHING in wanted:
                return []
            fitting = records.filter(*wanted).exclude(reduce(or_, without, NOTHING))
            if query.has_words or query.excluded or not (wanted or without):
                keys = _worded(query, KINDS[records.model])
                self.is_cut = len(keys) == MOST_WORDED
                fitting = fitting.filter(pk__in=keys)
            keys = fitting.order_by("-pk").values_list("pk", flat=True)
            newest = list(keys[: finding.MOST_RECORDS + 1])
        self.is_cut |= len(newest) > finding.MOST_RECORDS
        return newest[: finding.MOST_RECORDS]

    def _one_of(self, filters: Iterable[Filter], model: type[Model]) -> Q:
        """Whether a record has one of what is asked for; nothing has what nothing answers to."""
        found = NOTHING
        for name, value in filters:
            meant = operators.meant(name, value, most=MOST_NAMED)
            if not meant.keys:
                self.unanswered.append((str(HEADINGS[meant.kind]), value))
                continue
            if meant.is_vague:
                self.vague.append(value)
            found |= Q(_has(model, meant.kind, meant.keys))
        return found


def _worded(query: Query, kind: Kind) -> list[int]:
    """The newest whose names have the words; of words to leave out alone, that have none of them.

    Raises TookTooLong.
    """
    links = [[of_kind(kind)]] if query.excluded and not query.has_words else []
    return finding.records(query, [kind], MOST_WORDED, links=links)[kind]


def _has(model: type[Model], name: str, keys: Sequence[int | str]) -> Q | Exists:
    """Whether a record has one of what a filter asks for."""
    this = OuterRef("pk")
    if model is Event and name == "place":
        return Exists(Event.places.through.objects.filter(event=this, place__in=keys))
    if model is Organisation and name in ("organisation", "from"):
        return Q(pk__in=keys) if name == "organisation" else Q(country__in=keys)
    if model is Demand and name in ("organisation", "from"):
        column = "pk__in" if name == "organisation" else "country__in"
        organisations = Organisation.objects.readable().filter(**{column: keys})
        return Exists(DemandMaker.objects.filter(demand=this, organisation__in=organisations))
    statements = Statement.objects.readable().filter(pk__in=statements_with(name, keys))
    if model is Event:
        about = Exists(statements.filter(events=this))
        return Q(about) | Q(pk__in=_above(about))
    if model is Organisation:
        authors = Authorship.objects.filter(role=Authorship.Role.AUTHOR, organisation=this)
        return Exists(authors.filter(statement__in=statements))
    if model is Demand:
        return Exists(DemandAsMade.objects.filter(demand=this, statement__in=statements))
    # Not person by person: who is named often takes as long as all of them.
    named = Naming.objects.filter(text__in=Text.objects.published(), text__statement__in=statements)
    asked = DemandPerson.objects.filter(
        demand__in=Demand.objects.readable(), demand__made__statement__in=statements
    )
    return Q(pk__in=named.order_by().values("person")) | Q(pk__in=asked.order_by().values("person"))


def _above(fits: Exists) -> set[int]:
    """What the events that fit are parts of, at any depth."""
    parts = Event.objects.readable().filter(parent__isnull=False).order_by()
    parents = set(parts.filter(fits).values_list("parent", flat=True))
    found: set[int] = set()
    while parents := parents - found:
        found |= parents
        parents = set(parts.filter(pk__in=parents).values_list("parent", flat=True))
    return found
