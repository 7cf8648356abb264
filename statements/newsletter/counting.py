"""How many follow what, and what became of mails: numbers, and nobody's address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from statements import languages
from statements.models import Follower, Following, FollowRequest, Mailing, Rhythm
from statements.models.follower import KINDS, SITE, nothing_but

# Mails of so many days are counted.
LATELY = timedelta(days=7)


def counts() -> Iterator[tuple[str, int]]:
    yield "followers", Follower.objects.count()
    yield "not confirmed", FollowRequest.objects.count()
    for kind, rhythms in followings().items():
        for rhythm, number in rhythms.items():
            yield f"following, {kind}, {rhythm}", number
    for state, number in mails().items():
        yield f"mails of {LATELY.days} days, {state}", number


def followings() -> dict[str, dict[str, int]]:
    """How many follow a kind of thing, by how often they are told of it."""
    found = {}
    for kind in (SITE, *KINDS):
        alone = nothing_but() if kind == SITE else None
        rows = (
            Following.objects.filter(alone) if alone else Following.objects.exclude(**{kind: None})
        )
        numbers = dict(rows.order_by().values_list("rhythm").annotate(number=Count("pk")))
        found[kind] = {one: numbers.get(one, 0) for one in Rhythm.values}
    return found


def mails() -> dict[str, int]:
    lately = Mailing.objects.filter(claimed_at__gt=timezone.now() - LATELY).order_by()
    numbers = dict(lately.values_list("state").annotate(number=Count("pk")))
    return {state: numbers.get(state, 0) for state in Mailing.State.values}


def by_language() -> dict[str, int]:
    rows = Follower.objects.order_by().values_list("language").annotate(number=Count("pk"))
    numbers = dict(rows)
    return {languages.own_name(code): numbers.get(code, 0) for code, _name in settings.LANGUAGES}
