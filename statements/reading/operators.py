"""What is typed as `tag:housing` beside the words of a search, as a filter of the page.

The first of each kind leaves the words and becomes a filter like any that is chosen beside the
list; what cannot stands among the words, and is looked for by its keys. What is typed as
`-tag:housing` stays among the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from taggit.models import Tag

from statements import languages
from statements.models import Organisation, Place, SearchEntry
from statements.naming import folded_name
from statements.reading import labels
from statements.search import finding
from statements.search.parsing import Query, parse, without_filters
from statements.search.terms import link
from statements.slugging import slugify

FILTERS = {
    "tag": "tag",
    "place": "place",
    "from": "from",
    "lang": "language",
    "org": "organisation",
}
MOST_ORGANISATIONS = 50


@dataclass
class Typed:
    """The words that are left, the filters, and what else has to be linked."""

    words: str
    query: Query
    filters: dict[str, str] = field(default_factory=dict)
    links: list[list[str]] = field(default_factory=list)
    # What must not be linked.
    without: list[str] = field(default_factory=list)
    # Languages in which there must be no text.
    without_languages: list[str] = field(default_factory=list)
    # Filters that nothing answers to.
    unknown: set[str] = field(default_factory=set)


def read(text: str) -> Typed:
    query = parse(text)
    if not query.filters and not query.excluded_filters:
        return Typed(text.strip(), query)
    typed = Typed(without_filters(text), query)
    for name, value in query.excluded_filters:
        kind, keys = meant(name, value)
        typed.without += [link(kind, key) for key in keys]
        if kind == "language":
            typed.without_languages += map(str, keys)
    for name, value in query.filters:
        kind = FILTERS[name]
        values = VALUES[kind](value)
        if kind not in typed.filters and len(values) == 1:
            typed.filters[kind] = values[0]
        elif keys := _keys(kind, values):
            typed.links.append([link(kind, key) for key in keys])
        else:
            # The page says that nothing answers to it.
            typed.filters.setdefault(kind, value)
            typed.unknown.add(kind)
    return typed


def meant(name: str, value: str) -> tuple[str, Sequence[int | str]]:
    """The filter that `name:value` is, and what it asks for: keys of records, tags of languages.

    None of them where nothing answers to it.
    """
    kind = FILTERS[name]
    return kind, _keys(kind, VALUES[kind](value))


def _keys(kind: str, values: list[str]) -> Sequence[int | str]:
    """What the index has for values: for records, only for those that may be named."""
    if kind not in labels.MODELS:
        return values
    column = "code" if kind in ("place", "from") else "slug"
    records = labels.readable(kind).filter(**{f"{column}__in": values}).order_by()
    return list(records.values_list("pk", flat=True))


def _tags(typed: str) -> list[str]:
    slug = slugify(typed, 100)
    named = (slug and Tag.objects.filter(slug=slug)) or Tag.objects.filter(name__iexact=typed)
    return [tag.slug for tag in named[:1]]


def _places(typed: str) -> list[str]:
    """By code, or by the name in a language of the interface."""
    wanted = folded_name(typed)
    rows = Place.objects.values_list("code", "name_override")
    for code, name in rows:
        if wanted in (code.lower(), folded_name(name)):
            return [code]
    named = (
        code
        for code, _name in rows
        if wanted in {folded_name(one) for one in languages.territory_names(code)}
    )
    return list(named)[:1]


def _languages(typed: str) -> list[str]:
    return [tag] if (tag := languages.called(typed)) else []


def _organisations(typed: str) -> list[str]:
    """By address or acronym; else all whose names have the words."""
    readable = Organisation.objects.readable()
    exact = readable.filter(slug=typed) or readable.filter(acronym__iexact=typed)
    if exact:
        return [one.slug for one in exact[:MOST_ORGANISATIONS]]
    kind = SearchEntry.Kind.ORGANISATION
    keys = finding.records(parse(f'"{typed}"'), [kind], MOST_ORGANISATIONS)[kind]
    return list(readable.filter(pk__in=keys).values_list("slug", flat=True))


VALUES = {
    "tag": _tags,
    "place": _places,
    "from": _places,
    "language": _languages,
    "organisation": _organisations,
}
