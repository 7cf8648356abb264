"""What visitors may read of texts and records, as the rows that make it found.

Words are those of the pages: what must not be shown is replaced here as it is there. Of persons
whose name is shown in full every spelling counts, where statements name them too.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import CharField, Model, QuerySet, Value

from statements.models import (
    Authorship,
    Demand,
    DemandAsMade,
    DemandPerson,
    Event,
    Naming,
    Organisation,
    Person,
    SearchEntry,
    Statement,
    Tagging,
    Text,
)
from statements.models.search import number_of
from statements.naming import Concealed, conceal
from statements.prepared import Prepared
from statements.prose import public_text
from statements.search.engines import Entry
from statements.search.terms import Terms, kind, link

Kind = SearchEntry.Kind
MODELS: dict[int, type[Model]] = {
    Kind.TEXT: Text,
    Kind.EVENT: Event,
    Kind.ORGANISATION: Organisation,
    Kind.DEMAND: Demand,
    Kind.PERSON: Person,
}


@dataclass
class Around:
    """What some statements are linked to, by their keys; in which languages they can be read; and
    whom they name in full."""

    # (what it is, its key)
    links: dict[int, set[tuple[str, int]]] = field(default_factory=lambda: defaultdict(set))
    languages: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    # (language, spelling)
    names: dict[int, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))


def entries(number: int, keys: Collection[int]) -> list[Entry]:
    """Rows for those records of a kind that may be read; the others get none."""
    if number == Kind.TEXT:
        return list(_texts(keys))
    found = {
        Kind.EVENT: _named,
        Kind.ORGANISATION: _named,
        Kind.DEMAND: _demands,
        Kind.PERSON: _persons,
    }
    return list(found[Kind(number)](Kind(number), keys))


def links_of(statements: Collection[int]) -> dict[int, str]:
    """What readable statements are linked to, as `SearchLinks` has it; of others nothing."""
    around = _linked_to(statements)
    readable = Statement.objects.readable().filter(pk__in=statements).only("kind", "sort_on")
    return {statement.pk: _linked(statement, around) for statement in readable}


def _texts(keys: Collection[int]) -> Iterator[Entry]:
    texts = list(
        Text.objects.readable().filter(pk__in=keys).select_related("live_revision", "statement")
    )
    if not texts:
        return
    concealed = Naming.objects.concealed_in(texts)
    around = _around({text.statement_id for text in texts})
    for text in texts:
        yield Entry(
            number=number_of(Kind.TEXT, text.pk, text.statement.sort_on),
            column="text",
            key=text.pk,
            terms=_terms(text, concealed[text.pk], around),
            statement=text.statement_id,
            links=_linked(text.statement, around),
        )


def _terms(text: Text, concealed: list[Concealed], around: Around) -> Terms:
    terms = Terms()
    words = public_text(text.live_revision, concealed)
    for name in ("title", *(one for one in words if one != "title")):
        if name in words:
            terms.add(words[name], text.language, is_title=name == "title")
    for language, spelling in sorted(around.names[text.statement_id]):
        terms.add(conceal(spelling, concealed), language)
    terms.others |= {link(*one) for one in around.links[text.statement_id]}
    terms.others.add(link("language", text.language))
    terms.others |= {link(*one) for one in _own(text.statement)}
    return terms


def _linked(statement: Statement, around: Around) -> str:
    languages = {("language", tag) for tag in around.languages[statement.pk]}
    links = around.links[statement.pk] | languages | set(_own(statement))
    return " ".join(sorted(f"{name}:{value}" for name, value in links))


def _own(statement: Statement) -> Iterator[tuple[str, object]]:
    """What a statement has by itself that it can be filtered by."""
    yield "kind", statement.kind
    yield "year", statement.sort_on.year


def _around(statements: Collection[int]) -> Around:
    found = _linked_to(statements)
    for statement, language, spelling in SPELLINGS.rows(statements):
        found.names[statement].add((language, spelling))
    return found


def _linked_to(statements: Collection[int]) -> Around:
    """Without the names."""
    found = Around()
    for name, statement, key in LINKS.rows(statements):
        found.links[statement].add((name, key))
    for statement, language in LANGUAGES.rows(statements):
        found.languages[statement].add(language)
    return found


def _links(statements: Collection[int]) -> QuerySet:
    """(what it is, statement, its key) of all that statements are linked to."""
    of = {"statement__in": statements}
    authors = Authorship.objects.filter(
        role=Authorship.Role.AUTHOR, organisation__in=Organisation.objects.readable(), **of
    )
    tags = Tagging.objects.filter(content_object__in=statements)
    first, *others = (
        rows.order_by().values_list(Value(name, output_field=CharField()), statement, value)
        for name, rows, statement, value in (
            ("event", Statement.events.through.objects.filter(**of), "statement", "event"),
            ("place", Statement.places.through.objects.filter(**of), "statement", "place"),
            ("organisation", authors, "statement", "organisation"),
            (
                *("from", authors.filter(organisation__country__isnull=False)),
                *("statement", "organisation__country"),
            ),
            ("demand", DemandAsMade.objects.filter(**of), "statement", "demand"),
            ("tag", tags, "content_object", "tag"),
        )
    )
    return first.union(*others)


def _spellings(statements: Collection[int]) -> QuerySet:
    """(statement, language, spelling): every name of those whom statements name or ask for."""
    people = Person.objects.readable().in_full()
    named = Naming.objects.filter(
        text__in=Text.objects.readable().filter(statement__in=statements), person__in=people
    )
    asked = DemandPerson.objects.filter(
        demand__made__statement__in=statements,
        demand__in=Demand.objects.readable(),
        person__in=people,
    )
    first, *others = (
        rows.filter(**{f"{path}__isnull": False})
        .order_by()
        .values_list(statement, f"{path.rpartition('name')[0]}language", path)
        for rows, statement in ((named, "text__statement"), (asked, "demand__made__statement"))
        for path in ("person__name", "person__names__name")
    )
    return first.union(*others)


def _languages(statements: Collection[int]) -> QuerySet:
    texts = Text.objects.readable().filter(statement__in=statements)
    return texts.order_by().values_list("statement", "language")


# Every publication asks these.
LINKS, SPELLINGS = Prepared(_links, lists=1), Prepared(_spellings, lists=1)
LANGUAGES = Prepared(_languages, lists=1)


def _named(number: Kind, keys: Collection[int]) -> Iterator[Entry]:
    """Events and organisations: every name, and the acronyms."""
    records = MODELS[number].objects.readable().filter(pk__in=keys).prefetch_related("names")
    for record in records:
        terms = _of_kind(number)
        if isinstance(record, Organisation):
            terms.others.add(_from(record.country_id))
        for one in (record, *record.names.all()):
            terms.add(one.name, one.language, is_title=True)
            if acronym := getattr(one, "acronym", ""):
                terms.add(acronym, "", is_title=True)
        day = getattr(record, "start_earliest", None)
        column = number.name.lower()
        yield Entry(number_of(number, record.pk, day), column, record.pk, terms)


def _demands(number: Kind, keys: Collection[int]) -> Iterator[Entry]:
    demands = list(Demand.objects.readable().filter(pk__in=keys).prefetch_related("names"))
    concealed = DemandPerson.objects.concealed_in(demands)
    borne = bearing(number, keys)
    for demand in demands:
        terms = _of_kind(number)
        terms.others.add(borne[demand.pk])
        wordings = [(demand.wording, demand.language)]
        wordings += [(one.name, one.language) for one in demand.names.all()]
        for wording, language in wordings:
            words = conceal(wording, concealed.get(demand.pk, []))
            terms.add(words, language, is_title=True)
        yield Entry(number_of(number, demand.pk), "demand", demand.pk, terms)


def _persons(number: Kind, keys: Collection[int]) -> Iterator[Entry]:
    """Those alone who are named in full: to be found would tell a name."""
    people = Person.objects.readable().in_full().filter(pk__in=keys).prefetch_related("names")
    for person in people:
        terms = _of_kind(number)
        for one in (person, *person.names.all()):
            terms.add(one.name, one.language, is_title=True)
        yield Entry(number_of(number, person.pk), "person", person.pk, terms)


def _of_kind(number: int) -> Terms:
    return Terms(others={kind(number)})


def bearing(number: int, keys: Collection[int]) -> dict[int, str]:
    """What of organisations and demands decides in the rows of statements, as a word of their own
    rows: where they are, and whom they are about."""
    if number == Kind.ORGANISATION:
        rows = Organisation.objects.filter(pk__in=keys).values_list("pk", "country")
        return {key: _from(country) for key, country in rows}
    if number == Kind.DEMAND:
        people: dict[int, set[int]] = {key: set() for key in keys}
        about = DemandPerson.objects.filter(demand__in=keys).order_by()
        for demand, person in about.values_list("demand", "person"):
            people[demand].add(person)
        return {key: link("about", _digest(some)) for key, some in people.items()}
    return {}


def _from(country: int | None) -> str:
    return link("from", country or 0)


def _digest(keys: set[int]) -> str:
    return hashlib.sha256(repr(sorted(keys)).encode()).hexdigest()[:32]


def texts_naming(persons: Iterable[int]) -> set[int]:
    """The texts whose words depend on how persons are shown: of every statement that names them
    in any of its texts, drafts too, or makes a demand about them."""
    people = list(persons)
    named = Naming.objects.filter(person__in=people).order_by()
    asked = DemandPerson.objects.filter(person__in=people).order_by()
    rows = named.values_list("text__statement__texts").union(
        asked.filter(demand__made__isnull=False).values_list("demand__made__statement__texts")
    )
    return {text for (text,) in rows if text}


def texts_of(statements: Iterable[int]) -> set[int]:
    found = Text.objects.filter(statement__in=list(statements)).order_by()
    return set(found.values_list("pk", flat=True))
