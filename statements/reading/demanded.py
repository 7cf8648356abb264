"""What a statement demands and whom it names: a query each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cache

from django.conf import settings
from django.db.models import Count, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from statements.models import (
    Addressee,
    Authorship,
    Demand,
    DemandAsMade,
    DemandPerson,
    Naming,
    Organisation,
    Person,
    Statement,
    Text,
)
from statements.models.base import shown_name
from statements.models.demand import people_counted
from statements.prepared import Prepared
from statements.reading.passages import Made
from statements.reading.persons import name_if_in_full


def demands_made(text: Text) -> list[Made]:
    """The demands that the statement makes, with the words of this text: a row a quotation."""
    language = get_language() or settings.LANGUAGE_CODE
    found: dict[int, Made] = {}
    for row in _demands_made(language).records([text.statement_id], [text.pk]):
        demand = row.demand
        demand.shown, demand.shown_language = row.shown, row.shown_language
        if demand.addressee:
            demand.addressee.shown = row.addressee_shown
            demand.addressee.shown_language = row.addressee_shown_language
        made = found.setdefault(
            row.pk,
            Made(
                demand=demand,
                voice=row.voice,
                voice_label=row.get_voice_display(),
                others=row.others,
                concerned=row.concerned,
                released=row.released,
            ),
        )
        if row.words:
            made.quotations.append((row.quotation, row.part, row.words))
    return list(found.values())


@cache
def _demands_made(language: str) -> Prepared:
    """By a statement and one of its texts."""
    addressee = {
        f"addressee_{name}": value
        for name, value in shown_name(Addressee, "demand__addressee__", language).items()
    }

    def write(statements: Collection[int], texts: Collection[int]) -> QuerySet:
        return (
            DemandAsMade.objects.filter(
                statement__in=statements, demand__in=Demand.objects.readable()
            )
            .select_related("demand__addressee")
            .annotate(
                **shown_name(Demand, "demand__", language),
                **addressee,
                others=_other_organisations(statements),
                **people_counted("demand__"),
                here=FilteredRelation(
                    "quotations",
                    condition=Q(quotations__text__in=texts, quotations__in_live=True),
                ),
                part=F("here__field"),
                words=F("here__words"),
                quotation=F("here__pk"),
            )
            .order_by("position", "pk", "here__pk")
        )

    return Prepared(write, lists=2)


def _other_organisations(statements: Collection[int]) -> Coalesce:
    """How many other organisations make the demand; the editors' voice counts for none."""
    ours = Authorship.objects.filter(statement__in=statements, organisation__isnull=False)
    theirs = (
        Authorship.objects.filter(
            role=Authorship.Role.AUTHOR,
            organisation__in=Organisation.objects.readable(),
            statement__in=Statement.objects.readable(),
            statement__demands_made__demand=OuterRef("demand"),
            statement__demands_made__voice=DemandAsMade.Voice.ORGANISATION,
        )
        .exclude(statement__in=statements)
        .exclude(organisation__in=ours.values("organisation"))
        .order_by()
        .values("statement__demands_made__demand")
        .annotate(number=Count("organisation", distinct=True))
        .values("number")
    )
    return Coalesce(Subquery(theirs), 0)


def persons_in(text: Text, made: Iterable[Made]) -> list[Person]:
    """The persons whom the text names or a demand is about; those are given to the demands.

    Those whom it merely names are by name, and after them those not named in full, whose place
    among the others would tell.
    """
    demands: defaultdict[int, list[Made]] = defaultdict(list)
    for one in made:
        demands[one.demand.pk].append(one)
    language = get_language() or settings.LANGUAGE_CODE
    found: dict[int, Person] = {}
    for row in _persons_in(language).records([text.pk], list(demands)):
        person = found.setdefault(row.pk, row)
        for one in demands.get(row.for_demand, ()):
            one.people.append(person)
    return list(found.values())


@cache
def _persons_in(language: str) -> Prepared:
    """By a text and its demands."""

    def write(texts: Collection[int], demands: Collection[int]) -> QuerySet:
        named = Naming.objects.filter(text__in=texts).order_by().values("person")
        asked = DemandPerson.objects.filter(demand__in=demands).order_by().values("person")
        part = FilteredRelation("demand_people", condition=Q(demand_people__demand__in=demands))
        place = F("place").asc(nulls_last=True)
        return (
            Person.objects.readable()
            .named(language)
            .filter(pk__in=named.union(asked))
            .annotate(part=part, for_demand=F("part__demand"), place=F("part__position"))
            .order_by(place, "part__pk", "shown_as", name_if_in_full(), "pk")
        )

    return Prepared(write, lists=2)
