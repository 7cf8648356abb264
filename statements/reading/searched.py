"""The `q` of lists of records: words, found by the same index as everywhere, `tag:` and the like.

A record has a tag, a language or an author where a readable statement has that is linked with it.
What it has itself counts alone: the places of an event, the country of an organisation, and who
made a demand in their own name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
from statements.reading.filters import statements_with
from statements.search import finding, suggesting
from statements.search.engines import TookTooLong, engine
from statements.search.parsing import LONGEST, Query, parse
from statements.search.terms import kind as of_kind

Kind = SearchEntry.Kind
Records = TypeVar("Records", bound=QuerySet)
KINDS: dict[type[Model], Kind] = {
    Event: Kind.EVENT,
    Organisation: Kind.ORGANISATION,
    Demand: Kind.DEMAND,
    Person: Kind.PERSON,
}


@dataclass
class Search:
    """What is asked of a list of records and, after `among`, what came of it."""

    words: str = ""
    # Of the records asked of.
    kind: Kind | None = None
    # Values of `tag:` and the like that nothing answers to.
    unknown: list[str] = field(default_factory=list)
    took_too_long: bool = False
    # Whether more fit than are listed: the newest are.
    is_cut: bool = False

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Search:
        return cls(" ".join(query.get("q", "").replace("\x00", " ").split())[:LONGEST])

    def among(self, records: Records) -> Records:
        """Those of records that fit: all where nothing is asked, none where that takes too long."""
        if not self.words:
            return records
        query, self.kind = parse(self.words), KINDS[records.model]
        filters = query.filters or query.excluded_filters
        try:
            if query.has_words or query.excluded or not filters:
                records = records.filter(pk__in=self._newest(_worded(query, self.kind)))
            if filters:
                with engine().in_time():
                    records = records.filter(pk__in=self._newest(self._linked(records, query)))
        except TookTooLong:
            self.took_too_long = True
            return records.none()
        return records

    def suggestion(self) -> str:
        """After `among`: the same with mistyped words replaced, where these name something."""
        other = suggesting.suggestion(parse(self.words), self.words)
        try:
            return other if other and _worded(parse(other), self.kind) else ""
        except TookTooLong:
            return ""

    def _newest(self, keys: Sequence[int]) -> Sequence[int]:
        self.is_cut |= len(keys) > finding.MOST_RECORDS
        return keys[: finding.MOST_RECORDS]

    def _linked(self, records: QuerySet, query: Query) -> list[int]:
        """The newest of those that have what is asked for, and nothing that is left out."""
        for name, value in query.filters:
            name, keys = operators.meant(name, value)
            if not keys:
                self.unknown.append(value)
            records = records.filter(_has(records.model, name, keys))
        for name, value in query.excluded_filters:
            name, keys = operators.meant(name, value)
            records = records.exclude(_has(records.model, name, keys)) if keys else records
        newest = records.order_by("-pk").values_list("pk", flat=True)
        return [] if self.unknown else list(newest[: finding.MOST_RECORDS + 1])


def _worded(query: Query, kind: Kind) -> list[int]:
    """The newest whose names have the words; of words to leave out alone, that have none of them.

    Raises TookTooLong.
    """
    links = [[of_kind(kind)]] if query.excluded and not query.has_words else []
    return finding.records(query, [kind], finding.MOST_RECORDS + 1, links=links)[kind]


def _has(model: type[Model], name: str, keys: Sequence[int | str]) -> Q | Exists:
    """Whether a record has one of what a filter asks for.

    Asked of one record after the other, so that the database can stop when it has enough.
    """
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
        return Exists(statements.filter(events=this))
    if model is Organisation:
        authors = Authorship.objects.filter(role=Authorship.Role.AUTHOR, organisation=this)
        return Exists(authors.filter(statement__in=statements))
    if model is Demand:
        return Exists(DemandAsMade.objects.filter(demand=this, statement__in=statements))
    texts = Text.objects.readable().filter(statement__in=statements)
    named = Naming.objects.filter(person=this, text__in=texts)
    made = DemandAsMade.objects.filter(statement__in=statements)
    demands = Demand.objects.readable().filter(made__in=made)
    asked = DemandPerson.objects.filter(person=this, demand__in=demands)
    return Exists(named) | Exists(asked)
