"""Everything that one statement's page shows, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import (
    Count,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from taggit.models import Tag

from statements.dates import PartialDate
from statements.models import (
    Addressee,
    Attachment,
    Authorship,
    Correction,
    Demand,
    DemandAsMade,
    DemandPerson,
    Event,
    Naming,
    Organisation,
    Person,
    Place,
    Revision,
    Statement,
    Text,
)
from statements.models.base import shown_name
from statements.models.demand import by_owner
from statements.naming import Concealed, conceal
from statements.pages.passages import Made, Page, lay_out
from statements.pages.related import related_ids
from statements.pages.rows import Author, author_of, day_of, may_be_named, text_for_reader

MOST_CORRECTIONS = 10


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
    itself: Version
    # The other texts, those with the same standing together.
    others: list[list[Version]] = field(default_factory=list)
    # The text in the reader's language, where this is not it.
    own_language: Version | None = None
    related: list[Related] = field(default_factory=list)
    source_title: str = ""
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
    events = list(_events(statement))
    made = _made(text)
    people = _people(text, made)
    relations, ids = related_ids(statement, events, made)
    found = _gather([statement.pk, *ids], [one.demand.pk for one in made])
    for one in made:
        one.demand.concealed = found.names["demand"].get(one.demand.pk, [])
    hidden = found.hidden(statement.pk)
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
        itself=next(one for one in versions if one.text.pk == text.pk),
        others=_together(others),
        own_language=_own_language(text, others),
        related=[_related(pk, found, relations.get(pk, "")) for pk in ids if found.texts[pk]],
        source_title=conceal(statement.source.title, hidden) if statement.source else "",
        corrections=_corrections(text, hidden),
    )


def _gather(statements: list[int], demands: list[int]) -> Gathered:
    texts: dict[int, list[Text]] = {pk: [] for pk in statements}
    for text in _texts(statements):
        texts[text.statement_id].append(text)
    authors: dict[int, list[Authorship]] = {pk: [] for pk in statements}
    for author in authorships_of(statements):
        authors[author.statement_id].append(author)
    in_texts = Naming.objects.spellings_concealed_in(
        [some[0].pk for some in texts.values() if some]
    )
    in_demands = DemandPerson.objects.filter(demand__in=demands).spellings_concealed()
    return Gathered(texts, authors, by_owner(in_texts.union(in_demands)))


# The queries, one each


def _events(statement: Statement) -> QuerySet[Event]:
    return (
        Event.objects.readable()
        .named()
        .filter(statements=statement)
        .order_by(F("start_earliest").asc(nulls_last=True), "pk")
    )


def _texts(statements: list[int]) -> QuerySet[Text]:
    """Readable texts with their titles, and with no other words."""
    return (
        Text.objects.readable()
        .filter(statement__in=statements)
        .select_related("statement__source", "live_revision", "translated_from__text")
        .defer(*(f"live_revision__{name}" for name in Revision.FIELDS if name != "title"))
        .defer(*(f"translated_from__{name}" for name in Revision.FIELDS))
        .order_by("-is_leading", "language")
    )


def authorships_of(statements: list[int]) -> QuerySet[Authorship]:
    return (
        Authorship.objects.filter(statement__in=statements)
        .select_related("organisation__country")
        .annotate(**shown_name(Organisation, "organisation__"))
    )


def _made(text: Text) -> list[Made]:
    """The demands that the statement makes, with the words of this text: a row a quotation."""
    addressee = {
        f"addressee_{name}": value
        for name, value in shown_name(Addressee, "demand__addressee__").items()
    }
    rows = (
        DemandAsMade.objects.filter(
            statement=text.statement_id, demand__in=Demand.objects.readable()
        )
        .select_related("demand__addressee")
        .annotate(
            **shown_name(Demand, "demand__"),
            **addressee,
            others=_other_organisations(text.statement_id),
            concerned=_persons_concerned(),
            here=FilteredRelation(
                "quotations", condition=Q(quotations__text=text, quotations__in_live=True)
            ),
            part=F("here__field"),
            words=F("here__words"),
            quotation=F("here__pk"),
        )
        .order_by("position", "pk", "here__pk")
    )
    found: dict[int, Made] = {}
    for row in rows:
        demand = row.demand
        demand.shown, demand.shown_language = row.shown, row.shown_language
        if demand.addressee:
            demand.addressee.shown = row.addressee_shown
            demand.addressee.shown_language = row.addressee_shown_language
        made = found.setdefault(
            row.pk,
            Made(
                demand=demand,
                voice=row.voice,
                voice_label=row.get_voice_display(),
                others=row.others,
                concerned=row.concerned,
            ),
        )
        if row.words:
            made.quotations.append((row.quotation, row.part, row.words))
    return list(found.values())


def _other_organisations(statement: int) -> Coalesce:
    """How many other organisations make the demand; the editors' voice counts for none."""
    ours = Authorship.objects.filter(statement=statement, organisation__isnull=False)
    theirs = (
        Authorship.objects.filter(
            role=Authorship.Role.AUTHOR,
            organisation__in=Organisation.objects.readable(),
            statement__in=Statement.objects.readable(),
            statement__demands_made__demand=OuterRef("demand"),
            statement__demands_made__voice=DemandAsMade.Voice.ORGANISATION,
        )
        .exclude(statement=statement)
        .exclude(organisation__in=ours.values("organisation"))
        .order_by()
        .values("statement__demands_made__demand")
        .annotate(number=Count("organisation", distinct=True))
        .values("number")
    )
    return Coalesce(Subquery(theirs), 0)


