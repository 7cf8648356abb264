"""What is about a person, and whom a demand is about: for pages and feeds."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Case, QuerySet, Value, When

from statements.models import (
    Demand,
    DemandAsMade,
    DemandPerson,
    Naming,
    Person,
    Statement,
    Text,
)
from statements.models.person import concealed
from statements.naming import Concealed
from statements.reading.updates import concealed_beside


def statements_about(person: Person) -> QuerySet[Statement]:
    """Statements that name somebody, or make a demand about them."""
    naming = Naming.objects.filter(person=person, text__in=Text.objects.readable())
    making = DemandAsMade.objects.filter(demand__in=person.demands.readable())
    ids = naming.order_by().values("text__statement").union(making.order_by().values("statement"))
    return Statement.objects.readable().filter(pk__in=ids).select_related("source")


def persons_among(texts: Iterable[int], demands: Iterable[int]) -> QuerySet[Person]:
    """Whom some texts name or some demands are about, by name, as far as they may be read about.

    After them those not named in full, whose place among the others would tell.
    """
    named = Naming.objects.filter(text__in=texts).order_by().values("person")
    asked = DemandPerson.objects.filter(demand__in=demands).order_by().values("person")
    people = Person.objects.readable().named().filter(pk__in=named.union(asked))
    return people.order_by("shown_as", name_if_in_full(), "pk")


def name_if_in_full() -> Case:
    """What people are put in order by: the name of those shown in full, of others nothing."""
    return Case(When(shown_as=Person.Shown.FULL, then="name"), default=Value(""))


def concealed_about(person: Person) -> list[Concealed]:
    """What the entries about somebody must not show: of their names, and of those asked for too."""
    found = concealed_beside([person.pk])
    if person.shown_as == Person.Shown.FULL:
        return found
    own = Person.objects.filter(pk=person.pk).order_by().values_list("name")
    names = person.names.order_by().values_list("name")
    spelled = own.union(names, person.namings.order_by().values_list("spelling"))
    return [*found, *(concealed(spelling, person.shown_as) for (spelling,) in spelled)]


def people_of(demand: Demand) -> list[Person]:
    """Whom a demand is about, in the order entered.

    Somebody whose name is withheld is among them: that the demand is about one more person is
    public, and who that is, or what became of them, is not. Templates show a gap for them.
    """
    rows = Person.objects.filter(demand_people__demand=demand, public_since__isnull=False)
    people = list(rows.named().order_by("demand_people__position", "demand_people__pk"))
    for person in people:
        if person.shown_as == Person.Shown.WITHHELD:
            person.state, person.as_of = Person.State.UNKNOWN, None
    return people
