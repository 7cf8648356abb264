"""Where the name of somebody who is not shown in full can still be read.

Concealed are the spellings that editors entered, in the texts that name a person and in the demands
about them. What else has the name nobody can conceal unasked: it may be somebody else's. So editors
are told, and the search says where, since its index has the words that visitors see, and knows
inflected forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Model, Q

from statements.models import Demand, DemandUpdate, Person, PersonUpdate, SearchEntry
from statements.models.update import Update
from statements.naming import named_in
from statements.publishing.addresses import (
    SHORTEST_TELLING_PART,
    concealed_names,
    names_of,
    texts_about,
)
from statements.search import finding, normalising
from statements.search.engines import TookTooLong
from statements.search.gathering import MODELS
from statements.search.parsing import parse

# As many records of a kind are told of.
MOST = 20
RECORDS = [
    kind
    for kind in SearchEntry.Kind
    if kind not in (SearchEntry.Kind.TEXT, SearchEntry.Kind.PERSON)
]
IN_UPDATES = ("note", "quotation", "source__title", "source__publication")
# (kind, key)
Found = set[tuple[int, int]]


def left_of(person: Person) -> list[Model]:
    """What is public and still has the name: all words of a spelling, in what is about the person
    one of them that tells."""
    names = names_of(person)
    about = _about(person)
    found: Found = set()
    parts: set[str] = set()
    for name in names:
        words = [word for word, _start, _end in normalising.words(name)]
        found |= _searched(" ".join(words))
        parts |= {word for word in words if len(word) >= SHORTEST_TELLING_PART}
    for part in parts:
        found |= _searched(part) & about
    records: list[Model] = []
    for kind, model in MODELS.items():
        keys = sorted(key for one, key in found if one == kind)[:MOST]
        records += model.objects.filter(pk__in=keys).order_by("pk")
    return [*records, *_updates(person, names)]


def told_in(words: Iterable[str]) -> list[Person]:
    """The persons not shown in full of whom a whole spelling stands in some words."""
    text = "\n".join(words)
    known = concealed_names()
    there = named_in(text, set().union(*known.values()))
    keys = [pk for pk, names in known.items() if names & there]
    return list(Person.objects.filter(pk__in=keys).order_by("pk"))


def _about(person: Person) -> Found:
    texts = texts_about(person)
    statements = texts.values("statement")
    demands = Demand.objects.filter(Q(people=person) | Q(made__statement__in=statements))
    kinds = SearchEntry.Kind
    return {(kinds.TEXT, pk) for pk in texts.values_list("pk", flat=True)} | {
        (kinds.DEMAND, pk) for pk in demands.values_list("pk", flat=True)
    }


def _searched(words: str) -> Found:
    query = parse(words)
    try:
        texts = finding.statements(query).texts.values()
        records = finding.records(query, RECORDS, MOST)
    except TookTooLong:
        return set()
    found = {(SearchEntry.Kind.TEXT, text) for some in texts for text in some}
    return found | {(kind, key) for kind, keys in records.items() for key in keys}


def _updates(person: Person, names: Iterable[str]) -> Iterator[Update]:
    """Of what is not about the person: in what is, the name is concealed."""
    has_name = Q(
        *(Q(**{f"{field}__icontains": name}) for field in IN_UPDATES for name in names),
        _connector=Q.OR,
    )
    for model, about in (
        (DemandUpdate, {"demand__people": person}),
        (PersonUpdate, {"person": person}),
    ):
        yield from model.objects.readable().filter(has_name).exclude(**about).order_by("pk")[:MOST]
