"""Organisations for programs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from statements import models
from statements.absolute import id_of
from statements.models import Verification
from statements.records.shapes import (
    Coded,
    Day,
    Link,
    Name,
    Record,
    Shape,
    api_address,
    code,
    here,
    link_to,
    link_to_place,
    list_address,
)


class NameUsed(Name):
    acronym: str = Field(description=_("The acronym that goes with this name."))
    used_from: Day | None = Field(description=_("When it came into use."))
    used_until: Day | None = Field(description=_("When it went out of use."))


class VerificationOf(Shape):
    method: str = code(Verification.Method, _("How the editors know that it is who it says."))
    at: date = Field(description=_("The day on which it was verified."))
    until: date = Field(description=_("The last day on which that holds."))
    vouchers: list[Link] = Field(description=_("The organisations that vouch for it."))


class OrganisationInList(Record):
    slug: str = Field(description=_("What stands for it in addresses and in filters."))
    name: str = Field(description=_("What it is called."))
    language: str = Field(description=_("The language of the name (BCP 47)."))
    acronym: str = Field(description=_("Its acronym."))
    classification: str = code(
        models.Organisation.Classification, _("What it is; empty where nobody has said.")
    )
    country: Coded | None = Field(description=_("The country that the organisation is in."))
    website: str = Field(description=_("Its own website."))
    part_of: Link | None = Field(description=_("The organisation that it is a part of."))
    is_example: bool = Field(description=_("Whether it is an invented example."))


class Organisation(OrganisationInList):
    names: list[NameUsed] = Field(description=_("All its names."))
    founded: Day | None = Field(description=_("When it was founded."))
    dissolved: Day | None = Field(description=_("When it was dissolved."))
    verification: VerificationOf | None = Field(
        description=_("The verification in force, where there is one.")
    )
    parts: list[Link] = Field(description=_("The organisations that are parts of it."))
    statements: str = Field(description=_("The list of statements that it issued."))


def in_list(organisations: Iterable[models.Organisation]) -> list[OrganisationInList]:
    """The organisations come with their names and countries."""
    found = list(organisations)
    parents = _parents(found)
    return [OrganisationInList(**_short(one, parents)) for one in found]


def whole(organisations: Iterable[models.Organisation]) -> list[Organisation]:
    found = list(organisations)
    parents = _parents(found)
    vouchers = models.Organisation.objects.readable().named()
    valid = Verification.objects.valid().prefetch_related(Prefetch("vouchers", vouchers))
    prefetch_related_objects(found, "names", Prefetch("verifications", valid, to_attr="valid"))
    parts = defaultdict(list)
    below = models.Organisation.objects.readable().named().filter(parent__in=found)
    for part in below.order_by("name", "pk"):
        parts[part.parent_id].append(link_to(part))
    return [
        Organisation(
            **_short(one, parents),
            names=_names(one),
            founded=Day.of(one.founded),
            dissolved=Day.of(one.dissolved),
            verification=_verification(one.valid),
            parts=parts[one.pk],
            statements=list_address("statement", "organisation", one.slug),
        )
        for one in found
    ]


def _parents(organisations: list[models.Organisation]) -> dict[int, models.Organisation]:
    parents = {one.parent_id for one in organisations if one.parent_id}
    return models.Organisation.objects.readable().named().in_bulk(parents or [0])


def _short(
    organisation: models.Organisation, parents: dict[int, models.Organisation]
) -> dict[str, object]:
    parent, country = parents.get(organisation.parent_id), organisation.country
    return {
        "id": id_of("organisation", organisation.pk),
        "slug": organisation.slug,
        "url": here(organisation.get_absolute_url()),
        "api": api_address("organisation", organisation.slug),
        "name": organisation.name_shown,
        "language": organisation.name_language,
        "acronym": organisation.acronym,
        "classification": organisation.classification,
        "country": link_to_place(country) if country else None,
        "website": organisation.website,
        "part_of": link_to(parent) if parent else None,
        "is_example": organisation.is_example,
    }


def _names(organisation: models.Organisation) -> list[NameUsed]:
    own = NameUsed(
        name=organisation.name,
        language=organisation.language,
        acronym=organisation.acronym,
        used_from=None,
        used_until=None,
    )
    return [
        own,
        *(
            NameUsed(
                name=one.name,
                language=one.language,
                acronym=one.acronym,
                used_from=Day.of(one.used_from),
                used_until=Day.of(one.used_until),
            )
            for one in organisation.names.all()
        ),
    ]


def _verification(valid: list[Verification]) -> VerificationOf | None:
    """The one in force; its vouchers are told where they are how it was verified."""
    if not valid:
        return None
    one = valid[0]
    is_vouched = one.method == Verification.Method.VOUCHED
    return VerificationOf(
        method=one.method,
        at=one.at,
        until=one.until,
        vouchers=[link_to(other) for other in one.vouchers.all()] if is_vouched else [],
    )
