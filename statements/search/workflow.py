"""The index of what can be searched: brought up to date in the transaction that changes it.

Whoever changes what visitors may read calls one of these before their transaction ends, and
before they write to the log. So what is withdrawn or withheld is found no moment longer, and no
crash leaves a trace of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Q

from statements.models import (
    Authorship,
    Demand,
    DemandAsMade,
    DemandPerson,
    Organisation,
    Person,
    SearchEntry,
    SearchLinks,
    Text,
)
from statements.models.search import number_of
from statements.search import gathering
from statements.search.engines import Entry, engine
from statements.search.terms import Alternative, Asked, is_term

Kind = SearchEntry.Kind
KINDS = {model: number for number, model in gathering.MODELS.items()}
BATCH = 200


def statements_changed(statements: Iterable[int]) -> None:
    """Words, links or standing of statements are others now."""
    _write(Kind.TEXT, gathering.texts_of(statements))


def records_changed(model: type, keys: Collection[int]) -> None:
    """Names of events, organisations, demands or persons are others, or their gates.

    What they decide in the words of others follows: how a person is named, in demands and in
    texts; whom a demand is about, in its texts; where an organisation is, in what it issued.
    """
    if not keys:
        return
    if model is Person:
        about = DemandPerson.objects.filter(person__in=keys)
        _write(Kind.DEMAND, set(about.order_by().values_list("demand", flat=True)))
        _write(Kind.TEXT, gathering.texts_naming(keys))
    elif model is Demand or model is Organisation:
        _write(Kind.TEXT, _texts_beside(KINDS[model], keys))
    _write(KINDS[model], keys)


def _texts_beside(number: int, keys: Collection[int]) -> set[int]:
    """The texts whose rows follow from organisations or demands, where these bear something else
    than what they are indexed with. What is not indexed yet has none that are."""
    column = Kind(number).name.lower()
    there = SearchEntry.objects.filter(**{f"{column}__in": keys})
    there = list(there.values_list(f"{column}_id", flat=True))
    borne = gathering.bearing(number, there)
    others = [key for key in there if not _is_indexed_with(number_of(number, key), borne[key])]
    if number == Kind.DEMAND:
        rows = DemandAsMade.objects.filter(demand__in=others)
    else:
        rows = Authorship.objects.filter(organisation__in=others, role=Authorship.Role.AUTHOR)
    return gathering.texts_of(rows.order_by().values_list("statement", flat=True))


def _is_indexed_with(number: int, word: str) -> bool:
    asked = Asked(((Alternative((word,)),),))
    return bool(engine().newest(asked, (number, number), 1))


def _write(number: int, keys: Collection[int]) -> None:
    ordered = sorted(keys)
    for start in range(0, len(ordered), BATCH):
        write(number, ordered[start : start + BATCH])


@transaction.atomic
def write(number: int, keys: Collection[int]) -> int:
    """Make the rows of some records what they have to be; none for those that nobody may read.

    Everything is read after the lock: of two who change what one text shows, the second reads
    what the first has written.
    """
    if not keys:
        return 0
    there = engine()
    there.lock()
    found = gathering.entries(number, keys)
    column = Kind(number).name.lower()
    SearchEntry.objects.filter(Q(**{f"{column}__in": keys})).delete()
    store(found)
    if number == Kind.TEXT:
        _mend_links({entry.statement for entry in found}, keys)
    return len(found)


def _mend_links(written: set[int | None], texts: Collection[int]) -> None:
    """Of statements that have no row by these texts: those that can be read in others keep one."""
    others = set(Text.objects.filter(pk__in=texts).values_list("statement", flat=True)) - written
    if others:
        SearchLinks.objects.filter(statement__in=others).delete()
        _store_links(gathering.links_of(others))


def _store_links(links: dict[int, str]) -> None:
    SearchLinks.objects.bulk_create(
        (SearchLinks(statement_id=statement, links=one) for statement, one in links.items()),
        update_conflicts=True,
        unique_fields=["statement"],
        update_fields=["links"],
    )


def store(entries: list[Entry]) -> None:
    """Write rows that are not there, and remember their words."""
    if not entries:
        return
    there = engine()
    there.write(entries)
    _store_links({entry.statement: entry.links for entry in entries if entry.statement})
    words = set(itertools.chain.from_iterable(entry.terms.vocabulary for entry in entries))
    there.remember({word for word in words if is_term(word)})
