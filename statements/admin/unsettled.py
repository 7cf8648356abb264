"""What was scheduled and did not happen, until somebody settles it: on the first page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from statements import rights
from statements.admin.base import in_own_language
from statements.admin.desk import MOST_ON_DESK
from statements.models import Refusal, ReleaseSet, Statement, Text

# The hour is looked for every minute: what has waited longer was not looked for.
PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Unsettled:
    address: str
    name: SafeString
    noun: str | Promise
    at: datetime
    why: list[str | Promise]


def unsettled(user: rights.User, now: datetime) -> list[Unsettled]:
    """Texts, standings and, for those who see them, release sets; a query or two for each."""
    found = [*_texts(now), *_standings(now)]
    if rights.can_release(user):
        found += _sets(now)
    return sorted(found, key=lambda one: one.at)


def _texts(now: datetime) -> Iterator[Unsettled]:
    late = Text.objects.scheduled().filter(scheduled_for__lte=now)
    late = late.filter(~Q(refusal="") | Q(scheduled_for__lte=now - PATIENCE))
    for text in late.select_related("working_revision")[:MOST_ON_DESK]:
        noun, key = ("statement", text.statement_id) if text.is_leading else ("text", text.pk)
        yield Unsettled(
            reverse(f"admin:statements_{noun}_change", args=[key]),
            in_own_language(str(text), text.language),
            _("text to be published"),
            text.scheduled_for,
            _why(text.refusal),
        )


def _standings(now: datetime) -> Iterator[Unsettled]:
    late = Statement.objects.filter(next_standing_at__lte=now)
    late = late.filter(~Q(next_refusal="") | Q(next_standing_at__lte=now - PATIENCE))
    for statement in late.order_by("next_standing_at", "pk").titled()[:MOST_ON_DESK]:
        yield Unsettled(
            reverse("admin:statements_statement_change", args=[statement.pk]),
            format_html("<bdi>{}</bdi>", statement),
            _("standing: %(standing)s") % {"standing": statement.get_next_standing_display()},
            statement.next_standing_at,
            _why(statement.next_refusal),
        )


def _sets(now: datetime) -> Iterator[Unsettled]:
    late = ReleaseSet.objects.scheduled().filter(at__lte=now - PATIENCE)
    refused = ReleaseSet.objects.refused().prefetch_related("members")
    for release in (*refused[:MOST_ON_DESK], *late[:MOST_ON_DESK]):
        codes = {}
        if release.state == ReleaseSet.State.REFUSED:
            codes = dict.fromkeys(one.refusal for one in release.members.all() if one.refusal)
        yield Unsettled(
            release.get_absolute_url(),
            format_html("<bdi>{}</bdi>", release),
            _("release set"),
            release.at,
            [Refusal(code).label for code in codes] or _why(""),
        )


def _why(code: str) -> list[str | Promise]:
    late = _("its hour has passed, and nothing looked for it: does the operator run “run_due”?")
    return [Refusal(code).label if code else late]
