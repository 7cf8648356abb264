"""Every noun that programs are given, with its fields and how many of it are gathered at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from statements import models
from statements.reading.labels import readable
from statements.records import (
    demands,
    events,
    organisations,
    people,
    places_and_tags,
    statement_fields,
    statements,
)
from statements.records.shapes import Record
from statements.records.tombstones import tombstones

Gather = Callable[[Iterable[Model]], list[Record]]


@dataclass(frozen=True)
class Noun:
    """`rows` are all of it that may be read, as `in_list` and `whole` take them."""

    # As it stands in addresses and in names of files, and the name of its record's address.
    name: str
    singular: str
    heading: str | Promise
    in_list: type[Record]
    record: type[Record]
    rows: Callable[[], QuerySet]
    gather_list: Gather
    gather: Gather


STATEMENTS = Noun(
    "statements",
    "statement",
    _("Statements"),
    statement_fields.StatementInList,
    statement_fields.Statement,
    lambda: models.Statement.objects.readable().select_related("source"),
    statements.in_list,
    statements.whole,
)
EVENTS = Noun(
    "events",
    "event",
    _("Events"),
    events.EventInList,
    events.Event,
    lambda: models.Event.objects.readable().named(),
    events.in_list,
    events.whole,
)
ORGANISATIONS = Noun(
    "organisations",
    "organisation",
    _("Organisations"),
    organisations.OrganisationInList,
    organisations.Organisation,
    lambda: models.Organisation.objects.readable().named().select_related("country"),
    organisations.in_list,
    organisations.whole,
)
DEMANDS = Noun(
    "demands",
    "demand",
    _("Demands"),
    demands.DemandInList,
    demands.Demand,
    lambda: demands.rows(models.Demand.objects.readable()),
    demands.in_list,
    demands.whole,
)
PEOPLE = Noun(
    "people",
    "person",
    _("People"),
    people.PersonInList,
    people.Person,
    lambda: models.Person.objects.readable().named(),
    people.in_list,
    people.whole,
)
TAGS = Noun(
    "tags",
    "tag",
    _("Tags"),
    places_and_tags.TagInList,
    places_and_tags.Tag,
    lambda: readable("tag"),
    places_and_tags.tags_in_list,
    places_and_tags.tags_whole,
)
PLACES = Noun(
    "places",
    "place",
    _("Places"),
    places_and_tags.PlaceInList,
    places_and_tags.Place,
    models.Place.objects.readable,
    places_and_tags.places_in_list,
    places_and_tags.places_whole,
)
TOMBSTONES = Noun(
    "tombstones",
    "tombstone",
    _("Statements that were taken back"),
    statement_fields.Tombstone,
    statement_fields.Tombstone,
    models.Statement.objects.taken_back,
    tombstones,
    tombstones,
)
NOUNS = (STATEMENTS, EVENTS, ORGANISATIONS, DEMANDS, PEOPLE, TAGS, PLACES, TOMBSTONES)
