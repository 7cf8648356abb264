"""Names that were concealed since a backup was made, found again in its words by their digests.

What conceals is rows: a spelling in a text, a person whom a demand is about. The record of erasures
has the spellings as digests alone. The words are in the backup, so whoever has the key finds which
of them it was; what stands nowhere in them needs no concealing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from django.db import models

from statements import erasures
from statements.erasures import MOST_PARTS, WORD
from statements.models import (
    Attachment,
    Authorship,
    Correction,
    Demand,
    Naming,
    Person,
    Revision,
    Statement,
    Text,
)
from statements.naming import folded
from statements.publishing import links, slugs
from statements.publishing.wording import words_of_all

# Letters that are one word with the name after them, in Arabic and Hebrew.
PREFIXED = re.compile("[\u0590-\u06ff]{3}")
# By person, digests of spellings.
Digests = Mapping[int, set[str]]
# Where a line stands: a text, or none where it is a demand's.
Line = tuple[int | None, str]


def statements_with(record: Statement | Demand | Person) -> models.QuerySet[Statement]:
    """All in whose words something is concealed with it."""
    if isinstance(record, Statement):
        return Statement.objects.filter(pk=record.pk)
    if isinstance(record, Demand):
        return Statement.objects.filter(demands_made__demand=record).distinct()
    about = models.Q(texts__namings__person=record) | models.Q(demands_made__demand__people=record)
    return Statement.objects.filter(about).distinct()


def conceal_again(record: Statement | Demand | Person, wanted: Digests, spellings: Digests) -> bool:
    """Add the rows that a record lacks. `wanted` is what it concealed, `spellings` all that is
    known of those persons. Whether any was lacking."""
    if isinstance(record, Statement):
        return _in_statement(record, wanted, spellings)
    if isinstance(record, Demand):
        return _about_demand(record, wanted, spellings)
    return _names_of(record, wanted[record.pk])


def _in_statement(statement: Statement, wanted: Digests, spellings: Digests) -> bool:
    rows = Naming.objects.filter(text__statement=statement).values_list("person", "spelling")
    known = {(person, erasures.digest(spelling)) for person, spelling in rows}
    named = {person for person, _digest in known}
    asked_about = Person.objects.filter(demands__made__statement=statement)
    named |= set(asked_about.values_list("pk", flat=True))
    lacking = {
        person: {one for one in wanted[person] | spellings[person] if (person, one) not in known}
        for person in wanted
        if person not in named or any((person, one) not in known for one in wanted[person])
    }
    if not lacking:
        return False
    found = _find(_lines(statement), set().union(*lacking.values()))
    leading = Text.objects.get(statement=statement, is_leading=True).pk
    for key, digests in lacking.items():
        spelled = {found[one] for one in digests if one in found}
        person = Person.objects.filter(pk=key).first() or _placeholder(key, spelled)
        if person and person.pk not in named:
            # Of whoever is named, every name is concealed.
            spelled.add((person.name, leading))
        for spelling, text in spelled:
            Naming.objects.get_or_create(text_id=text, person=person, spelling=spelling)
    links.links_changed(statement)
    return True


def _about_demand(demand: Demand, wanted: Digests, spellings: Digests) -> bool:
    lacking = set(wanted) - set(demand.demand_people.values_list("person", flat=True))
    for position, key in enumerate(sorted(lacking), demand.demand_people.count()):
        person = Person.objects.filter(pk=key).first()
        if not person:
            found = _find(_lines_of_demand(demand), spellings[key])
            person = _placeholder(key, set(found.values()))
        if person:
            demand.demand_people.create(person=person, position=position)
    if lacking:
        links.record_saved(demand)
    return bool(lacking)


def _names_of(person: Person, wanted: set[str]) -> bool:
    own = [person.name, *person.names.values_list("name", flat=True)]
    lacking = wanted - {erasures.digest(name) for name in own}
    if not lacking:
        return False
    lines = [line for one in statements_with(person) for line in _lines(one)]
    lines += [line for one in person.demands.all() for line in _lines_of_demand(one)]
    for spelling, _text in _find(lines, lacking).values():
        person.names.create(language=person.language, name=spelling)
    links.record_saved(person)
    return True


def _placeholder(key: int, spelled: set[tuple[str, int | None]]) -> Person | None:
    """Somebody who was entered since, and of whom only a spelling in a text is known here."""
    if not spelled:
        return None
    return Person.objects.create(
        pk=key,
        name=max((spelling for spelling, _text in spelled), key=len),
        slug=slugs.free_slug(Person, "withheld", "person"),
        shown_as=Person.Shown.WITHHELD,
        is_at_risk=True,
    )


def _lines(statement: Statement) -> Iterator[Line]:
    """All words of a statement that anybody may read, in every version."""
    for revision in Revision.objects.filter(text__statement=statement, sealed_at=None):
        for words in words_of_all(revision).values():
            yield revision.text_id, words
    leading = Text.objects.get(statement=statement, is_leading=True).pk
    others = [
        *Attachment.objects.filter(statement=statement).values_list(
            "alternative", "caption", "credit"
        ),
        *Correction.objects.filter(statement=statement).values_list("note"),
        *Authorship.objects.filter(statement=statement).values_list("name_as_printed"),
        *Statement.objects.filter(pk=statement.pk, source__isnull=False).values_list(
            "source__publication", "source__title"
        ),
    ]
    yield from ((leading, words) for row in others for words in row if words)
    for demand in Demand.objects.filter(made__statement=statement):
        yield from ((leading, words) for _text, words in _lines_of_demand(demand))


def _lines_of_demand(demand: Demand) -> Iterator[Line]:
    yield None, demand.wording
    for rows, names in (
        (demand.names, ("name",)),
        (demand.letters, ("subject", "words")),
        (demand.updates, ("quotation", "note")),
    ):
        for row in rows.values_list(*names):
            yield from ((None, words) for words in row)


def _find(lines: Iterable[Line], wanted: set[str]) -> dict[str, tuple[str, int | None]]:
    """Which digests stand for which spelling, and the text in which it stands."""
    found: dict[str, tuple[str, int | None]] = {}
    seen: set[str] = set()
    for text, line in lines:
        for spelling in _spellings(folded(line)[0]):
            if len(found) == len(wanted):
                return found
            if spelling in seen:
                continue
            seen.add(spelling)
            if (digest := erasures.digest_of_bare(spelling)) in wanted:
                found[digest] = spelling, text
    return found


def _spellings(plain: str) -> Iterator[str]:
    """Whatever could be a name in a folded line."""
    words = [match.span() for match in WORD.finditer(plain)]
    for first, (start, _end) in enumerate(words):
        starts = [start]
        if PREFIXED.match(plain, start):
            starts += [start + 1, start + 2]
        for _start, end in words[first : first + MOST_PARTS]:
            for one in starts:
                yield plain[one:end]
