"""Statements as rows of a list, for every page that lists them.

    rows = statement_rows(Statement.objects.readable().newest_first()[:20])

A fixed number of queries, whatever the number of rows: the statements, then their texts,
authors, events, places, demands, and the names that must not be shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from django.conf import settings
from django.db.models import Model, Prefetch, QuerySet, prefetch_related_objects
from django.utils.translation import get_language

from statements import languages
from statements.dates import PartialDate
from statements.models import (
    Authorship,
    Demand,
    DemandAsMade,
    DemandPerson,
    Event,
    Naming,
    Organisation,
    Place,
    Statement,
    Text,
)
from statements.models.base import shown_name
from statements.models.demand import by_owner
from statements.naming import Concealed, conceal
from statements.prepared import Prepared

# A letter with three hundred signatures is still one row.
MOST_AUTHORS = 6
MOST_DEMANDS = 6

# What must not be shown: "text" or "demand", its id, the spellings.
Names = dict[str, dict[int, list[Concealed]]]


@dataclass(frozen=True)
class Author:
    """Who issued a statement. A name that is only printed has no address and no language."""

    name: str
    language: str = ""
    url: str = ""
    acronym: str = ""
    country: Place | None = None
    is_example: bool = False
    # Where the statement prints another name than the organisation's.
    as_printed: str = ""


@dataclass
class Row:
    """What a list shows of one statement, in the text that fits the interface's language."""

    statement: Statement
    text: Text
    title: str
    day: PartialDate
    # Tags of the other public languages, sorted by their names.
    also_in: list[str] = field(default_factory=list)
    authors: list[Author] = field(default_factory=list)
    more_authors: int = 0
    places: list[Place] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    # Each once, with `raised`, and `name_shown` free of names that must not be shown.
    demands: list[Demand] = field(default_factory=list)
    more_demands: int = 0

    @property
    def language(self) -> str:
        return self.text.language

    @property
    def is_example(self) -> bool:
        return self.statement.is_example

    @property
    def needs_mark(self) -> bool:
        """Whether it is invented, and no author beside its title is marked so already."""
        return self.is_example and not any(author.is_example for author in self.authors)


def statement_rows(
    statements: QuerySet[Statement] | Iterable[int], *, language: str = ""
) -> list[Row]:
    """Rows for a queryset of readable statements, or for their ids: in the order given.

    Ids of statements that are not readable give no row. `language` is the one that was asked for.
    """
    return rows_of(with_links(_in_order(statements)), language=language)


def rows_of(
    statements: list[Statement], names: Names | None = None, *, language: str = ""
) -> list[Row]:
    """Rows for statements that have their links, with the names of `names_concealed` or its own."""
    if not statements:
        return []
    names = names_concealed(statements) if names is None else names
    return [_row(one, names, language) for one in statements if one.texts_shown]


def _in_order(statements: QuerySet[Statement] | Iterable[int]) -> list[Statement]:
    if isinstance(statements, QuerySet):
        return list(statements.select_related("source"))
    return statements_by_id(statements)


def statements_by_id(ids: Iterable[int]) -> list[Statement]:
    """Those of some statements that are readable, in the order of their ids."""
    ids = list(ids)
    by_id = {one.pk: one for one in READABLE.records(ids)}
    return [by_id[pk] for pk in ids if pk in by_id]


READABLE = Prepared(
    lambda ids: Statement.objects.readable().select_related("source").filter(pk__in=ids).order_by(),
    lists=1,
)


def with_links(
    statements: list[Statement], *, but: Iterable[str] = (), more: Iterable[Prefetch] = ()
) -> list[Statement]:
    """Fetch what rows show of the statements, one query for each kind, and no text's words.

    A page that shows less, or more, of the statements says which: each costs one query.
    """
    but, known = set(but), links()
    for name, rows in _rows_that_point(get_language() or settings.LANGUAGE_CODE).items():
        if name not in but:
            _bring_along(statements, name, rows)
            del known[name]
    for statement in statements:
        for name in but:
            setattr(statement, name, [])
    wanted = [link for name, link in known.items() if name not in but]
    prefetch_related_objects(statements, *wanted, *more)
    return statements


def authorships_of(statements: Iterable[int]) -> defaultdict[int, list[Authorship]]:
    """Who issued some statements, with all that names them, in one query."""
    rows = _rows_that_point(get_language() or settings.LANGUAGE_CODE)["authors_shown"]
    return _by_statement(rows, statements)


def _by_statement(rows: Prepared, statements: Iterable[int]) -> defaultdict[int, list[Model]]:
    found = defaultdict(list)
    for row in rows.records(list(statements)):
        found[row.statement_id].append(row)
    return found


def _bring_along(statements: list[Statement], name: str, rows: Prepared) -> None:
    found = _by_statement(rows, [one.pk for one in statements])
    for statement in statements:
        for row in found[statement.pk]:
            row.statement = statement
        setattr(statement, name, found[statement.pk])


def links() -> dict[str, Prefetch]:
    """What rows show of a statement, by the attribute that it is fetched into."""
    found = _links(get_language() or settings.LANGUAGE_CODE)
    return {
        attribute: Prefetch(name, None if rows is None else rows.all(), to_attr=attribute)
        for attribute, (name, rows) in found.items()
    }


@cache
def _links(_language: str) -> dict[str, tuple[str, QuerySet | None]]:
    """Put together once in each language: that takes longer than to fetch some of them."""
    texts = (
        Text.objects.readable()
        .select_related("live_revision")
        .only(
            *("statement", "language", "is_leading", "slug", "authority"),
            *("live_revision__title", "live_revision__number"),
        )
    )
    authors = (
        Authorship.objects.filter(role=Authorship.Role.AUTHOR)
        .select_related("organisation__country")
        .annotate(**shown_name(Organisation, "organisation__"))
    )
    made = (
        DemandAsMade.objects.filter(demand__in=Demand.objects.readable())
        .select_related("demand")
        .annotate(**shown_name(Demand, "demand__"))
    )
    return {
        "texts_shown": ("texts", texts),
        "authors_shown": ("authorships", authors),
        "events_shown": ("events", Event.objects.readable().named()),
        "places_shown": ("places", None),
        "demands_shown": ("demands_made", made),
    }


