"""What records for programs are made of: their fields, each explained, and links between them.

A field that is not written in one of these classes is in no answer and in no dump. Records are
gathered in the site's default language, in which paths have no prefix.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from pydantic import BaseModel, ConfigDict, Field
from taggit.models import Tag

from statements.absolute import id_of
from statements.dates import PRECISIONS, PartialDate
from statements.models import Person, Place
from statements.models.base import Linked


class Shape(BaseModel):
    """A part of a record. `CELL` names the field that stands for it in one cell of a table."""

    CELL: ClassVar[str] = ""


def _may_be_left_out(schema: dict) -> None:
    """Whoever asks for some fields gets no others."""
    schema.pop("required", None)


class Record(Shape):
    """One of a noun: what an answer, or a line of a dump, is."""

    model_config = ConfigDict(json_schema_extra=_may_be_left_out)

    id: str = Field(
        description=_("A name that stays, whatever becomes of its address (a tag URI, RFC 4151).")
    )
    url: str = Field(description=_("Its page, for people."))
    api: str = Field(description=_("The whole record, for programs."))


def code(choices: type[TextChoices], description: object) -> object:
    """A field that holds one of our codes. New ones may come, so they are named as examples."""
    return Field(description=description, examples=list(choices.values))


class Day(Shape):
    CELL = "notation"

    notation: str = Field(
        description=_("A day, month or year as in ISO 8601, or “before” or “after” one.")
    )
    earliest: date | None = Field(description=_("The first day that it may be, if one is known."))
    latest: date | None = Field(description=_("The last day that it may be, if one is known."))
    precision: str = Field(
        description=_("How exact it is."), examples=[name for name, _label in PRECISIONS]
    )

    @classmethod
    def of(cls, day: PartialDate | None) -> Day | None:
        if not day:
            return None
        return cls(
            notation=day.notation,
            earliest=day.earliest,
            latest=day.latest,
            precision=day.precision,
        )


class Link(Shape):
    """Another record."""

    CELL = "id"

    id: str = Field(description=_("The name of the other record that stays."))
    slug: str = Field(description=_("What stands for it in addresses and in filters."))
    name: str = Field(description=_("What it is called, as far as that may be shown."))
    language: str = Field(
        description=_("The language of the name (BCP 47); empty where it is not known.")
    )
    url: str = Field(description=_("Its page, for people."))
    api: str = Field(description=_("The whole record, for programs."))


class Coded(Link):
    """A place or a tag: the code says more than a number."""

    CELL = "slug"


class Name(Shape):
    name: str = Field(description=_("One name of it."))
    language: str = Field(description=_("The language of this name (BCP 47)."))


class SourceOf(Shape):
    publication: str = Field(description=pgettext_lazy("field", "Who published it."))
    title: str = Field(description=_("The title there."))
    url: str = Field(
        description=_("Its address; empty where none is known, or it could tell a name.")
    )
    archived_url: str = Field(description=_("The address of an archived copy."))
    published: Day | None = Field(description=_("When it was published there."))


def here(path: str) -> str:
    return settings.SITE_URL + path


def api_address(noun: str, slug: str) -> str:
    return here(reverse(f"api:{noun}", args=[slug]))


def list_address(noun: str, name: str, value: str) -> str:
    """The list of a noun, by one filter."""
    path = reverse(f"api:{noun}_list")
    return here(f"{path}?{urlencode({name: value})}")


def link_to(record: Linked) -> Link:
    """A link to an event, organisation, demand or person that has its name with it."""
    noun = record._meta.model_name
    slug = record.address if isinstance(record, Person) else record.slug
    return Link(
        id=id_of(noun, record.pk),
        slug=slug,
        name=record.name_shown,
        language=record.name_language,
        url=here(reverse(f"pages:{noun}", args=[slug])),
        api=api_address(noun, slug),
    )


def link_to_place(place: Place) -> Coded:
    return _coded("place", place.pk, place.code, place.name, settings.LANGUAGE_CODE)


def link_to_tag(tag: Tag) -> Coded:
    return _coded("tag", tag.pk, tag.slug, tag.name, "")


def _coded(noun: str, key: int, slug: str, name: str, language: str) -> Coded:
    return Coded(
        id=id_of(noun, key),
        slug=slug,
        name=name,
        language=language,
        url=here(reverse(f"pages:{noun}", args=[slug])),
        api=api_address(noun, slug),
    )


def names_of(record: Linked) -> list[Name]:
    """Its own name first, then those in other languages; it comes with `names`."""
    own = Name(name=getattr(record, record.NAME_FIELD), language=record.language)
    return [own, *(Name(name=one.name, language=one.language) for one in record.names.all())]
