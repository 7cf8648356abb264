"""How many of the matching statements each further filter would leave: one query for what they are
linked to, one for what is around that, and one for what these filters are called.

Counted are at most the newest 250 matches, whatever the size of the archive, since reading what
they are linked to is what takes time. How many match altogether is counted to 1,000.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from heapq import nlargest
from itertools import chain
from typing import NamedTuple

from django.conf import settings
from django.db import connections
from django.db.models import Count, QuerySet, Value
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from statements.models import Statement, Text
from statements.models.counting import MOST_COUNTED
from statements.prepared import Prepared
from statements.reading import amounts, labels
from statements.reading.filters import HEADINGS, Filters, words_of
from statements.reading.labels import Compiled, Label, compiled
from statements.search import gathering

# How many matches, the newest, are counted by what they are linked to.
MOST_READ = 250
MOST_VALUES = 12
EVENT, DEMAND, LANGUAGE = "event:", "demand:", "language:"
OPEN = {"event", "demand", "language", "year"}
LISTS = {
    "event": "pages:event_list",
    "demand": "pages:demand_list",
    "organisation": "pages:organisation_list",
    "place": "pages:place_list",
    "tag": "pages:tag_list",
}
LINKED = """
    SELECT counted.pk, links
    FROM counted LEFT JOIN statements_searchlinks ON statement_id = counted.pk
"""
# Of those that match the newest 1,001 are looked for once: so many there are, and 250 of them are
# counted.
COUNTED = f"""
    WITH matching AS ({{matching}}),
    counted AS (SELECT pk FROM matching ORDER BY sort_on DESC, pk DESC LIMIT %s)
    SELECT COUNT(*), '' FROM matching UNION ALL {LINKED}
"""  # noqa: S608 - made of constants
# What events are part of, at any height, through public events only: the filter by an event
# includes its parts (see `tree_of`), so its count does. And demands that are not public, which must
# take nobody's place.
AROUND = """
    WITH RECURSIVE up (event, above) AS (
        SELECT id, parent_id FROM statements_event
        WHERE parent_id IS NOT NULL AND public_since IS NOT NULL AND id IN (%s)
        UNION
        SELECT up.event, part.parent_id FROM up JOIN statements_event AS part ON part.id = up.above
        WHERE part.parent_id IS NOT NULL AND part.public_since IS NOT NULL
    )
    SELECT 'above', event, CAST(above AS varchar(20)) FROM up
    UNION ALL
    SELECT 'hidden', id, '' FROM statements_demand WHERE public_since IS NULL AND id IN (%s)
