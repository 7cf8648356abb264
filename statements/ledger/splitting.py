"""A demand that is two: what belongs to the other goes there, and nothing is lost or doubled."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from statements.auditing import workflow as auditing
from statements.ledger.merging import (
    NotAsked,
    follow,
    locked,
    move_made,
    move_people,
    named_by_hidden,
    newly_shown,
)
from statements.models import Demand, DemandUpdate
from statements.publishing import slugs, telling


class NotSplittable(Exception):
    """Nothing goes, or nothing would stay: then it is no split."""


class RowsChanged(Exception):
    """What was to go is no longer the demand's: somebody else was faster."""


@dataclass(frozen=True)
class Share:
    """What goes, by its keys: makings, updates, persons; and persons whom both are about.

    A making goes with its quotations, and an update with all that it corrects or is corrected by.
    """

    made: frozenset[int] = frozenset()
    updates: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    both: frozenset[int] = frozenset()


@transaction.atomic
def split(demand: Demand, into: Demand, share: Share, *, by: AbstractBaseUser) -> Demand:
    """Give a share of a demand to another one: a new one, or one that is here.

    The address stays with the old one. A new one is public where the old one is: what became of
    it was public before. Raises NotSplittable, RowsChanged, telling.WouldTell, and those of
    merging.
    """
    is_new = into.pk is None
    if is_new:
        into.is_example = demand.is_example
        slugs.save_with_address(into, into.wording)
    demand, into = locked(demand, into)
    made = demand.made.filter(pk__in=share.made)
    updates = _whole(demand, share.updates)
    people = demand.demand_people.filter(pk__in=share.people - share.both)
    both = demand.demand_people.filter(pk__in=share.both)
    _refuse_others(share, made, updates, people, both)
    if not (made or updates) or not (
        demand.made.exclude(pk__in=share.made).exists()
        or demand.updates.exclude(pk__in=updates).exists()
    ):
        raise NotSplittable
    statements = [one.statement_id for one in made]
    if not is_new:
        _refuse_unasked(demand, into, {one.person_id for one in (*people, *both)}, set(statements))
    before = telling.spellings_around(demand)
    if here := before.get((telling.DEMAND, demand.pk)):
        # What comes from it is concealed there as it was here.
        before[telling.DEMAND, into.pk] = here
    counts = f"made-{len(made)}-updates-{len(updates)}-people-{len(people)}-both-{len(both)}"
    move_made(made, into)
    DemandUpdate.objects.filter(pk__in=updates).update(demand=into)
    move_people(people, into)
    move_people(both, into, and_stay=True)
    telling.refuse_told(before)
    for one in (demand, into):
        one.edition += 1
        one.save(update_fields=["edition"])
    is_public = demand.is_public
    follow(demand, is_public=is_public, statements=statements)
    follow(into, is_public=is_public or into.is_public, statements=())
    auditing.record("split", demand, by=by, after=f"demand-{into.pk}", code=counts)
    return into


def _refuse_unasked(demand: Demand, into: Demand, people: set[int], statements: set[int]) -> None:
    """Whoever comes is shown in the statements of the other demand, and those of it in these."""
    if named_by_hidden(demand, into):
        raise NotAsked
    made = set(into.made.values_list("statement", flat=True))
    there = set(into.people.values_list("pk", flat=True))
    if newly_shown(people - there, made) or newly_shown(there - people, statements):
        raise NotAsked


def _whole(demand: Demand, chosen: Collection[int]) -> set[int]:
    """The updates, with all that they correct and are corrected by."""
    corrects = dict(demand.updates.values_list("pk", "corrects"))
    found = set(chosen) & set(corrects)
    while more := {
        key
        for pair in corrects.items()
        if None not in pair and found & set(pair)
        for key in pair
        if key not in found
    }:
        found |= more
    return found


def _refuse_others(
    share: Share,
    made: Collection[object],
    updates: Iterable[int],
    people: Collection[object],
    both: Collection[object],
) -> None:
    are_all_there = (
        len(made) == len(share.made),
        share.updates <= set(updates),
        len(people) + len(both) == len(share.people | share.both),
    )
    if not all(are_all_there):
        raise RowsChanged
