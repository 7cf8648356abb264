"""Names not shown in full, that would be read where their bearers are no longer linked.

What a demand is about is concealed in its wordings, its updates and the texts that make it. Whoever
moves these away from a person, or the person from them, asks here first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from statements.models import Demand, DemandUpdate, DemandWording, Person, Text
from statements.naming import stands_in
from statements.publishing.wording import words_of_all


def concealed_about(*demands: Demand) -> list[Person]:
    """Persons not shown in full whom the demands are about."""
    about = Person.objects.concealed().filter(demands__in=demands)
    return list(about.distinct().order_by("pk"))


def told(
    persons: Collection[Person], demands: Collection[Demand], statements: Collection[int]
) -> list[Person]:
    """Those whose name stands in a demand that is not about them, or in a public text of the
    statements that has nothing more to do with them."""
    return [one for one in persons if _is_told(one, demands, statements)]


def _is_told(person: Person, demands: Collection[Demand], statements: Collection[int]) -> bool:
    spellings = {person.name, *person.names.values_list("name", flat=True)}
    spellings.update(person.namings.values_list("spelling", flat=True))
    without = [one.pk for one in demands if not one.demand_people.filter(person=person).exists()]
    lines = [*_lines_of(without), *_lines_of_texts(person, statements)]
    return any(stands_in(line, spelling) for line in lines for spelling in spellings)


def _lines_of(demands: Collection[int]) -> Iterator[str]:
    yield from Demand.objects.filter(pk__in=demands).values_list("wording", flat=True)
    yield from DemandWording.objects.filter(demand__in=demands).values_list("name", flat=True)
    said = ("quotation", "note", "source__publication", "source__title")
    for row in DemandUpdate.objects.filter(demand__in=demands).values_list(*said):
        yield from row


def _lines_of_texts(person: Person, statements: Collection[int]) -> Iterator[str]:
    """The public words of texts in which nothing conceals the person."""
    texts = Text.objects.readable().filter(statement__in=statements)
    texts = texts.exclude(statement__texts__namings__person=person)
    texts = texts.exclude(statement__demands_made__demand__demand_people__person=person)
    for text in texts.select_related("live_revision"):
        yield from words_of_all(text.live_revision).values()