"""


class Tally(NamedTuple):
    """How many statements have a value of a filter: a record, or else a word."""

    number: int
    value: str
    name: str
    record: int


class Choice(NamedTuple):
    """A value that a filter can take; the address of one in force takes it away."""

    words: str
    language: str
    count: int
    url: str
    is_current: bool


@dataclass
class Facet:
    name: str
    heading: str
    choices: list[Choice] = field(default_factory=list)
    has_more: bool = False

    @property
    def is_open(self) -> bool:
        """Whether its values are seen at once: those that readers look for first, or in force."""
        return self.name in OPEN or any(choice.is_current for choice in self.choices)

    @property
    def url(self) -> str:
        """The page that lists all of its records, where there is one."""
        return reverse(LISTS[self.name]) if self.name in LISTS else ""

    @property
    def note(self) -> str:
        return _("An event includes its parts.") if self.name == "event" else ""


@dataclass
class Facets:
    # At most one more than `MOST_COUNTED`.
    total: int
    facets: list[Facet]
    # Whether there are more than the words were looked for.
    is_cut: bool = False

    @property
    def is_more(self) -> bool:
        """Whether there are more matches than the facets count."""
        return self.total > MOST_READ

    def __str__(self) -> str:
        """How many statements match, in words."""
        return capfirst(amounts.statements(self.total, and_more=self.is_cut))

    @property
    def most(self) -> str:
        return amounts.grouped(MOST_READ)


def facets(filters: Filters) -> Facets:
    if filters.is_empty:
        return Facets(0, [])
    if filters.is_searched:
        # How many there are is known already.
        total = min(len(filters.found.texts), MOST_COUNTED + 1)
        linked = SEARCHED.rows(filters.found.newest(MOST_READ))
        texts = filters.found.texts
    else:
        statements = filters.statements()
        with connections[statements.db].cursor() as cursor:
            cursor.execute(*_counted(statements))
            [(total, _empty), *linked] = cursor.fetchall()
        texts = {}
    best = _most_frequent(_numbers(linked, texts), filters)
    known = _labels(best)
    found = (_facet(name, best[name], known, filters) for name in HEADINGS if name in best)
    return Facets(total, [one for one in found if one.choices], filters.is_cut)


def _facet(
    name: str, best: Sequence[Tally], known: Mapping[tuple[str, int], Label], filters: Filters
) -> Facet:
    """The most frequent values of a filter that may be named; years in their own order."""
    found = [(one, known.get((name, one.record))) for one in best]
    found = [(one, label) for one, label in found if label or not one.record]
    if name == "year":
        found.sort(key=lambda entry: entry[0].value, reverse=True)
    choices = _choices(name, found[:MOST_VALUES], filters)
    return Facet(name, str(HEADINGS[name]), list(choices), has_more=len(found) > MOST_VALUES)


def _choices(
    name: str, found: Iterable[tuple[Tally, Label | None]], filters: Filters
) -> Iterator[Choice]:
    current, address = filters.values.get(name), filters.addresses(name)
    for one, label in found:
        value = label.value if label else one.value
        is_current = value == current
        url = filters.address(**{name: ""}) if is_current else address(value)
        if label:
            yield Choice(label.words, label.language, one.number, url, is_current)
        else:
            yield Choice(words_of(name, value), "", one.number, url, is_current)


def _counted(statements: QuerySet[Statement]) -> Compiled:
    """Of the newest of some statements what they are linked to; first, how many there are."""
    newest = statements.newest_first().values_list("pk", "sort_on")
    matching, parameters = compiled(newest[: MOST_COUNTED + 1])
    return COUNTED.format(matching=matching), [*parameters, MOST_READ]


def _searched(statements: Sequence[int]) -> Compiled:
    known = Statement.objects.readable().filter(pk__in=statements).order_by()
    counted, keys = compiled(known.values("pk"))
    return f"WITH counted (pk) AS ({counted}) {LINKED}", keys


def _around(events: Sequence[int], demands: Sequence[int], texts: Sequence[int]) -> Compiled:
    """Rows of ("above", event, what it is part of), ("hidden", demand, "") and ("language", how
    many of the texts are in it, language)."""
    # Whether their statements are readable has been asked. A statement has one text a language.
    languages = Text.objects.published().filter(pk__in=texts).order_by()
    counted = languages.values("language").annotate(number=Count("pk"))
    sql, keys = compiled(counted.values_list(Value("language"), "number", "language"))
    return f"{AROUND} UNION ALL {sql}", [*events, *demands, *keys]


SEARCHED = Prepared(_searched, lists=1)
AROUND_THEM = Prepared(_around, lists=3)


def _numbers(
    rows: Sequence[tuple[int, str | None]], texts: Mapping[int, Sequence[int]]
) -> Counter[str]:
    """How many statements have each link.

    Of a statement of several languages, those of the texts count that were found, if any were.
    """
    words = dict(rows)
    unknown = [key for key, linked in words.items() if linked is None]
    words |= gathering.links_of(unknown) if unknown else {}
    links = {key: (linked or "").split() for key, linked in words.items()}
    numbers = Counter(chain.from_iterable(links.values()))
    several = [key for key, linked in words.items() if (linked or "").count(LANGUAGE) > 1]
    found = [text for key in several for text in texts.get(key, ())]
    above = defaultdict(set)
    if found:
        numbers.subtract(one for key in several for one in links[key] if one.startswith(LANGUAGE))
    for name, number, other in AROUND_THEM.rows(
        _keys(numbers, EVENT), _keys(numbers, DEMAND), found
    ):
        if name == "above":
            above[f"{EVENT}{number}"].add(f"{EVENT}{other}")
        elif name == "language":
            numbers[f"{LANGUAGE}{other}"] += number
        else:
            del numbers[f"{DEMAND}{number}"]
    for linked in links.values() if above else ():
        if parts := [above[one] for one in linked if one in above]:
            numbers.update(set().union(*parts) - {*linked})
    return +numbers


def _keys(links: Iterable[str], name: str) -> list[int]:
    return [int(one.removeprefix(name)) for one in links if one.startswith(name)]


def _most_frequent(numbers: Counter[str], filters: Filters) -> dict[str, list[Tally]]:
    """Of each filter the values that most statements have, and one more than is shown.

    Of one in force that value alone: another one would take its place, and leave others than those
    that are counted here; but for parts of an event, which leave fewer.
    """
    found: dict[str, list[Tally]] = defaultdict(list)
    for link, number in numbers.items():
        name, _colon, value = link.partition(":")
        record = int(value) if name in labels.MODELS else 0
        current = filters.values.get(name)
        if current and not (record in filters.keys[name] if record else value == current):
            continue
        found[name].append(Tally(number, "" if record else value, name, record))
    return {name: nlargest(MOST_VALUES + 1, some, key=_rank) for name, some in found.items()}


def _rank(tally: Tally) -> tuple[int, str, int]:
    return tally.number, tally.value, -tally.record


def _labels(best: Mapping[str, Sequence[Tally]]) -> dict[tuple[str, int], Label]:
    """What the records among some values are called, by filter and key."""
    keys = [[one.record for one in best.get(name, ())] for name in labels.MODELS]
    named = _names(get_language() or settings.LANGUAGE_CODE).rows(*keys)
    return {(label.kind, label.key): label for label in labels.named(named)}


@cache
def _names(language: str) -> Prepared:
    """What the most frequent records of each kind are called. Whether places and tags may be named
    is not asked again: something readable has them."""

    def write(*keys: Sequence[int]) -> Compiled:
        of = dict(zip(labels.MODELS, keys, strict=True))
        return labels.composed(
            [labels.labels_of(name, _shown(name).filter(pk__in=some)) for name, some in of.items()],
            demands=labels.people_of_demands(demand__in=of["demand"]),
        )

    return Prepared(write, lists=len(labels.MODELS))


def _shown(name: str) -> QuerySet:
    is_certain = name in ("place", "from", "tag")
    return labels.MODELS[name].objects.all() if is_certain else labels.readable(name)
