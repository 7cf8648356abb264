"""What was put off until a moment that has come: texts are published, standings change.

Each in a transaction of its own and under the lock of its statement or its release set, so that it
happens once, however many look for it at the same time; and one that fails does not hold up the
others. Why it failed is stored for the first page of those who can settle it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from statements.auditing import workflow as auditing
from statements.models import Refusal, ReleaseSet, Statement, Text
from statements.publishing import refusals, releases, standing, workflow

log = logging.getLogger(__name__)


class SetRefused(Exception):
    """A release set did not go out, and will not before somebody schedules it again."""


@dataclass
class Done:
    published: int = 0
    standings: int = 0
    sets: int = 0
    # What could not be done. All but a release set stays scheduled, and is tried again.
    refused: list[str] = field(default_factory=list)


def do_due(now: datetime) -> Done:
    """Publish the texts, release the sets and change the standings whose hour has come by now."""
    done = Done()
    texts = Text.objects.filter(scheduled_for__lte=now)
    # The text that leads a statement before its translations.
    for pk in texts.order_by("scheduled_for", "-is_leading", "pk").values_list("pk", flat=True):
        done.published += _tried(_publish, pk, now, f"text {pk}", done, _note_text)
    sets = ReleaseSet.objects.scheduled().filter(at__lte=now)
    for pk in sets.values_list("pk", flat=True):
        done.sets += _tried(_release, pk, now, f"release set {pk}", done)
    statements = Statement.objects.filter(next_standing_at__lte=now)
    for pk in statements.order_by("next_standing_at", "pk").values_list("pk", flat=True):
        done.standings += _tried(_change_standing, pk, now, f"statement {pk}", done, _note_standing)
    return done


def _tried(
    act: Callable[[int, datetime], bool],
    pk: int,
    now: datetime,
    what: str,
    done: Done,
    note: Callable[[int, datetime, Refusal], None] | None = None,
) -> bool:
    try:
        return act(pk, now)
    except Exception as refused:
        # By its kind alone: it is tried again every minute.
        log.error("What was scheduled for %s could not be done: %s", what, type(refused).__name__)
        done.refused.append(f"{what}: {type(refused).__name__}")
        if note:
            note(pk, now, refusals.code(refused))
        return False


@transaction.atomic
def _note_text(pk: int, now: datetime, code: Refusal) -> None:
    """Why a text is not published at its hour, once for each reason."""
    waiting = Text.objects.filter(pk=pk, scheduled_for__lte=now).exclude(refusal=code)
    if waiting.update(refusal=code):
        text = Text.objects.get(pk=pk)
        auditing.decide("refuse", text, by=None, before=text.state, after=text.state, code=code)


@transaction.atomic
def _note_standing(pk: int, now: datetime, code: Refusal) -> None:
    waiting = Statement.objects.filter(pk=pk, next_standing_at__lte=now)
    if waiting.exclude(next_refusal=code).update(next_refusal=code):
        statement = Statement.objects.get(pk=pk)
        states = {"before": statement.standing, "after": statement.standing}
        auditing.decide("refuse-standing", statement, by=None, **states, code=code)


def _release(pk: int, now: datetime) -> bool:
    """Whether the set was still due, and went out. Its refusal is in the database by then."""
    release = releases.release_due(pk, now=now)
    if release and release.state == ReleaseSet.State.REFUSED:
        raise SetRefused
    return bool(release)


@transaction.atomic
def _publish(pk: int, now: datetime) -> bool:
    """Whether the text was still due once nobody else could change it."""
    Statement.objects.select_for_update(of=("self",)).get(texts=pk)
    text = Text.objects.select_for_update(of=("self",)).get(pk=pk)
    if not text.scheduled_for or text.scheduled_for > now:
        return False
    workflow.publish(
        text.approved_revision,
        change=text.scheduled_change,
        note=text.scheduled_note,
        note_language=text.scheduled_note_language,
    )
    return True


@transaction.atomic
def _change_standing(pk: int, now: datetime) -> bool:
    statement = Statement.objects.select_for_update().get(pk=pk)
    if not statement.next_standing_at or statement.next_standing_at > now:
        return False
    standing.change_standing(
        statement,
        statement.next_standing,
        reason=statement.next_reason,
        note=statement.next_note,
        language=statement.next_note_language,
    )
    return True
