"""What is typed as `tag:housing` beside the words of a search, as a filter of the page.

The first of each kind leaves the words and becomes a filter like any that is chosen beside the
list. What cannot stays among the words, and is looked for by its keys: a second one of a kind, what
has several meanings, one OR another, and `-tag:housing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from statements import languages
from statements.models import Organisation, SearchEntry
from statements.naming import folded_name
from statements.reading import labels
from statements.search import finding
from statements.search.parsing import Filter, Query, parse, without_filters
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
    # Languages in which there must be no text; and of each group one in which there must be one,
    # beside another text: the index has of a text its own language alone.
    without_languages: list[str] = field(default_factory=list)
    languages_too: list[list[str]] = field(default_factory=list)
    # Filters, and what is left among the words, that nothing answers to: (kind, as typed).
    unknown: set[str] = field(default_factory=set)
    unanswered: list[tuple[str, str]] = field(default_factory=list)
    # Names of organisations that more have than are looked for.
    vague: list[str] = field(default_factory=list)


def read(text: str, chosen: Mapping[str, str]) -> Typed:
    """What somebody typed where some filters are in force already, by name.

    Raises TookTooLong.
    """
    query = parse(text)
    if not query.filters and not query.excluded_filters:
        return Typed(text.strip(), query)
    typed = Typed("", query)
    for one in query.excluded_filters:
        typed.without += _links([one], typed)
        if FILTERS[one[0]] == "language":
            typed.without_languages += _languages(one[1])
    rest = [group for group in query.filters if not _becomes_filter(group, typed, chosen)]
    typed.words = without_filters(text, {group[0] for group in query.filters if group not in rest})
    has_language = "language" in typed.filters | chosen
    for group in rest:
        is_language = all(FILTERS[name] == "language" for name, _value in group)
        links = _links(group, typed)
        if is_language and has_language and links:
            typed.languages_too.append([tag for _name, value in group for tag in _languages(value)])
        else:
            typed.links.append(links)
        has_language |= is_language
    return typed


def _becomes_filter(group: Sequence[Filter], typed: Typed, chosen: Mapping[str, str]) -> bool:
    """Make a filter of the page of a group, if it can be one."""
    [(name, typed_value), *others] = group
    if others:
        return False
    kind = FILTERS[name]
    values = VALUES[kind](typed_value, 2)
    # Where nothing answers to it, the page says so.
    value = values[0] if values else typed_value
    if len(values) > 1 or (typed.filters | chosen).get(kind, value) != value:
        return False
    typed.filters[kind] = value
    typed.unknown |= set() if values else {kind}
    return True


def _links(group: Sequence[Filter], typed: Typed) -> list[str]:
    """What the index has for one filter OR another."""
    found = []
    for name, value in group:
        one = meant(name, value, most=MOST_ORGANISATIONS)
        if not one.keys:
            typed.unanswered.append((one.kind, value))
        if one.is_vague:
            typed.vague.append(value)
        found += [link(one.kind, key) for key in one.keys]
    return found


class Meant(NamedTuple):
    """The filter that `name:value` is, and what it asks for: keys of records, tags of languages."""

    kind: str
    # None where nothing answers to it.
    keys: Sequence[int | str]
    # Whether more answer to it than are looked for.
    is_vague: bool = False


def meant(name: str, value: str, *, most: int) -> Meant:
    """What the index has for `name:value`: of records, only what may be named.

    Raises TookTooLong.
    """
    kind = FILTERS[name]
    values = VALUES[kind](value, most + 1)
    if kind not in labels.MODELS:
        return Meant(kind, values)
    column = "code" if kind in ("place", "from") else "slug"
    records = labels.readable(kind).filter(**{f"{column}__in": values[:most]}).order_by()
    return Meant(kind, list(records.values_list("pk", flat=True)), len(values) > most)


def _tags(typed: str, _most: int) -> list[str]:
    slug = slugify(typed, 100)
    tags = labels.readable("tag").order_by("pk")
    named = (slug and tags.filter(slug=slug)) or tags.filter(name__iexact=typed)
    return [tag.slug for tag in named[:1]]


def _places(typed: str, _most: int) -> list[str]:
    """By code, by the name that editors gave, or by a usual one."""
    wanted = folded_name(typed)
    rows = labels.readable("place").order_by("pk").values_list("code", "name_override")
    for code, name in rows:
        if wanted in (code.lower(), folded_name(name)):
            return [code]
    named = (
        code
        for code, _name in rows
        if wanted in {folded_name(one) for one in languages.territory_names(code)}
    )
    return list(named)[:1]


def _languages(typed: str, _most: int = 1) -> list[str]:
    return [tag] if (tag := languages.called(typed)) else []


def _organisations(typed: str, most: int) -> list[str]:
    """By address or acronym; else all whose names have the words."""
    readable = Organisation.objects.readable()
    exact = readable.filter(slug=typed) or readable.filter(acronym__iexact=typed)
    if exact:
        return [one.slug for one in exact[:most]]
    kind = SearchEntry.Kind.ORGANISATION
    keys = finding.records(parse(f'"{typed}"'), [kind], most)[kind]
    return list(readable.filter(pk__in=keys).values_list("slug", flat=True))


VALUES = {
    "tag": _tags,
    "place": _places,
    "from": _places,
    "language": _languages,
    "organisation": _organisations,
}
