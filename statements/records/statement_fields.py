"""What programs are given of statements: the fields, each explained."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from statements import models
from statements.models import (
    Attachment,
    Correction,
    Demand,
    DemandAsMade,
    Quotation,
    Revision,
    StatementRelation,
    Text,
)
from statements.records.shapes import Coded, Day, Link, Record, Shape, SourceOf, code

READABLE = [one.value for one in models.Statement.READABLE]


class AuthorOf(Shape):
    name: str = Field(description=_("Who it is; a name that is only printed has no record."))
    language: str = Field(
        description=_("The language of the name (BCP 47); empty where it is not known.")
    )
    as_printed: str = Field(
        description=_("The name as the statement prints it, where that is another one.")
    )
    organisation: Link | None = Field(description=_("The organisation, where it has a record."))
    acronym: str = Field(description=_("Its acronym."))
    country: Coded | None = Field(description=_("The country that the organisation is in."))


class TextInList(Shape):
    id: str = Field(
        description=_("A name of this text that stays; feeds use it for their entries too.")
    )
    language: str = Field(description=_("The language of its words (BCP 47)."))
    slug: str = Field(description=_("What stands for the text in addresses."))
    url: str = Field(description=_("Its page, for people."))
    title: str = Field(description=_("The title of the page."))
    is_leading: bool = Field(description=_("Whether it is the text that the others follow."))
    authority: str = code(Text.Authority, _("Whose words they are, and who stands by them."))
    version: int = Field(description=_("The number of the version that is read now."))
    changed_at: datetime = Field(
        description=_("When what readers see of it last changed: words, standing, or a name.")
    )


class Words(Shape):
    surtitle: str = Field(description=_("The line above the title."))
    title: str = Field(description=_("The title of the page."))
    subtitle: str = Field(description=_("The line below the title."))
    introduction: str = Field(description=_("The editors’ own note before the text, as HTML."))
    original_title: str = Field(
        description=_("The organisation’s own title, where the page’s title is the editors’.")
    )
    body: str = Field(description=_("The organisation’s own words, as HTML."))
    postscript: str = Field(description=_("What follows the signature, as HTML."))


class TranslatedFrom(Shape):
    id: str = Field(description=_("The name of the text that it was translated from."))
    language: str = Field(description=_("The language of that text (BCP 47)."))
    version: int = Field(description=_("The version that was translated."))
    is_current: bool = Field(description=_("Whether that text has no newer version by now."))


class VersionOf(Shape):
    number: int = Field(description=_("Its number; the first is 1."))
    url: str = Field(description=_("The page with its words and what it changed."))
    published_at: datetime = Field(description=_("When it was published here."))
    change: str = code(Revision.Change, _("What it did to the one before; empty for the first."))
    note: str = Field(description=_("What readers were told of the change."))
    note_language: str = Field(description=_("The language of the note (BCP 47)."))
    is_sealed: bool = Field(description=_("Whether its words are gone for good."))


class TextOf(TextInList):
    direction: str = Field(description=_("The direction of its words: ltr or rtl."))
    translator: str = Field(description=_("Who translated it."))
    translated_from: TranslatedFrom | None = Field(description=_("What it was translated from."))
    published_at: datetime = Field(description=_("When its first version was published here."))
    words: Words = Field(description=_("The words of the version that is read now."))
    fingerprint: str = Field(
        description=_(
            "SHA-256 of all its words; empty where a name in them is not shown, at which it"
            " could be guessed."
        )
    )
    own_fingerprint: str = Field(
        description=_("The same of the organisation’s own words alone: its title and the body.")
    )
    versions: list[VersionOf] = Field(description=_("Its public history, the newest first."))


class DemandOf(Link):
    state: str = code(Demand.State, _("What became of it so far."))


class QuotationOf(Shape):
    words: str = Field(description=_("The exact words that make the demand."))
    language: str = Field(description=_("The language of these words (BCP 47)."))
    part: str = code(Quotation.Field, _("The part of the text in which they stand."))
    url: str = Field(description=_("Where they stand on the page."))


class DemandMadeOf(DemandOf):
    # It says more than which one it is.
    CELL = ""

    voice: str = code(DemandAsMade.Voice, _("Whose demand it is."))
    quotations: list[QuotationOf] = Field(description=_("The words that make it, in every text."))


class AttachmentOf(Shape):
    url: str = Field(description=_("The file."))
    type: str = code(Attachment.Type, _("What it is."))
    alternative: str = Field(description=_("What it shows, for those who cannot see it."))
    caption: str = Field(description=_("The line under it."))
    language: str = Field(description=_("The language of these two (BCP 47)."))
    credit: str = Field(description=_("Who made it."))
    licence: str = Field(description=_("The licence of the file."))
    width: int | None = Field(description=_("Pixels, where it is an image."))
    height: int | None = Field(description=_("Pixels, where it is an image."))
    size: int = Field(description=_("Bytes."))


class RelationOf(Shape):
    relation: str = code(StatementRelation.Kind, _("What the one says of the other."))
    is_inward: bool = Field(description=_("Whether the other statement is the one that says so."))
    id: str = Field(description=_("The name of the other statement that stays."))
    api: str = Field(description=_("The other statement, for programs."))


class CorrectionOf(Shape):
    id: str = Field(description=_("A name of this entry that stays; the feed uses it too."))
    kind: str = code(Correction.Kind, _("What happened."))
    reason: str = code(Correction.Reason, _("Why, where that is a code and no note."))
    note: str = Field(description=_("What readers are told."))
    language: str = Field(description=_("The language of the note (BCP 47)."))
    at: datetime = Field(description=_("When it was entered."))


class StatementInList(Record):
    slug: str = Field(
        description=_(
            "What stands in the addresses: that of the text in the site’s default language, else of"
            " the leading one. The slug of any of its texts finds it too."
        )
    )
    title: str = Field(description=_("The title of that text."))
    language: str = Field(description=_("The language of that title (BCP 47)."))
    kind: str = code(models.Statement.Kind, _("What it is."))
    standing: str = Field(description=_("Whether it is current, or archived."), examples=READABLE)
    issued: Day | None = Field(description=_("When it was issued, as far as that is known."))
    sorted_on: date = Field(
        description=_("The day by which lists are ordered: issued, else published by its source.")
    )
    published_at: datetime = Field(description=_("When it was first published here."))
    changed_at: datetime = Field(description=_("The last change of any of its texts."))
    authors: list[AuthorOf] = Field(description=_("Who issued it, in the order printed."))
    events: list[Link] = Field(description=_("The events that it is about."))
    places: list[Coded] = Field(description=_("The places that it is about."))
    tags: list[Coded] = Field(description=_("Its tags."))
    demands: list[DemandOf] = Field(description=_("What it demands, each once."))
    texts: list[TextInList] = Field(description=_("The statement in each of its languages."))
    is_example: bool = Field(description=_("Whether it is an invented example."))
    may_be_indexed: bool = Field(
        description=_(
            "Whether search engines may list it. Where they may not, somebody could be harmed:"
            " whoever shows it elsewhere keeps them away too."
        )
    )


class Statement(StatementInList):
    signatories: list[AuthorOf] = Field(description=_("Who signed it, as printed."))
    people: list[Link] = Field(
        description=_("Whom it names or makes a demand about, and who may be shown.")
    )
    demands: list[DemandMadeOf] = Field(  # type: ignore[assignment]
        description=_("What it demands, in which voice and in which words.")
    )
    texts: list[TextOf] = Field(  # type: ignore[assignment]
        description=_("The statement in each of its languages, with its words and its history.")
    )
    source: SourceOf | None = Field(description=_("Where it was published."))
    licence: str = Field(
        description=_(
            "Under which licence; empty where none is known: then ask those who issued it."
        )
    )
    attachments: list[AttachmentOf] = Field(description=_("Pictures and documents beside it."))
    relations: list[RelationOf] = Field(
        description=_("Statements that it refers to, and that refer to it.")
    )
    corrections: list[CorrectionOf] = Field(
        description=_("What the register of corrections says of it, the newest first.")
    )


class Tombstone(Record):
    """A statement whose words are no longer shown."""

    standing: str = Field(
        description=_("Whether its organisation withdrew it, or the editors took it back."),
        examples=[one for one in models.Statement.Standing.values if one not in READABLE],
    )
    at: datetime = Field(description=_("When that happened."))
    texts: list[str] = Field(
        description=_("The names of its texts that stay: delete what was kept under them.")
    )
    authors: list[str] = Field(description=_("Who issued it; nobody where it was taken down."))
    corrections: list[CorrectionOf] = Field(
        description=_("What the register of corrections says of it, the newest first.")
    )
