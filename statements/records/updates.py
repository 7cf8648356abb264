"""What became of a demand or a person, for programs: the entries of the ledger on its page."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from statements.absolute import id_of
from statements.models import Demand, Person
from statements.models.update import Update
from statements.reading.updates import Entry
from statements.records.shapes import Day, Link, Shape, SourceOf, link_to


class UpdateOf(Shape):
    id: str = Field(description=_("A name of this entry that stays; the feed uses it too."))
    state: str = Field(
        description=_("The state from then on."),
        examples=[*Demand.State.values, *Person.State.values],
    )
    happened: Day = Field(description=_("When that happened."))
    person: Link | None = Field(
        description=_("Of whom it tells, where it stands in the ledger of a demand.")
    )
    quotation: str = Field(description=_("The exact words of the source."))
    quotation_language: str = Field(description=_("The language of these words (BCP 47)."))
    note: str = Field(description=_("What readers are told of it."))
    note_language: str = Field(description=_("The language of the note (BCP 47)."))
    source: SourceOf = Field(description=_("The source that says so."))
    entered_at: datetime = Field(description=_("When it was entered here."))
    replaced_by: str | None = Field(
        description=_("The entry that corrects it: then this one is struck through.")
    )
    undone_by: str | None = Field(
        description=_("What came after a release and is none: they were taken again, say.")
    )


def update_of(entry: Entry) -> UpdateOf:
    update, source = entry.update, entry.update.source
    # The page shows no address either, where it could tell a name.
    url, archived_url = (source.url, source.archived_url) if entry.url else ("", "")
    return UpdateOf(
        id=_id(update),
        state=update.state,
        happened=Day.of(update.happened),
        person=link_to(entry.person) if entry.person else None,
        quotation=entry.quotation,
        quotation_language=update.quotation_language if entry.quotation else "",
        note=entry.note,
        note_language=update.language if entry.note else "",
        source=SourceOf(
            publication=entry.publication,
            title=entry.title,
            url=url,
            archived_url=archived_url,
            published=Day.of(source.published),
        ),
        entered_at=update.entered_at,
        replaced_by=_id(entry.replaced_by) if entry.replaced_by else None,
        undone_by=_id(entry.undone_by) if entry.undone_by else None,
    )


def _id(update: Update) -> str:
    return id_of(update._meta.model_name, update.pk)
