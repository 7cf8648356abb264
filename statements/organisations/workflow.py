"""Organisations that are there twice: found, and made one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet

from statements.auditing import workflow as auditing
from statements.likeness import look_alikes
from statements.models import (
    Authorship,
    DemandAsMade,
    Organisation,
    OrganisationName,
    SafetyCheck,
    Statement,
    Submission,
    Verification,
)
from statements.naming import folded_name
from statements.newsletter import workflow as newsletter
from statements.publishing import links, slugs
from statements.safety import workflow as safety
from statements.search import workflow as search

# What the one that stays takes over where it says nothing itself.
FILLED = ("acronym", "classification", "country", "website", "founded", "dissolved")
MOST_ALIKE = 20


class NotMergeable(Exception):
    """An organisation cannot be merged into itself, or into one that is gone."""


class NotAsked(NotMergeable):
    """In statements that readers read it would come to speak from inside the country, and nobody
    was asked."""


def alike(organisation: Organisation) -> list[Organisation]:
    """Others that may be the same one: by a name or acronym, a near spelling, or the website."""
    names = _names()
    own = {folded_name(name) for name in names.pop(organisation.pk, ())}
    found = {pk for pk, theirs in names.items() if own & {folded_name(one) for one in theirs}}
    bearers = defaultdict(set)
    for pk, theirs in names.items():
        for name in theirs:
            bearers[name].add(pk)
    for near in look_alikes(organisation.name, bearers):
        found |= bearers[near]
    if host := _host(organisation.website):
        same = Organisation.objects.filter(website__icontains=host).exclude(pk=organisation.pk)
        found |= {one.pk for one in same if _host(one.website) == host}
    rows = Organisation.objects.filter(pk__in=sorted(found)[:MOST_ALIKE])
    return list(rows.select_related("country").counted())


def _names() -> defaultdict[int, set[str]]:
    """Every name and acronym that an organisation has, by its key."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    rows: Iterable[tuple[int, str, str]] = (
        *Organisation.objects.values_list("pk", "name", "acronym"),
        *OrganisationName.objects.values_list("organisation", "name", "acronym"),
    )
    for pk, name, acronym in rows:
        found[pk] |= {name, acronym} - {""}
    return found


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


@transaction.atomic
def merge(gone: Organisation, into: Organisation, *, by: AbstractBaseUser) -> Organisation:
    """Make two organisations one: what pointed at `gone` points at `into`, its names stay as
    further names, its addresses lead there, and what `into` does not say is filled in.

    Raises NotMergeable, NotAsked.
    """
    keys = {gone.pk, into.pk}
    _lock_what_moves(gone.pk, keys)
    locked = {
        one.pk: one
        for one in Organisation.objects.select_for_update(of=("self",))
        .filter(pk__in=keys)
        .order_by("pk")
    }
    if len(locked) < 2:
        raise NotMergeable
    gone, into = locked[gone.pk], locked[into.pk]
    if asked_about_first(gone, into).exists():
        raise NotAsked
    _fill(gone, into)
    _move_tree(gone, into)
    moved = _move_authorships(gone, into)
    made = DemandAsMade.objects.filter(statement__authorships__organisation=into)
    links.count_makers(made.values_list("demand", flat=True))
    _move_names(gone, into)
    Submission.objects.filter(organisation=gone).update(organisation=into)
    for check in SafetyCheck.objects.filter(organisations=gone):
        check.organisations.add(into)
    _move_verifications(gone, into)
    slugs.lead_to(gone, into)
    newsletter.lead_to(gone, into)
    number, was_public = gone.pk, gone.is_public
    gone.delete()
    if was_public or into.is_public:
        links.make_public(Organisation.objects.filter(pk=into.pk))
    links.record_saved(into)
    search.statements_changed(moved)
    auditing.record("merge", into, by=by, before=f"organisation-{number}")
    return into


def to_be_filled(gone: Organisation, into: Organisation) -> list[str]:
    """What the one that stays does not say itself, and the other does."""
    return [name for name in FILLED if getattr(gone, name) and not getattr(into, name)]


