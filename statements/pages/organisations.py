"""Organisations: what each issued, signed and demands."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from statements.dates import PartialDate
from statements.models import (
    Authorship,
    FormerSlug,
    Organisation,
    Statement,
    Text,
    Verification,
)
from statements.naming import conceal
from statements.pages.addresses import follows_former
from statements.reading import amounts, linked, listed
from statements.reading.claims import QUOTATIONS, Claim, claims_of
from statements.reading.keyset import Part, page_of
from statements.reading.rows import Names, day_of, names_concealed, rows_of, with_links
from statements.reading.searched import Search

LISTED = 50
SHOWN = 20
MOST_PARTS = 50
MOST_SIGNED = 50


@dataclass(frozen=True)
class Signed:
    """A statement that an organisation signed, with the name as it is printed there."""

    title: str
    language: str
    url: str
    day: PartialDate
    name_as_printed: str


def organisation_list(request: HttpRequest) -> HttpResponse:
    search = Search.of(request.GET)
    parts = [Part(listed.organisations(search).counted(), "name")]
    page = page_of(request, parts, LISTED, keep={"q": search.words} if search.words else {})
    found = amounts.organisations(search.number, and_more=search.is_cut)
    context = {"page": page, "search": search, "found": found}
    return render(request, "pages/organisation_list.html", context)


@follows_former(FormerSlug.Noun.ORGANISATION)
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    organisation, parts = _with_relatives(slug)
    page = page_of(request, [Part(_issued_by(organisation), "-sort_on")], SHOWN)
    signatures = _signatures_of(organisation)
    with_links(page.rows, more=[QUOTATIONS])
    names = names_concealed(page.rows, texts=[text.pk for text in signatures])
    own_names = list(organisation.names.all())
    verification = organisation.verifications.valid().first()
    vouchers = Organisation.objects.none()
    if verification and verification.method == Verification.Method.VOUCHED:
        vouchers = verification.vouchers.readable().named()
    context = {
        "organisation": organisation,
        "verification": verification,
        "vouchers": vouchers,
        "names": own_names,
        "linked": linked.of_organisation(organisation, own_names, organisation.part_of),
        "parts": parts,
        "page": page,
        "rows": rows_of(page.rows, names),
        "demands": _by_demand(claims_of(page.rows, names)),
        "signed": [_signed(text, names) for text in signatures],
    }
    return render(request, "pages/organisation.html", context)


def _with_relatives(slug: str) -> tuple[Organisation, list[Organisation]]:
    """An organisation, with its public parent as `part_of`, and its public parts: one query."""
    # nosemgrep: past-the-gates - what may be shown of them is asked below
    ids = Organisation.objects.order_by().values("pk")
    near = ids.filter(slug=slug).union(
        ids.filter(children__slug=slug), ids.filter(parent__slug=slug)
    )
    found = Organisation.objects.readable().filter(pk__in=near).named().select_related("country")
    relatives = list(found.order_by("name", "pk")[: MOST_PARTS + 2])
    organisation = next((one for one in relatives if one.slug == slug), None)
    if not organisation:
        raise Http404
    organisation.part_of = next(
        (one for one in relatives if one.pk == organisation.parent_id), None
    )
    return organisation, [one for one in relatives if one.parent_id == organisation.pk]


def _issued_by(organisation: Organisation) -> QuerySet[Statement]:
    authored = organisation.authorships.filter(role=Authorship.Role.AUTHOR)
    statements = Statement.objects.readable().filter(pk__in=authored.values("statement"))
    return statements.select_related("source")


def _signatures_of(organisation: Organisation) -> list[Text]:
    """The leading texts that it signed, newest first, each with `printed`."""
    texts = Text.objects.readable().filter(
        is_leading=True,
        statement__authorships__organisation=organisation,
        statement__authorships__role=Authorship.Role.SIGNATORY,
    )
    texts = texts.annotate(printed=F("statement__authorships__name_as_printed"))
    found = texts.select_related("live_revision", "statement__source").newest_first()
    return list(found[:MOST_SIGNED])


def _signed(text: Text, names: Names) -> Signed:
    hidden = names["text"].get(text.pk, [])
    return Signed(
        title=conceal(text.live_revision.title, hidden),
        language=text.language,
        url=text.get_absolute_url(),
        day=day_of(text.statement),
        name_as_printed=conceal(text.printed, hidden),
    )


def _by_demand(claims: list[Claim]) -> list[list[Claim]]:
    """The claims of one demand together; what only the editors demand is not the organisation's."""
    found: dict[int, list[Claim]] = {}
    for claim in claims:
        if not claim.is_of_editors:
            found.setdefault(claim.demand.pk, []).append(claim)
    return list(found.values())
