"""Release sets: what is put together, tried out, and goes out at one moment or not at all.

A set is locked before the statements of its texts, these before the texts. Each act raises
IllegalMove where the state of the set does not lead there.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from statements.auditing import workflow as auditing
from statements.models import ReleaseMember, ReleaseSet, Revision, Statement, Text
from statements.plain import collapse
from statements.publishing import outgoing, review, workflow
from statements.publishing.outgoing import HeldBack
from statements.publishing.states import RELEASES, HourPassed, IllegalMove

User = workflow.User
State = ReleaseSet.State
# One transaction publishes them all, and the dry run tries all of them.
MOST_MEMBERS = 40


class SetIsFull(Exception):
    """More texts than are published in one moment."""


class HourMissing(Exception):
    """A set is scheduled for a moment."""


class SetChanged(Exception):
    """Other words are in the set by now, or another moment, than whoever schedules it has seen."""


def possible(act: str, state: str) -> bool:
    return state in RELEASES[act][0]


@transaction.atomic
def prepare(*, name: str, at: datetime | None = None, by: User) -> ReleaseSet:
    release = ReleaseSet.objects.create(name=name, at=at)
    auditing.decide("prepare-release", release, by=by, after=State.PREPARED)
    return release


@transaction.atomic
def describe(release: ReleaseSet, *, name: str, at: datetime | None, by: User) -> None:
    """Give a set that is being prepared another name or moment."""
    found = _in_preparation(release)
    ReleaseSet.objects.filter(pk=found.pk).update(name=name, at=at)
    auditing.decide("describe-release", found, by=by, after=found.state)


@transaction.atomic
def join(
    release: ReleaseSet,
    revision: Revision,
    *,
    by: User = None,
    change: str = "",
    note: str = "",
    note_language: str = "en",
) -> Text:
    """Approve this very revision, and put its text into a set, with what readers will be told.

    What would be refused at the hour is refused now: raises what `workflow.refuse_unready`
    raises, InReleaseSet where the text is in a set already, and SetIsFull. Whether the text that
    leads it goes out too is looked at when the set is scheduled.
    """
    found = _in_preparation(release)
    statement = Statement.objects.select_for_update(of=("self",)).get(texts=revision.text_id)
    text = Text.objects.select_for_update().get(pk=revision.text_id)
    if text.release_id:
        raise workflow.InReleaseSet
    if found.members.count() >= MOST_MEMBERS:
        raise SetIsFull
    workflow.refuse_unready(revision, text, statement, by=by, change=change, note=note)
    told = {"change": change, "note": collapse(note), "note_language": note_language}
    ReleaseMember.objects.create(release=found, text=text, revision=revision, **told)
    # Where it leaves the set, its form has them still.
    kept = {f"scheduled_{name}": value for name, value in told.items()}
    return review.move("join", revision, by, release=found, **kept)


@transaction.atomic
def leave(release: ReleaseSet, member: int, *, by: User) -> None:
    """Take a text out of a set that is being prepared; its working state stays as it is."""
    found = _in_preparation(release)
    member = found.members.filter(pk=member).first()
    if not member:
        raise IllegalMove
    text = Text.objects.select_for_update().get(pk=member.text_id)
    member.delete()
    Text.objects.filter(pk=text.pk).update(release=None)
    auditing.decide("leave", text, by=by, before=text.state, after=text.state)


@transaction.atomic
def schedule(release: ReleaseSet, *, by: User, now: datetime, seen: str) -> ReleaseSet:
    """Have a set go out at its moment. `seen` is the key of the dry run that somebody has read.

    Raises HourMissing, HourPassed, SetChanged, and HeldBack with what speaks against it.
    """
    found = _locked(release)
    _require("schedule", found)
    if not found.at:
        raise HourMissing
    if found.at <= now:
        raise HourPassed
    outcome = outgoing.rehearse(found, by=by)
    if seen != key(found, outcome):
        raise SetChanged
    if not outcome.is_possible:
        raise HeldBack(outcome)
    return _move("schedule", found, by)


def key(release: ReleaseSet, outcome: outgoing.Outcome) -> str:
    """What somebody has seen who has read a dry run: the moment and the words."""
    return f"{release.at.isoformat() if release.at else ''} {outcome.key}"


@transaction.atomic
def unschedule(release: ReleaseSet, *, by: User) -> ReleaseSet:
    """Back to preparation, from the schedule or from a refusal: it goes out at no hour."""
    found = _locked(release)
    _require("unschedule", found)
    found.members.update(refusal="")
    return _move("unschedule", found, by)


@transaction.atomic
def cancel(release: ReleaseSet, *, by: User) -> ReleaseSet:
    """Give a set up. Its texts are free, in the working states that they are in."""
    found = _locked(release)
    _require("cancel", found)
    outgoing.locked_members(found)
    found.members.all().delete()
    Text.objects.filter(release=found).update(release=None)
    return _move("cancel", found, by)


@transaction.atomic
def release_due(pk: int, *, now: datetime) -> ReleaseSet | None:
    """Let a set go out whose hour has come, all of it; or none, and then it is refused.

    None where it is not due any more once nobody else could change it.
    """
    found = ReleaseSet.objects.select_for_update().get(pk=pk)
    if not possible("release", found.state) or found.at > now:
        return None
    try:
        outgoing.go_out(found, now=now)
    except HeldBack as held:
        for member in held.outcome.members:
            ReleaseMember.objects.filter(pk=member.pk).update(refusal=member.refusal)
        codes = sorted({str(one.refusal) for one in held.outcome.refused})
        return _move("refuse", found, None, code=",".join(codes))
    return _move("release", found, None)


def _locked(release: ReleaseSet) -> ReleaseSet:
    return ReleaseSet.objects.select_for_update().get(pk=release.pk)


def _in_preparation(release: ReleaseSet) -> ReleaseSet:
    found = _locked(release)
    if not found.is_prepared:
        raise IllegalMove
    return found


def _require(act: str, release: ReleaseSet) -> None:
    if not possible(act, release.state):
        raise IllegalMove


def _move(act: str, release: ReleaseSet, by: User, *, code: str = "") -> ReleaseSet:
    before, release.state = release.state, RELEASES[act][1]
    release.save(update_fields=["state"])
    name = f"{act}-release" if act != "release" else act
    auditing.decide(name, release, by=by, before=before, after=release.state, code=code)
    return release
