"""Statements for programs: many at once, in a fixed number of queries.

    in_list(statements)      what lists have, without words
    whole(statements)        everything, with the words of each text

Those that are not readable give nothing: they have tombstones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery, Value, prefetch_related_objects
from django.urls import reverse

from statements.absolute import id_of
from statements.models import (
    Attachment,
    Authorship,
    Correction,
    DemandPerson,
    Naming,
    Organisation,
    Person,
    Revision,
    SiteText,
    Source,
    Statement,
    StatementRelation,
    Tagging,
    Text,
)
from statements.models.base import shown_name
from statements.models.demand import Demand
from statements.naming import Concealed, conceal
from statements.reading.claims import QUOTATIONS, words_anchor
from statements.reading.rows import (
    Names,
    author_of,
    demands_of,
    links,
    may_be_named,
    names_concealed,
    text_for_reader,
)
from statements.reading.statement import conceal_lines, conceal_source
from statements.records import statement_fields as fields
from statements.records.shapes import (
    Day,
    SourceOf,
    api_address,
    here,
    link_to,
    link_to_place,
    link_to_tag,
)
from statements.records.texts import text_of

TAGS = Prefetch("taggings", Tagging.objects.select_related("tag"), to_attr="tags_shown")
OF_A_LIST = ("events_shown", "places_shown", "demands_shown")


def in_list(statements: Iterable[Statement]) -> list[fields.StatementInList]:
    """The statements come with their sources."""
    found = list(statements)
    texts = Text.objects.readable().select_related("live_revision")
    texts = texts.only(
        *("statement", "language", "is_leading", "slug", "authority", "changed_at"),
        *("live_revision__title", "live_revision__number"),
    )
    _fetch(found, texts, _authors(Authorship.Role.AUTHOR))
    names = names_concealed(found)
    return [
        fields.StatementInList(
            **_short(one, names),
            demands=[
                fields.DemandOf(**dict(link_to(demand)), state=demand.state)
                for demand in demands_of(one, names)
            ],
            texts=[_text_in_list(text, names) for text in one.texts_shown],
        )
        for one in found
        if one.texts_shown
    ]


def whole(statements: Iterable[Statement]) -> list[fields.Statement]:
    found = list(statements)
    texts = Text.objects.readable().dated().select_related("live_revision", "translated_from__text")
    texts = texts.defer(*(f"translated_from__{name}" for name in Revision.FIELDS))
    _fetch(found, texts, _authors(), QUOTATIONS)
    found = [one for one in found if one.texts_shown]
    names = names_concealed(found)
    around = Around(found)
    return [_whole(one, names, around) for one in found]


def _fetch(
    statements: list[Statement], texts: QuerySet[Text], authors: QuerySet, *more: Prefetch
) -> None:
    known = links()
    prefetch_related_objects(
        statements,
        Prefetch("texts", texts, to_attr="texts_shown"),
        Prefetch("authorships", authors, to_attr="authors_shown"),
        *(known[name] for name in OF_A_LIST),
        TAGS,
        *more,
    )


def _authors(role: str = "") -> QuerySet[Authorship]:
    authors = Authorship.objects.select_related("organisation__country")
    authors = authors.filter(role=role) if role else authors
    return authors.annotate(**shown_name(Organisation, "organisation__"))


# What lists have


def _short(statement: Statement, names: Names) -> dict[str, object]:
    text = text_for_reader(statement.texts_shown)
    hidden = names["text"].get(text.pk, [])
    return {
        "id": id_of("statement", statement.pk),
        "slug": text.slug,
        "url": here(text.get_absolute_url()),
        "api": api_address("statement", text.slug),
        "title": conceal(text.live_revision.title, hidden),
        "language": text.language,
        "kind": statement.kind,
        "standing": statement.standing,
        "issued": Day.of(statement.issued),
        "sorted_on": statement.sort_on,
        "published_at": statement.public_since,
        "changed_at": max(one.changed_at for one in statement.texts_shown),
        "authors": authors_of(statement.authors_shown, hidden),
        "events": [link_to(event) for event in statement.events_shown],
        "places": [link_to_place(place) for place in statement.places_shown],
        "tags": [link_to_tag(tagging.tag) for tagging in statement.tags_shown],
        "is_example": statement.is_example,
        "may_be_indexed": statement.may_be_indexed,
    }


def authors_of(
    authorships: Iterable[Authorship],
    hidden: list[Concealed],
    role: str = Authorship.Role.AUTHOR,
) -> list[fields.AuthorOf]:
    return [_author(one, hidden) for one in authorships if one.role == role and may_be_named(one)]


def _author(authorship: Authorship, hidden: list[Concealed]) -> fields.AuthorOf:
    author = author_of(authorship, hidden)
    organisation = authorship.organisation
    if organisation:
        organisation.shown, organisation.shown_language = author.name, author.language
    return fields.AuthorOf(
        name=author.name,
        language=author.language,
        as_printed=author.as_printed,
        organisation=link_to(organisation) if organisation else None,
        acronym=author.acronym,
        country=link_to_place(author.country) if author.country else None,
    )


def _text_in_list(text: Text, names: Names) -> fields.TextInList:
    return fields.TextInList(
        id=id_of("text", text.pk),
        language=text.language,
        slug=text.slug,
        url=here(text.get_absolute_url()),
        title=conceal(text.live_revision.title, names["text"].get(text.pk, [])),
        is_leading=text.is_leading,
        authority=text.authority,
        version=text.live_revision.number,
        changed_at=text.changed_at,
    )


# What one has besides


class Around:
    """What is read besides, by the statement's or the text's number."""

    def __init__(self, statements: list[Statement]) -> None:
        keys = [one.pk for one in statements]
        texts = [text.pk for one in statements for text in one.texts_shown]
        self.people = _people(keys, texts)
        self.attachments = _by(Attachment.objects.readable(), "statement", keys)
        self.corrections = _by(Correction.objects.newest_first(), "statement", keys)
        # nosemgrep: past-the-gates - of readable texts alone
        versions = Revision.objects.filter(number__isnull=False).order_by("-number")
        versions = versions.select_related("correction").defer(*Revision.FIELDS)
        self.versions = _by(versions, "text", texts)
        self.relations = _relations(keys)
        self.licence = SiteText.objects.for_language().site.licence


def _by(rows: QuerySet, name: str, keys: list[int]) -> dict[int, list]:
    found = defaultdict(list)
    for row in rows.filter(**{f"{name}__in": keys}):
        found[getattr(row, f"{name}_id")].append(row)
    return found


def _people(statements: list[int], texts: list[int]) -> dict[int, list[Person]]:
    """Those named in full by name; after them the others, whose place would tell."""
    named = Naming.objects.filter(text__in=texts).order_by()
    asked = DemandPerson.objects.filter(
        demand__made__statement__in=statements, demand__in=Demand.objects.readable()
    ).order_by()
    pairs = named.values_list("text__statement", "person").union(
        asked.values_list("demand__made__statement", "person")
    )
    of: dict[int, set[int]] = defaultdict(set)
    for statement, person in pairs:
        of[statement].add(person)
    wanted = set().union(*(of[key] for key in statements)) if statements else set()
    people = Person.objects.readable().named().in_bulk(wanted)
    return {
        key: sorted((people[one] for one in of[key] if one in people), key=_place)
        for key in statements
    }


def _place(person: Person) -> tuple:
    in_full = person.shown_as == Person.Shown.FULL
    return (not in_full, person.name if in_full else "", person.pk)


def _relations(statements: list[int]) -> dict[int, list[fields.RelationOf]]:
    def rows(mine: str, other: str, is_inward: bool) -> QuerySet:
        texts = Text.objects.readable().filter(statement=OuterRef(other))
        slug = Subquery(texts.order_by("-is_leading", "pk").values("slug")[:1])
        others = Statement.objects.readable()
        found = StatementRelation.objects.filter(
            **{f"{mine}__in": statements, f"{other}__in": others}
        )
        return found.order_by().values_list(mine, "kind", other, Value(is_inward), slug)

    found = defaultdict(list)
    union = rows("statement", "other", False).union(rows("other", "statement", True))
    for statement, kind, other, is_inward, slug in sorted(union):
        found[statement].append(
            fields.RelationOf(
                relation=kind,
                is_inward=is_inward,
                id=id_of("statement", other),
                api=api_address("statement", slug),
            )
        )
    return found


def _whole(statement: Statement, names: Names, around: Around) -> fields.Statement:
    short = _short(statement, names)
    leading = statement.texts_shown[0]
    hidden = names["text"].get(leading.pk, [])
    conceal_source(statement.source, hidden)
    conceal_lines(statement, ("licence",), hidden)
    return fields.Statement(
        **short,
        signatories=authors_of(statement.authors_shown, hidden, Authorship.Role.SIGNATORY),
        people=[link_to(person) for person in around.people[statement.pk]],
        demands=_demands_made(statement, names),
        texts=[
            text_of(_text_in_list(text, names), text, around.versions[text.pk], hidden)
            for text in statement.texts_shown
        ],
        source=source_of(statement.source),
        licence=statement.licence or around.licence,
        attachments=[_attachment(one, hidden) for one in around.attachments[statement.pk]],
        relations=around.relations[statement.pk],
        corrections=corrections_of(around.corrections[statement.pk], hidden),
    )


def _demands_made(statement: Statement, names: Names) -> list[fields.DemandMadeOf]:
    shown = {demand.pk: demand for demand in demands_of(statement, names)}
    texts = {text.pk: text for text in statement.texts_shown}
    return [
        fields.DemandMadeOf(
            **dict(link_to(shown[made.demand_id])),
            state=made.demand.state,
            voice=made.voice,
            quotations=[
                fields.QuotationOf(
                    words=conceal(one.words, names["text"].get(one.text_id, [])),
                    language=texts[one.text_id].language,
                    part=one.field,
                    url=f"{here(texts[one.text_id].get_absolute_url())}#{words_anchor(one.pk)}",
                )
                for one in made.quotations_shown
                if one.text_id in texts
            ],
        )
        for made in statement.demands_shown
    ]


def source_of(source: Source | None) -> SourceOf | None:
    if not source:
        return None
    return SourceOf(
        publication=source.publication,
        title=source.title,
        url=source.url,
        archived_url=source.archived_url,
        published=Day.of(source.published),
    )


def _attachment(attachment: Attachment, hidden: list[Concealed]) -> fields.AttachmentOf:
    conceal_lines(attachment, ("alternative", "caption", "credit", "licence"), hidden)
    return fields.AttachmentOf(
        url=here(reverse("media", args=[attachment.file.name])),
        type=attachment.type,
        alternative=attachment.alternative,
        caption=attachment.caption,
        language=attachment.language,
        credit=attachment.credit,
        licence=attachment.licence,
        width=attachment.width,
        height=attachment.height,
        size=attachment.size,
    )


def corrections_of(
    corrections: Iterable[Correction], hidden: list[Concealed]
) -> list[fields.CorrectionOf]:
    return [
        fields.CorrectionOf(
            id=id_of("correction", one.pk),
            kind=one.kind,
            reason=one.reason,
            note=conceal(one.note, hidden),
            language=one.language,
            at=one.at,
        )
        for one in corrections
    ]