@cache
def _rows_that_point(language: str) -> dict[str, Prepared]:
    """Those of the above that have a statement of their own: every list asks for them."""
    return {
        attribute: _of_statements(rows)
        for attribute, (_name, rows) in _links(language).items()
        if rows is not None and hasattr(rows.model, "statement")
    }


def _of_statements(rows: QuerySet) -> Prepared:
    return Prepared(lambda statements: rows.filter(statement__in=statements), lists=1)


def names_concealed(
    statements: list[Statement], *, texts: Iterable[int] = (), demands: Iterable[int] = ()
) -> Names:
    """What must not be shown in the texts and in the demands, by kind and id, in one query.

    `texts` and `demands` are ids of others that the page shows besides those of the statements.
    """
    shown = {one.pk: one.texts_shown for one in statements if one.texts_shown}
    demands = {*demands, *(made.demand_id for one in statements for made in one.demands_shown)}
    if texts := list(texts):
        found = by_owner(CONCEALED_IN_TEXTS_TOO.rows(shown, demands, texts))
    else:
        found = by_owner(CONCEALED.rows(shown, demands))
    for statement, names in found.pop("statement", {}).items():
        found["text"].update({text.pk: names for text in shown[statement]})
    return found


def _concealed(
    statements: Iterable[int], demands: Iterable[int], texts: Iterable[int] = ()
) -> QuerySet:
    further = [DemandPerson.objects.filter(demand__in=demands).spellings_concealed()]
    if texts:
        further.append(Naming.objects.spellings_concealed_in(texts))
    return Naming.objects.spellings_concealed_of(statements).union(*further)


def concealed_in_statements(statements: Collection[int]) -> Mapping[int, list[Concealed]]:
    """What must not be shown in any text of some statements, in one query."""
    return by_owner(CONCEALED_IN_STATEMENTS.rows(statements))["statement"]


CONCEALED_IN_STATEMENTS = Prepared(
    lambda statements: Naming.objects.spellings_concealed_of(statements), lists=1
)
CONCEALED = Prepared(_concealed, lists=2)
CONCEALED_IN_TEXTS_TOO = Prepared(_concealed, lists=3)


def _row(statement: Statement, concealed: Names, language: str) -> Row:
    text = text_for_reader(statement.texts_shown, language)
    names = concealed["text"].get(text.pk, [])
    authors, more_authors = authors_named(statement.authors_shown, names)
    demands = demands_of(statement, concealed)
    return Row(
        statement=statement,
        text=text,
        title=conceal(text.live_revision.title, names),
        day=day_of(statement),
        also_in=sorted(
            (one.language for one in statement.texts_shown if one is not text),
            key=languages.name,
        ),
        authors=authors,
        more_authors=more_authors,
        places=sorted(statement.places_shown, key=lambda place: place.name),
        events=statement.events_shown,
        demands=demands[:MOST_DEMANDS],
        more_demands=max(len(demands) - MOST_DEMANDS, 0),
    )


def text_for_reader(texts: Iterable[Text], language: str = "") -> Text:
    """The text in a language, the interface's where none is asked for; or in a variety of it, else
    the leading one."""
    wanted = language or get_language() or settings.LANGUAGE_CODE

    def distance(text: Text) -> tuple[bool, bool, bool]:
        is_variety = text.language.partition("-")[0] == wanted.partition("-")[0]
        return text.language != wanted, not is_variety, not text.is_leading

    return min(texts, key=distance)


def day_of(statement: Statement) -> PartialDate:
    """When it was issued, else when its source published it, else our day."""
    source = statement.source
    known = statement.issued or (source.published if source else None)
    return known or PartialDate.of(statement.sort_on)


def authors_named(
    authorships: Iterable[Authorship], names: list[Concealed]
) -> tuple[list[Author], int]:
    """Those who are named in a row, and how many more there are."""
    authors = [author_of(one, names) for one in authorships if may_be_named(one)]
    return authors[:MOST_AUTHORS], max(len(authors) - MOST_AUTHORS, 0)


def may_be_named(authorship: Authorship) -> bool:
    organisation = authorship.organisation
    return organisation is None or organisation.is_public


def author_of(authorship: Authorship, names: list[Concealed]) -> Author:
    organisation = authorship.organisation
    if organisation is None:
        return Author(name=conceal(authorship.name_as_printed, names))
    return Author(
        name=authorship.shown,
        language=authorship.shown_language,
        url=organisation.get_absolute_url(),
        acronym=organisation.acronym,
        country=organisation.country,
        is_example=organisation.is_example,
        as_printed=_otherwise(
            conceal(authorship.name_as_printed, names), authorship.shown, organisation.name
        ),
    )


def _otherwise(printed: str, *names: str) -> str:
    """The name as printed, where it is neither the name shown nor the organisation's own."""
    return "" if printed.casefold() in (name.casefold() for name in names) else printed


def demands_of(statement: Statement, concealed: Names) -> list[Demand]:
    """The demands that a statement makes, each once whatever the voices."""
    demands: dict[int, Demand] = {}
    for made in statement.demands_shown:
        demand = made.demand
        demand.shown, demand.shown_language = made.shown, made.shown_language
        demand.concealed = concealed["demand"].get(demand.pk, [])
        demands.setdefault(demand.pk, demand)
    return list(demands.values())
