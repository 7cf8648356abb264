"""Names not shown in full that a change would give away to readers.

    before = telling.spellings([statement], [demand])    # in the transaction of the change
    …                                                     # rows leave, or go elsewhere
    telling.refuse_told(before)                           # or nothing of it is done

What is concealed in public words follows from rows: who is named, and whom demands are about. So
a row that leaves can show a name in words that nobody touched, in former versions too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import Q

from statements.models import (
    Attachment,
    Correction,
    Demand,
    DemandLetter,
    DemandPerson,
    DemandUpdate,
    DemandWording,
    Naming,
    Person,
    PersonUpdate,
    Revision,
    Statement,
    Text,
)
from statements.models.letter import known_in_letters, spellings_in
from statements.models.safety import waiting_persons
from statements.naming import Concealed, conceal, stands_in
from statements.publishing.wording import words_of_all

# What is concealed, by what it is concealed in: ("statement" or "demand", its id).
Spellings = dict[tuple[str, int], set[str]]
STATEMENT, DEMAND = "statement", "demand"
# What stands in place of what is concealed: a gap, and no part of a word.
GAP = " … "


class WouldTell(Exception):
    """Names that are not shown in full would be read."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(f"{len(names)} names would be told")
        self.names = names


def spellings(statements: Iterable[int] = (), demands: Iterable[int] = ()) -> Spellings:
    """What is concealed in the words of statements and demands: a query for each of the two."""
    found: Spellings = defaultdict(set)
    leading = Text.objects.filter(statement__in=statements, is_leading=True)
    by_text = dict(leading.values_list("pk", "statement"))
    # In all texts of a statement the same is concealed, so one of them is asked for.
    rows = Naming.objects.spellings_concealed_in(list(by_text)) if by_text else ()
    for _text, pk, spelling, _shown_as in rows:
        found[STATEMENT, by_text[pk]].add(spelling)
    for _demand, pk, spelling, _shown_as in DemandPerson.objects.filter(
        demand__in=demands
    ).spellings_concealed():
        found[DEMAND, pk].add(spelling)
    return dict(found)


def spellings_of(person: Person) -> Spellings:
    """The same, of all that has to do with somebody."""
    concerned = Q(texts__namings__person=person) | Q(demands_made__demand__people=person)
    statements = Statement.objects.readable().filter(concerned).order_by()
    demands = Demand.objects.filter(people=person)
    return spellings(_keys(statements.distinct()), _keys(demands))


def spellings_around(demand: Demand) -> Spellings:
    """The same, of a demand about somebody whose name is concealed, and of what makes it."""
    if not demand.people.concealed().exists():
        return {}
    return spellings(_keys(Statement.objects.filter(demands_made__demand=demand)), [demand.pk])


def refuse_told(before: Spellings) -> None:
    """Raise WouldTell where something of this is concealed no more, and stands in public words."""
    now = spellings(
        [key for noun, key in before if noun == STATEMENT],
        [key for noun, key in before if noun == DEMAND],
    )
    told: set[str] = set()
    for place, names in before.items():
        kept = now.get(place, set())
        if gone := names - kept:
            told |= _read_in(place, gone, kept)
    if told:
        raise WouldTell(sorted(told))


def refuse_told_in_letters(demand: Demand) -> None:
    """Raise WouldTell where a model letter names somebody whom nothing there conceals.

    Whom the demand or a statement that makes it is about is concealed in its letters, and whoever
    is at risk keeps the demand itself from being public. Anybody else who is not shown in full, or
    whom nobody was asked about yet, must not stand there.
    """
    lines = [one.lines for one in demand.letters.all()]
    if not lines:
        return
    known = known_in_letters(demand)
    waiting = waiting_persons().exclude(demands=demand)
    persons = Person.objects.filter(Q(pk__in=Person.objects.concealed()) | Q(pk__in=waiting))
    if told := spellings_in((conceal(line, known) for line in lines), persons):
        raise WouldTell(sorted({one.spelling for one in told}))


def _read_in(place: tuple[str, int], gone: set[str], kept: set[str]) -> set[str]:
    noun, key = place
    still = [Concealed(one, GAP) for one in kept]
    lines = _lines_of_statement(key) if noun == STATEMENT else _lines_of_demand(key)
    return {
        one
        for line in lines
        for words in [conceal(line, still)]
        for one in gone
        if stands_in(words, one)
    }


def _lines_of_statement(key: int) -> Iterator[str]:
    """All that readers can read of it, in every version that is not sealed."""
    texts = Text.objects.readable().filter(statement=key)
    versions = Revision.objects.filter(text__in=texts, number__isnull=False, sealed_at=None)
    for version in versions:
        yield from words_of_all(version).values()
    yield from Attachment.objects.filter(statement=key).values_list("alternative", flat=True)
    yield from Correction.objects.filter(statement=key).values_list("note", flat=True)
    for row in Statement.objects.filter(pk=key, source__isnull=False).values_list(
        "source__publication", "source__title"
    ):
        yield from row


def _lines_of_demand(key: int) -> Iterator[str]:
    """Its wordings, and what is said of it and of those whom it is about."""
    yield from Demand.objects.filter(pk=key).values_list("wording", flat=True)
    yield from DemandWording.objects.filter(demand=key).values_list("name", flat=True)
    for row in DemandLetter.objects.filter(demand=key).values_list("subject", "words"):
        yield from row
    said = ("quotation", "note", "source__publication", "source__title")
    of_demand = DemandUpdate.objects.filter(demand=key)
    of_persons = PersonUpdate.objects.filter(person__demand_people__demand=key)
    for updates in (of_demand, of_persons):
        for row in updates.values_list(*said):
            yield from row


def _keys(records: Iterable) -> list[int]:
    return list(records.values_list("pk", flat=True))
