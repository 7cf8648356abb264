"""Who spoke about an event, when, in which languages, and what is not translated yet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import ngettext, npgettext, pgettext

from statements import languages
from statements.dates import PartialDate
from statements.models import Event, Statement, Text
from statements.naming import conceal
from statements.reading.claims import Speakers, leading_text, speakers_of
from statements.reading.comparison import Comparison
from statements.reading.rows import Author, Names, day_of, may_be_named

MOST_SPEAKERS = 100
MOST_COLUMNS = 10
ORIGINAL = {Text.Authority.ORIGINAL, Text.Authority.EQUAL}


@dataclass
class Language:
    """How much was said in one language, and can be read in it."""

    tag: str
    texts: int = 0
    originals: int = 0
    # Statements that are not in it; counted for the languages of the interface alone.
    missing: int = 0
    url: str = ""

    @property
    def is_wanted(self) -> bool:
        return self.tag in dict(settings.LANGUAGES)


@dataclass(frozen=True)
class Cell:
    """How many texts of an organisation there are in one language, and whether it spoke in it."""

    tag: str
    count: int
    is_spoken: bool
    url: str


@dataclass
class Speaker:
    """An organisation, and how often, when and in which languages it spoke."""

    author: Author
    days: list[PartialDate] = field(default_factory=list)
    # Those it spoke in, and how many of its statements can be read in which.
    tags: set[str] = field(default_factory=set)
    readable: Counter[str] = field(default_factory=Counter)
    cells: list[Cell] = field(default_factory=list)
    slug: str = ""
    # The list of its statements; empty for a name that is only printed.
    url: str = ""

    @property
    def count(self) -> int:
        return len(self.days)

    @property
    def first(self) -> PartialDate:
        return self.days[-1]

    @property
    def last(self) -> PartialDate | None:
        """The newest day, where there are several."""
        return self.days[0] if self.days[0] != self.days[-1] else None


@dataclass(frozen=True)
class Untranslated:
    """A statement that a language lacks."""

    title: str
    text: Text
    day: PartialDate
    speakers: Speakers
    tags: list[str]


@dataclass
class Coverage:
    languages: list[Language]
    # The languages that organisations stand beside in a table: those with texts, not too many.
    columns: list[str]
    speakers: list[Speaker]
    hidden_count: int


def coverage_of(event: Event, statements: list[Statement], names: Names) -> Coverage:
    """What statements, newest first, tell of who spoke and in which languages."""
    statements = [one for one in statements if one.texts_shown]
    speakers = sorted(_speakers(event, statements, names), key=lambda one: one.first.sort_day)
    found = _languages(event, statements)
    columns = [one.tag for one in found if one.texts][:MOST_COLUMNS]
    for speaker in speakers[:MOST_SPEAKERS]:
        speaker.cells = [_cell(event, speaker, tag) for tag in columns]
    return Coverage(
        found,
        columns,
        speakers[:MOST_SPEAKERS],
        max(len(speakers) - MOST_SPEAKERS, 0),
    )


def languages_of(event: Event, statements: list[Statement]) -> list[Language]:
    return _languages(event, [one for one in statements if one.texts_shown])


def untranslated(statements: list[Statement], names: Names, tag: str) -> list[Untranslated]:
    """Statements, newest first, without a text in a language."""
    return [
        Untranslated(
            conceal(text.live_revision.title, names["text"].get(text.pk, [])),
            text,
            day_of(statement),
            speakers_of(statement, names),
            _tags(statement),
        )
        for statement in statements
        if statement.texts_shown and tag not in {one.language for one in statement.texts_shown}
        for text in [leading_text(statement)]
    ]


def _languages(event: Event, statements: list[Statement]) -> list[Language]:
    """Those of the interface first, in its order; then the others, most texts first."""
    found = {tag: Language(tag) for tag, _name in settings.LANGUAGES}
    for statement in statements:
        for text in statement.texts_shown:
            language = found.setdefault(text.language, Language(text.language))
            language.texts += 1
            language.originals += text.authority in ORIGINAL
    for language in found.values():
        language.missing = len(statements) - language.texts if language.is_wanted else 0
        language.url = _list(event, language=language.tag)
    places = {tag: place for place, (tag, _name) in enumerate(settings.LANGUAGES)}
    return sorted(
        found.values(), key=lambda one: (places.get(one.tag, len(places)), -one.texts, one.tag)
    )


def _cell(event: Event, speaker: Speaker, tag: str) -> Cell:
    count, url = speaker.readable[tag], ""
    if count and speaker.slug:
        url = _list(event, organisation=speaker.slug, language=tag)
    return Cell(tag, count, tag in speaker.tags, url)


def _speakers(event: Event, statements: list[Statement], names: Names) -> list[Speaker]:
    found: dict[int | str, Speaker] = {}
    known: Speakers = {}
    for statement in statements:
        slugs = {
            one.organisation_id: one.organisation.slug
            for one in statement.authors_shown
            if one.organisation
        }
        originals = [text.language for text in statement.texts_shown if text.authority in ORIGINAL]
        for key, author in speakers_of(statement, names, known).items():
            speaker = found.setdefault(key, Speaker(author))
            speaker.days.append(day_of(statement))
            speaker.readable.update({text.language for text in statement.texts_shown})
            if key in slugs:
                speaker.slug = slugs[key]
                speaker.url = _list(event, organisation=speaker.slug)
            speaker.tags.update(originals)
    return list(found.values())


def _tags(statement: Statement) -> list[str]:
    return sorted((text.language for text in statement.texts_shown), key=languages.name)


def _list(event: Event, **filters: str) -> str:
    """The list of statements about an event and its parts, narrowed down."""
    query = urlencode(sorted({"event": event.slug, **filters}.items()))
    return f"{reverse('pages:statement_list')}?{query}"


def sentences(statements: list[Statement], comparison: Comparison) -> list[str]:
    """Who spoke, in how many languages, and what they demand, in words."""
    statements = [statement for statement in statements if statement.texts_shown]
    speakers = {
        author.organisation_id or author.name_as_printed: author
        for statement in statements
        for author in statement.authors_shown
        if may_be_named(author)
    }
    examples = sum(
        bool(author.organisation and author.organisation.is_example) for author in speakers.values()
    )
    languages = {leading_text(statement).language for statement in statements}
    if not speakers:
        return []
    found = [_who_spoke(len(speakers), len(languages), comparison.demand_count)]
    if comparison.editors_count:
        found.append(_what_editors_add(comparison.editors_count, comparison.demand_count))
    if examples:
        found.append(_how_many_invented(examples, len(speakers)))
    return found


def _who_spoke(organisations: int, languages: int, demands: int) -> str:
    """One sentence of three counts, each worded for itself: languages differ in their plurals."""
    words = {
        "organisations": npgettext(
            "who spoke about an event", "One organisation", "%(count)d organisations", organisations
        )
        % {"count": organisations},
        "languages": npgettext(
            "spoke about it, …", "in one language", "in %(count)d languages", languages
        )
        % {"count": languages},
        "demands": npgettext("made …", "one demand", "%(count)d demands", demands)
        % {"count": demands}
        if demands
        else pgettext("made …", "no demand"),
    }
    return (
        ngettext(
            "%(organisations)s spoke about it, %(languages)s, and made %(demands)s.",
            "%(organisations)s spoke about it, %(languages)s, and made %(demands)s.",
            organisations,
        )
        % words
    )


def _what_editors_add(demands: int, to_others: int) -> str:
    if to_others:
        words = ngettext("The editors made one more.", "The editors made %(count)d more.", demands)
    else:
        words = ngettext(
            "The editors made one demand.", "The editors made %(count)d demands.", demands
        )
    return words % {"count": demands}


def _how_many_invented(examples: int, organisations: int) -> str:
    if examples == organisations:
        return ngettext(
            "It is an invented example.", "All of them are invented examples.", organisations
        )
    return ngettext(
        "One of the organisations is an invented example.",
        "%(count)d of the organisations are invented examples.",
        examples,
    ) % {"count": examples}
