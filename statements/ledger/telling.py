"""Names not shown in full, that would be read where their bearers are no longer linked.

What a demand is about is concealed in its wordings, its updates and the texts that make it. Whoever
moves these away from a person, or the person from them, asks here first.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator

from django.db.models import QuerySet

from statements.models import (
    Demand,
    DemandPerson,
    DemandUpdate,
    DemandWording,
    Naming,
    Person,
    Text,
)
from statements.naming import stands_in
from statements.publishing.wording import words_of_all


def concealed_about(*demands: Demand) -> list[Person]:
    """Persons not shown in full whom the demands are about."""
    about = Person.objects.concealed().filter(demands__in=demands)
    return list(about.distinct().order_by("pk"))


def told_without(demand: Demand, person: Person) -> bool:
    """Whether a name not shown in full would be read, were the demand not about them any more."""
    if person.shown_as == Person.Shown.FULL:
        return False
    statements = demand.made.values_list("statement", flat=True)
    return _is_told(person, [demand.pk], _texts(list(statements), person, but=demand))


def told(
    persons: Collection[Person], demands: Collection[Demand], statements: Collection[int]
) -> list[Person]:
    """Those whose name stands in a demand that is not about them, or in a public text of the
    statements that has nothing more to do with them."""
    about = set(
        DemandPerson.objects.filter(demand__in=demands, person__in=persons).values_list(
            "person", "demand"
        )
    )
    return [
        one
        for one in persons
        if _is_told(
            one,
            [demand.pk for demand in demands if (one.pk, demand.pk) not in about],
            _texts(statements, one),
        )
    ]


def told_in(statement: int, demand: Demand, person: Person) -> bool:
    """Whether a name not shown in full would be read in the public texts of a statement, did it
    not make a demand any more."""
    if person.shown_as == Person.Shown.FULL:
        return False
    return _is_told(person, [], _texts([statement], person, but=demand))


def told_without_namings(leaving: Collection[Naming]) -> list[Person]:
    """Whose name not shown in full would be read in public texts without some of a text's namings.

    A naming conceals in all texts of its statement, and the spelling of one row is concealed by
    another row, or as a name of somebody whom the statement still has to do with.
    """
    rows = [one for one in leaving if one.person.shown_as != Person.Shown.FULL]
    return list(dict.fromkeys(row.person for row in rows if _is_told_without(row, rows)))


def _is_told_without(row: Naming, leaving: Collection[Naming]) -> bool:
    statement = row.text.statement_id
    others = Naming.objects.filter(text__statement=statement, person=row.person)
    kept = others.exclude(pk__in=[one.pk for one in leaving])
    spellings = {row.spelling}
    names = {row.person.name, *row.person.names.values_list("name", flat=True)}
    asked = DemandPerson.objects.filter(person=row.person, demand__made__statement=statement)
    if kept.exists() or asked.exists():
        spellings -= names | set(kept.values_list("spelling", flat=True))
    else:
        spellings |= names
    texts = Text.objects.readable().filter(statement=statement)
    lines = _lines_of_texts(texts) if spellings else ()
    return any(stands_in(line, spelling) for line in lines for spelling in spellings)


def _is_told(person: Person, demands: Collection[int], texts: QuerySet[Text]) -> bool:
    spellings = {person.name, *person.names.values_list("name", flat=True)}
    spellings.update(person.namings.values_list("spelling", flat=True))
    lines = itertools.chain(_lines_of(demands), _lines_of_texts(texts))
    return any(stands_in(line, spelling) for line in lines for spelling in spellings)


def _lines_of(demands: Collection[int]) -> Iterator[str]:
    yield from Demand.objects.filter(pk__in=demands).values_list("wording", flat=True)
    yield from DemandWording.objects.filter(demand__in=demands).values_list("name", flat=True)
    said = ("quotation", "note", "source__publication", "source__title")
    for row in DemandUpdate.objects.filter(demand__in=demands).values_list(*said):
        yield from row


def _lines_of_texts(texts: QuerySet[Text]) -> Iterator[str]:
    for text in texts.select_related("live_revision"):
        yield from words_of_all(text.live_revision).values()


def _texts(
    statements: Collection[int], person: Person, *, but: Demand | None = None
) -> QuerySet[Text]:
    """Public texts in which nothing, or nothing but one demand, conceals the person."""
    asked = DemandPerson.objects.filter(person=person).exclude(demand=but)
    texts = Text.objects.readable().filter(statement__in=statements)
    texts = texts.exclude(statement__texts__namings__person=person)
    return texts.exclude(
        statement__in=asked.exclude(demand__made=None).values("demand__made__statement")
    )
