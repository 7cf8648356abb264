"""Everything that one statement's page shows, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache

from django.conf import settings
from django.db.models import F, QuerySet, Value
from django.utils.translation import get_language
from taggit.models import Tag

from statements.dates import PartialDate
from statements.models import (
    Attachment,
    Authorship,
    Correction,
    DemandPerson,
    Event,
    Naming,
    Organisation,
    Person,
    Place,
    Revision,
    Source,
    Statement,
    Text,
)
from statements.models.base import shown_name
from statements.models.demand import by_owner
from statements.naming import Concealed, conceal
from statements.prepared import Prepared
from statements.reading import register
from statements.reading.demanded import demands_made, persons_in
from statements.reading.passages import Made, Page, lay_out
from statements.reading.related import related_ids
from statements.reading.rows import Author, author_of, day_of, may_be_named, text_for_reader
from statements.reading.updates import address_told

# What has lines in which a name may stand.
Lines = Attachment | Source | Statement | Text


@dataclass
class Version:
    """One text of the statement, as the others speak of it."""

    text: Text
    title: str
    # The version it was translated from, where that is known and public.
    source: Revision | None = None

    @property
    def is_translation(self) -> bool:
        return bool(self.source) or not self.text.is_leading

    @property
    def is_out_of_date(self) -> bool:
        """Whether the text it was translated from has another version by now."""
        source = self.source
        return bool(source) and source.text.live_revision_id != source.pk

    @property
    def standing(self) -> tuple:
        """What translations have in common that are named in one line."""
        source = self.source
        return (
            self.text.authority,
            self.text.translator,
            source and (source.number, source.text.language),
            self.is_out_of_date,
        )


@dataclass
class Related:
    """Another statement, in the text that fits the reader."""

    text: Text
    title: str
    day: PartialDate
    authors: list[Author]
    is_example: bool
    relation: str = ""


@dataclass
class Reading:
    """A statement in one language, as its page shows it."""

    text: Text
    page: Page
    authors: list[Author]
    signatories: list[Author]
    events: list[Event]
    people: list[Person]
    tags: list[Tag]
    places: list[Place]
    attachments: list[Attachment]
    demands: list[Made]
    # What must not be shown in any of its words.
    hidden: list[Concealed]
    itself: Version
    # The other texts, those with the same standing together.
    others: list[list[Version]] = field(default_factory=list)
    # The text in the reader's language, where this is not it.
    own_language: Version | None = None
    related: list[Related] = field(default_factory=list)
    # What was changed in the text since its first version, the newest first.
    corrections: list[Correction] = field(default_factory=list)

    @property
    def needs_mark(self) -> bool:
        """Whether it is invented, and no author above it is marked so already."""
        return self.text.statement.is_example and not any(one.is_example for one in self.authors)

    @property
    def languages(self) -> int:
        return 1 + sum(len(group) for group in self.others)


@dataclass
class Gathered:
    """What the database gave for the statement and for those related to it."""

    texts: dict[int, list[Text]]
    authors: dict[int, list[Authorship]]
    names: dict[str, dict[int, list[Concealed]]]

    def hidden(self, statement: int) -> list[Concealed]:
        """What must not be shown of a statement, the same in all of its texts."""
        text = next(iter(self.texts[statement]), None)
        return self.names["text"].get(text.pk, []) if text else []

    def named(self, statement: int, role: str = Authorship.Role.AUTHOR) -> list[Author]:
        hidden = self.hidden(statement)
        return [
            author_of(one, hidden)
            for one in self.authors[statement]
            if one.role == role and may_be_named(one)
        ]


def read(text: Text) -> Reading:
    """Gather a statement's page; the text comes with its live revision and its source."""
    statement = text.statement
    language = get_language() or settings.LANGUAGE_CODE
    events = _events(language).records([statement.pk])
    made = demands_made(text)
    people = persons_in(text, made)
    relations, ids = related_ids(statement, events, made)
    found = _gather([statement.pk, *ids], [one.demand.pk for one in made])
    for one in made:
        one.demand.concealed = found.names["demand"].get(one.demand.pk, [])
    hidden = found.hidden(statement.pk)
    conceal_source(statement.source, hidden)
    conceal_lines(text, ("translator",), hidden)
    conceal_lines(statement, ("licence",), hidden)
    versions = [_version(one, hidden) for one in found.texts[statement.pk]]
    others = [one for one in versions if one.text.pk != text.pk]
    tags, places = _tags_and_places(statement)
    return Reading(
        text=text,
        page=lay_out(text.live_revision, made, hidden),
        authors=found.named(statement.pk),
        signatories=found.named(statement.pk, Authorship.Role.SIGNATORY),
        events=events,
        people=people,
        tags=tags,
        places=places,
        attachments=_attachments(statement, hidden),
        demands=made,
        hidden=hidden,
        itself=next(one for one in versions if one.text.pk == text.pk),
        others=_together(others),
        own_language=_own_language(text, others),
        related=[_related(pk, found, relations.get(pk, "")) for pk in ids if found.texts[pk]],
        corrections=register.corrections_of(text, hidden),
    )


