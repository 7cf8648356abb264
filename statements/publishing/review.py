"""The working states of a text: handed over, sent back, approved, scheduled.

Each act names the revision that was seen: EditedMeanwhile where another one is being worked on,
IllegalMove where the state does not lead there. Publishing reads none of this.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from statements import rights
from statements.auditing import workflow as auditing
from statements.models import Revision, Statement, Text
from statements.plain import collapse
from statements.publishing import workflow
from statements.publishing.states import LIVE, MOVES, HourPassed, IllegalMove, possible
from statements.publishing.workflow import User


@transaction.atomic
def submit(revision: Revision, *, by: User = None, note: str = "") -> Text:
    """Hand the draft over for review."""
    return move("submit", revision, by, note)


@transaction.atomic
def send_back(revision: Revision, *, by: User = None, note: str = "") -> Text:
    """Make a draft of it again; an approval and a schedule are gone."""
    return move("send_back", revision, by, note)


@transaction.atomic
def approve(revision: Revision, *, by: User = None, note: str = "") -> Text:
    """Somebody who may publish has read these words. Raises rights.OwnWords."""
    if by and rights.needs_other_eyes(by, revision):
        raise rights.OwnWords
    return move("approve", revision, by, note)


@transaction.atomic
def unschedule(revision: Revision, *, by: User = None, note: str = "") -> Text:
    """It is approved, and published when somebody does it."""
    return move("unschedule", revision, by, note)


@transaction.atomic
def schedule(
    revision: Revision,
    *,
    at: datetime,
    now: datetime,
    by: User = None,
    change: str = "",
    note: str = "",
    note_language: str = "en",
) -> Text:
    """Have this very revision published at a moment, with what readers are told of the change.

    What would be refused then is refused now: raises what `workflow.refuse_unready` raises,
    LeadingTextNotPublished where the leading text is not public by then, InReleaseSet and
    HourPassed.
    """
    if at <= now:
        raise HourPassed
    statement = Statement.objects.select_for_update(of=("self",)).get(texts=revision.text_id)
    text = _locked(revision)
    if text.release_id:
        raise workflow.InReleaseSet
    told = {"change": change, "note": note}
    workflow.refuse_unready(revision, text, statement, by=by, on=localdate(at), **told)
    leading = statement.texts.filter(is_leading=True, scheduled_for__lte=at)
    if not (text.is_leading or statement.is_public or leading.exists()):
        raise workflow.LeadingTextNotPublished
    return move(
        "schedule",
        revision,
        by,
        scheduled_for=at,
        scheduled_change=change,
        scheduled_note=collapse(note),
        scheduled_note_language=note_language,
    )


def change_told(before: Text, *, change: str, note: str) -> None:
    """Have readers told of another kind of change, or of none, when the next version comes.

    Nothing happens to what has been told, scheduled or written anew since `before` was read.
    """
    if before.scheduled_note:
        waiting = Text.objects.filter(pk=before.pk, scheduled_for=None, release=None)
        waiting.filter(scheduled_note=before.scheduled_note).update(
            scheduled_change=change if note else "", scheduled_note=collapse(note)
        )


@transaction.atomic
def restore(revision: Revision, *, by: User, based_on: int | None, why: str) -> Revision:
    """Save the words of an older revision as a new one.

    Raises EditedMeanwhile, also where the words are sealed by now.
    """
    text = Text.objects.get(pk=revision.text_id)
    revision.refresh_from_db()
    if revision.sealed_at:
        raise workflow.EditedMeanwhile
    before = text.state
    restored = workflow.save_words(text, revision.words, by=by, based_on=based_on, why=why)
    if restored.pk != based_on:
        words_saved(text, before, by=by)
    return restored


def words_saved(text: Text, before: str, *, by: User) -> None:
    """Record that a save made a draft of what was approved, say: call it last."""
    if before not in (Text.State.DRAFT, LIVE):
        auditing.decide("save", text, by=by, before=before, after=Text.State.DRAFT)


def _locked(revision: Revision) -> Text:
    return Text.objects.select_for_update().get(pk=revision.text_id)


def move(act: str, revision: Revision, by: User, note: str = "", **columns: object) -> Text:
    text = _locked(revision)
    if text.working_revision_id != revision.pk:
        raise workflow.EditedMeanwhile
    before, after = text.state, MOVES[act][1]
    if not possible(act, before):
        raise IllegalMove
    following = workflow.without_approval(after)
    if after in Text.SETTLED:
        following["approved_revision"] = revision
    Text.objects.filter(pk=text.pk).update(**following | columns)
    auditing.decide(
        act, text, by=by, before=before, after=after, code=f"revision-{revision.pk}", note=note
    )
    text.refresh_from_db()
    return text
