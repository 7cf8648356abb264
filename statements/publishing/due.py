"""What was put off until a moment that has come: texts are published, standings change.

Each in a transaction of its own and under the lock of its statement, so that it happens once,
however many look for it at the same time; and one that fails does not hold up the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from statements.models import Statement, Text
from statements.publishing import standing, workflow

log = logging.getLogger(__name__)


@dataclass
class Done:
    published: int = 0
    standings: int = 0
    # What could not be done; it stays scheduled, and is tried again the next time.
    refused: list[str] = field(default_factory=list)


def do_due(now: datetime) -> Done:
    """Publish the texts and change the standings whose hour has come by now."""
    done = Done()
    texts = Text.objects.filter(scheduled_for__lte=now)
    # The text that leads a statement before its translations.
    for pk in texts.order_by("scheduled_for", "-is_leading", "pk").values_list("pk", flat=True):
        done.published += _tried(_publish, pk, now, f"text {pk}", done)
    statements = Statement.objects.filter(next_standing_at__lte=now)
    for pk in statements.order_by("next_standing_at", "pk").values_list("pk", flat=True):
        done.standings += _tried(_change_standing, pk, now, f"statement {pk}", done)
    return done


def _tried(
    act: Callable[[int, datetime], bool], pk: int, now: datetime, what: str, done: Done
) -> bool:
    try:
        return act(pk, now)
    except Exception as refused:
        # By its kind alone: it is tried again every minute.
        log.error("What was scheduled for %s could not be done: %s", what, type(refused).__name__)
        done.refused.append(f"{what}: {type(refused).__name__}")
        return False


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
    standing.change_standing(statement, statement.next_standing, reason=statement.next_reason)
    return True