def _persons_concerned() -> Coalesce:
    number = (
        DemandPerson.objects.filter(demand=OuterRef("demand"))
        .order_by()
        .values("demand")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(number), 0)


def _people(text: Text, made: Iterable[Made]) -> list[Person]:
    """The persons whom the text names or a demand is about; those are given to the demands."""
    demands: defaultdict[int, list[Made]] = defaultdict(list)
    for one in made:
        demands[one.demand.pk].append(one)
    # An empty list would make the whole query empty, those who are only named too.
    ids = list(demands) or [0]
    named = Naming.objects.filter(text=text).order_by().values("person")
    asked = DemandPerson.objects.filter(demand__in=ids).order_by().values("person")
    rows = (
        Person.objects.readable()
        .named()
        .filter(pk__in=named.union(asked))
        .annotate(
            part=FilteredRelation("demand_people", condition=Q(demand_people__demand__in=ids)),
            for_demand=F("part__demand"),
            place=F("part__position"),
        )
        .order_by(F("place").asc(nulls_last=True), "part__pk", "name", "pk")
    )
    found: dict[int, Person] = {}
    for row in rows:
        person = found.setdefault(row.pk, row)
        for one in demands.get(row.for_demand, ()):
            one.people.append(person)
    return list(found.values())


def _tags_and_places(statement: Statement) -> tuple[list[Tag], list[Place]]:
    tags = Tag.objects.filter(taggings__content_object=statement).order_by()
    places = Place.objects.filter(statements=statement).order_by()
    union = tags.values_list(Value("tag"), "slug", "name").union(
        places.values_list(Value("place"), "code", "name_override")
    )
    found: dict[str, list] = {"tag": [], "place": []}
    for kind, key, name in union:
        if kind == "tag":
            found[kind].append(Tag(slug=key, name=name))
        else:
            found[kind].append(Place(code=key, name_override=name))
    return tuple(sorted(some, key=lambda one: one.name.casefold()) for some in found.values())


def _attachments(statement: Statement, hidden: list[Concealed]) -> list[Attachment]:
    found = list(Attachment.objects.readable().filter(statement=statement))
    for one in found:
        for name in ("alternative", "caption", "credit"):
            setattr(one, name, conceal(getattr(one, name), hidden))
    return found


def _corrections(text: Text, hidden: list[Concealed]) -> list[Correction]:
    """What the public register says of the text's versions."""
    found = Correction.objects.filter(version__text=text).select_related("version")
    return noted(found.newest_first()[:MOST_CORRECTIONS], hidden)


# What is made of it


def noted(corrections: Iterable[Correction], hidden: list[Concealed]) -> list[Correction]:
    """Entries of the register, their notes without names that must not be shown."""
    entries = list(corrections)
    for entry in entries:
        entry.note = conceal(entry.note, hidden)
    return entries


def _version(text: Text, hidden: list[Concealed]) -> Version:
    source = text.translated_from
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