def names_to_come(gone: Organisation, into: Organisation) -> list[OrganisationName]:
    """Names of the one that goes which the one that stays does not bear yet."""
    own = OrganisationName(language=gone.language, name=gone.name, acronym=gone.acronym)
    there = {(into.language, into.name), *into.names.values_list("language", "name")}
    found = {}
    for name in (own, *gone.names.all()):
        key = (name.language, name.name)
        if key not in there:
            found.setdefault(key, name)
    return list(found.values())


def verified_as(gone: Organisation, into: Organisation) -> Verification | None:
    """What the one that stays is verified by then, where it is not by itself."""
    if into.verifications.filter(is_current=True).exists():
        return None
    return gone.verifications.valid().first()


def asked_about_first(gone: Organisation, into: Organisation) -> QuerySet[Authorship]:
    """Where one of two that become one would come to speak from inside the country, unasked."""
    country = into.country_id or gone.country_id
    return safety.coming_inside([gone.pk, into.pk], country)


def _lock_what_moves(gone: int, keys: set[int]) -> None:
    """Submissions, statements, demands and the tree, in the order of `links.py`."""
    sent = Submission.objects.filter(organisation=gone).order_by("pk")
    list(sent.select_for_update(of=("self",)).values_list("pk"))
    issued = Statement.objects.filter(authorships__organisation__in=keys).values("pk")
    rows = Statement.objects.filter(pk__in=issued).order_by("pk")
    statements = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    made = DemandAsMade.objects.filter(statement__in=statements)
    links.lock_in_order(made.values_list("demand", flat=True), keys)


def _fill(gone: Organisation, into: Organisation) -> None:
    for name in to_be_filled(gone, into):
        setattr(into, name, getattr(gone, name))
    into.edition += 1
    into.save()


def _move_tree(gone: Organisation, into: Organisation) -> None:
    """Its parts are the other's; where that was itself a part, it takes the place of the whole."""
    above, seen = into.parent, set()
    while above and above.pk not in seen:
        if above.pk == gone.pk:
            into.parent = gone.parent
            into.save(update_fields=["parent"])
            break
        seen.add(above.pk)
        above = above.parent
    if not into.parent_id and gone.parent_id != into.pk and not _is_within(gone.parent, into):
        into.parent = gone.parent
        into.save(update_fields=["parent"])
    Organisation.objects.filter(parent=gone).exclude(pk=into.pk).update(parent=into)


def _is_within(organisation: Organisation | None, whole: Organisation) -> bool:
    seen: set[int] = set()
    while organisation and organisation.pk not in seen:
        if organisation.pk == whole.pk:
            return True
        seen.add(organisation.pk)
        organisation = organisation.parent
    return False


def _move_authorships(gone: Organisation, into: Organisation) -> set[int]:
    """Each statement keeps one row a role; a name as printed is not lost. Returns their keys."""
    kept = {(one.statement_id, one.role): one for one in into.authorships.all()}
    moved = list(gone.authorships.all())
    for row in moved:
        same = kept.get((row.statement_id, row.role))
        if not same:
            row.organisation = into
            row.save(update_fields=["organisation"])
            continue
        same.position = min(same.position, row.position)
        same.name_as_printed = same.name_as_printed or row.name_as_printed
        same.save(update_fields=["position", "name_as_printed"])
        row.delete()
    return {row.statement_id for row in moved}


def _move_names(gone: Organisation, into: Organisation) -> None:
    for name in names_to_come(gone, into):
        name.organisation = into
        name.save()


def _move_verifications(gone: Organisation, into: Organisation) -> None:
    """How the one that stays was verified holds; the other's record becomes part of its history."""
    if into.verifications.filter(is_current=True).exists():
        gone.verifications.update(is_current=False)
    gone.verifications.update(organisation=into)
    for one in Verification.objects.filter(vouchers=gone):
        one.vouchers.add(into)
