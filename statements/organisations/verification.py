"""Making sure that an organisation is who it says it is, by one of four methods and for a time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from urllib.parse import urljoin

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from statements import fetching, sealing
from statements.auditing import workflow as auditing
from statements.models import Organisation, Verification
from statements.models.verification import in_a_year

Method = Verification.Method
VOUCHERS = 2
# What these say of an organisation is said of its website.
BY_WEBSITE = {Method.SITE, Method.MAIL}
# Where an organisation puts its mark on its own website (RFC 8615).
PLACE = "/.well-known/solidarity-statements.txt"
LARGEST_MARK = 4096


class NotVerified(Exception):
    """What the method asks for is not there; the organisation stays as it was."""


class NoWebsite(NotVerified):
    """The method is about its website, and none is known here."""


class NotEnoughVouchers(NotVerified):
    """Two other organisations are needed, each verified, and not by being vouched for."""


def mark_of(organisation: Organisation) -> str:
    """The word that only this organisation is told, to put on its website."""
    return sealing.digest(str(organisation.pk), "organisation-mark")[:32]


def mark_address(organisation: Organisation) -> str:
    """Where its mark is looked for; empty without a website."""
    return urljoin(organisation.website, PLACE) if organisation.website else ""


def can_be_looked_for(organisation: Organisation) -> bool:
    """Without https anybody on the way could write the mark."""
    return organisation.website.startswith("https://")


@transaction.atomic
def verify(
    organisation: Organisation,
    method: str,
    *,
    by: AbstractBaseUser,
    until: date | None = None,
    vouchers: Collection[Organisation] = (),
) -> Verification:
    """Record that an organisation was verified; what was recorded before is replaced.

    Raises NoWebsite, and NotEnoughVouchers: those that are vouched for themselves do not count, so
    that nobody can raise a whole family of names from two.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if method in BY_WEBSITE and not organisation.website:
        raise NoWebsite
    if method == Method.VOUCHED:
        known = Verification.objects.valid().exclude(method=Method.VOUCHED)
        counted = known.filter(organisation__in=vouchers).exclude(organisation=organisation)
        vouchers = [one.organisation for one in counted.select_related("organisation")]
        if len(vouchers) < VOUCHERS:
            raise NotEnoughVouchers
    organisation.verifications.filter(is_current=True).update(is_current=False)
    verification = Verification.objects.create(
        organisation=organisation, method=method, until=until or in_a_year(), by=by
    )
    if method == Method.VOUCHED:
        verification.vouchers.set(vouchers)
    auditing.record("verify", organisation, by=by, after=method)
    return verification


def check_website(organisation: Organisation, *, by: AbstractBaseUser) -> Verification:
    """Look for the mark on the organisation's website, and verify it where it stands there.

    The address itself has to answer, and over https: a redirect could lead to a stranger's.
    Raises NotVerified, fetching.NotFetched.
    """
    if not can_be_looked_for(organisation):
        raise NotVerified
    found = fetching.fetch(mark_address(organisation), largest=LARGEST_MARK, redirects=0)
    if mark_of(organisation).encode() not in found.split():
        raise NotVerified
    return verify(organisation, Method.SITE, by=by)


@transaction.atomic
def take_back(organisation: Organisation, *, by: AbstractBaseUser) -> None:
    """It is no longer taken for verified."""
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    current = organisation.verifications.filter(is_current=True).first()
    if current:
        organisation.verifications.filter(pk=current.pk).update(is_current=False)
        auditing.record("take-back-verification", organisation, by=by, before=current.method)