def _gather(statements: list[int], demands: list[int]) -> Gathered:
    texts: dict[int, list[Text]] = {pk: [] for pk in statements}
    for text in TEXTS.records(statements):
        texts[text.statement_id].append(text)
    authors: dict[int, list[Authorship]] = {pk: [] for pk in statements}
    for author in authorships_of(statements):
        authors[author.statement_id].append(author)
    of_each = [some[0].pk for some in texts.values() if some]
    return Gathered(texts, authors, by_owner(CONCEALED.rows(of_each, demands)))


def _concealed(texts: Iterable[int], demands: Iterable[int]) -> QuerySet:
    in_demands = DemandPerson.objects.filter(demand__in=demands).spellings_concealed()
    return Naming.objects.spellings_concealed_in(texts).union(in_demands)


CONCEALED = Prepared(_concealed, lists=2)


# The queries, one each


@cache
def _events(language: str) -> Prepared:
    """Of a statement."""
    events = Event.objects.readable().named(language)
    events = events.order_by(F("start_earliest").asc(nulls_last=True), "pk")
    return Prepared(lambda statements: events.filter(statements__in=statements), lists=1)


def _texts(statements: Collection[int]) -> QuerySet[Text]:
    """Readable texts with their titles, and with no other words."""
    return (
        Text.objects.readable()
        .filter(statement__in=statements)
        .select_related("statement__source", "live_revision", "translated_from__text")
        .defer(*(f"live_revision__{name}" for name in Revision.FIELDS if name != "title"))
        .defer(*(f"translated_from__{name}" for name in Revision.FIELDS))
        .order_by("-is_leading", "language")
    )


def authorships_of(statements: Collection[int]) -> list[Authorship]:
    """Who issued and who signed them, in their order."""
    return _authorships(get_language() or settings.LANGUAGE_CODE).records(statements)


@cache
def _authorships(language: str) -> Prepared:
    rows = Authorship.objects.select_related("organisation__country").annotate(
        **shown_name(Organisation, "organisation__", language)
    )
    return Prepared(lambda statements: rows.filter(statement__in=statements), lists=1)


def _named_by_words(statements: Collection[int]) -> QuerySet:
    """(which of both, key, name) of tags and places."""
    tags = Tag.objects.filter(taggings__content_object__in=statements).order_by()
    places = Place.objects.filter(statements__in=statements).order_by()
    return tags.values_list(Value("tag"), "slug", "name").union(
        places.values_list(Value("place"), "code", "name_override")
    )


TEXTS, TAGS_AND_PLACES = Prepared(_texts, lists=1), Prepared(_named_by_words, lists=1)
ATTACHMENTS = Prepared(
    lambda statements: Attachment.objects.readable().filter(statement__in=statements), lists=1
)


def _tags_and_places(statement: Statement) -> tuple[list[Tag], list[Place]]:
    found: dict[str, list] = {"tag": [], "place": []}
    for kind, key, name in TAGS_AND_PLACES.rows([statement.pk]):
        if kind == "tag":
            found[kind].append(Tag(slug=key, name=name))
        else:
            found[kind].append(Place(code=key, name_override=name))
    return tuple(sorted(some, key=lambda one: one.name.casefold()) for some in found.values())


def _attachments(statement: Statement, hidden: list[Concealed]) -> list[Attachment]:
    found = ATTACHMENTS.records([statement.pk])
    for one in found:
        conceal_lines(one, ("alternative", "caption", "credit", "licence"), hidden)
    return found


# What is made of it


def conceal_lines(record: Lines | None, names: tuple, hidden: list) -> None:
    """Take names that must not be shown out of a record's lines, for this page alone."""
    for name in names if record else ():
        setattr(record, name, conceal(getattr(record, name), hidden))


def conceal_source(source: Source | None, hidden: list[Concealed]) -> None:
    """Its words without the names, and no address that tells one; the page says so."""
    conceal_lines(source, ("publication", "title"), hidden)
    for name in ("url", "archived_url") if source else ():
        if not address_told(address := getattr(source, name), hidden) and address:
            setattr(source, name, "")
            source.is_address_hidden = True


def _version(text: Text, hidden: list[Concealed]) -> Version:
    source = text.translated_from
    conceal_lines(text, ("translator",), hidden)
    return Version(
        text=text,
        title=conceal(text.live_revision.title, hidden),
        source=source if source and source.number else None,
    )


def _together(versions: Iterable[Version]) -> list[list[Version]]:
    """Texts with the same standing in one list, in the order of their languages."""
    groups: dict[tuple, list[Version]] = {}
    for version in versions:
        groups.setdefault(version.standing, []).append(version)
    return list(groups.values())


def _own_language(text: Text, others: Iterable[Version]) -> Version | None:
    """The text in the interface's language, where the reader is at another one."""
    wanted = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    if text.language.partition("-")[0] == wanted:
        return None
    fitting = (one for one in others if one.text.language.partition("-")[0] == wanted)
    return next(fitting, None)


def _related(pk: int, found: Gathered, relation: str) -> Related:
    text = text_for_reader(found.texts[pk])
    return Related(
        text=text,
        title=conceal(text.live_revision.title, found.hidden(pk)),
        day=day_of(text.statement),
        authors=found.named(pk),
        is_example=text.statement.is_example,
        relation=relation,
    )
