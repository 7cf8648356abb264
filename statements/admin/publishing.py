"""The buttons that bring a text from one working state to another, and what is said afterwards."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements import rights
from statements.models import Decision, Refusal, ReleaseSet, Statement, Text
from statements.publishing import releases, review, states

ACTS = {
    "submit": review.submit,
    "send_back": review.send_back,
    "approve": review.approve,
    "unschedule": review.unschedule,
}
BUTTONS = {
    "submit": gettext_lazy("Save and submit for review"),
    "approve": gettext_lazy("Save and approve"),
    "publish": gettext_lazy("Save and publish"),
    "send_back": gettext_lazy("Save and send back"),
    "unschedule": gettext_lazy("Save and cancel the schedule"),
    "schedule": gettext_lazy("Save and schedule"),
    "join": gettext_lazy("Save and put into the release set"),
}
# After these one goes on editing.
STAYING = {"_continue", *(f"_{act}" for act in BUTTONS)}
# How the history words an act.
WORDED = {
    "save": gettext_lazy("Changed words that were in review, approved or scheduled"),
    "submit": gettext_lazy("Submitted for review"),
    "send_back": gettext_lazy("Sent back"),
    "approve": gettext_lazy("Approved"),
    "schedule": gettext_lazy("Scheduled"),
    "unschedule": gettext_lazy("Cancelled the schedule"),
    "join": gettext_lazy("Put into a release set"),
    "leave": gettext_lazy("Taken out of a release set"),
    "publish": gettext_lazy("Published"),
    "refuse": gettext_lazy("Not published at its hour"),
    "refuse-standing": gettext_lazy("Standing not changed at its hour"),
    "prepare-release": gettext_lazy("Prepared"),
    "describe-release": gettext_lazy("Changed the name or the moment"),
    "schedule-release": gettext_lazy("Scheduled"),
    "unschedule-release": gettext_lazy("Cancelled the schedule"),
    "refuse-release": gettext_lazy("Held back at its hour"),
    "cancel-release": gettext_lazy("Cancelled"),
    "release": gettext_lazy("Released"),
    "change-standing": gettext_lazy("Changed the standing"),
    "schedule-standing": gettext_lazy("Scheduled a change of the standing"),
    "unschedule-standing": gettext_lazy("Cancelled the schedule"),
    "answer-safety": gettext_lazy("Answered the safety questions"),
    "second-safety": gettext_lazy("Agreed to the answers about safety"),
}
# After one of these nobody presses the button that publishes a text: its hour comes.
WAITING = ("schedule", "join", "refuse")
REFUSED = ("refuse", "refuse-standing", "refuse-release")
STATES = (
    dict(Text.State.choices) | dict(Statement.Standing.choices) | dict(ReleaseSet.State.choices)
)
# A text that goes out with others is published by nothing else.
ALONE = {"publish", "schedule", "join"}


def reasons(codes: str) -> list[str]:
    """What held something back, in words."""
    return [str(Refusal(code).label) for code in codes.split(",") if code in Refusal.values]


def buttons(user: rights.User, text: Text) -> dict[str, str]:
    """What somebody can do with a text beside saving it, and what the button says."""
    state = text.state or Text.State.DRAFT
    return {
        act: words
        for act, words in BUTTONS.items()
        if states.possible(act, state)
        and rights.can_move(user, act, text.working_revision)
        and not (text.release_id and act in ALONE)
    }


def full() -> str:
    return _("A release set holds %(number)d texts at most.") % {"number": releases.MOST_MEMBERS}


def outcome(act: str, text: Text) -> str:
    if act == "submit":
        return _("Saved, and submitted for review.")
    if act == "approve":
        return _("Saved, and approved: it can be published.")
    if act == "schedule":
        moment = date_format(localtime(text.scheduled_for), "DATETIME_FORMAT")
        return _("Saved. It is published on %(moment)s.") % {"moment": moment}
    if act == "join":
        return _("Saved, and approved: it goes out with “%(name)s”.") % {"name": text.release}
    if act == "unschedule":
        return _("Saved. It is approved, and no longer scheduled.")
    return _("Saved, and sent back: it is a draft again.")


def undone(before: Text, after: Text) -> str:
    """What a save took away, in words: an hour, a place in a release set, an approval, a review."""
    if not before.pk or after.state not in states.UNSETTLED or before.state == after.state:
        return ""
    if before.release:
        return _held_back(before.release)
    if before.state == Text.State.SCHEDULED:
        moment = date_format(localtime(before.scheduled_for), "DATETIME_FORMAT")
        return _(
            "It is not published on %(moment)s any more: schedule the words as they are now."
        ) % {"moment": moment}
    if before.state == Text.State.APPROVED:
        return _("It is not approved any more: a publisher reads the words as they are now.")
    if before.state == Text.State.IN_REVIEW:
        return _("It is not in review any more: submit it when it is ready.")
    return ""


def _held_back(release: ReleaseSet) -> str:
    told = {"name": release.name}
    if not release.at:
        return (
            _(
                "These words are not approved, and hold back the release set “%(name)s”: take the"
                " text out of it, and put in the words that are approved."
            )
            % told
        )
    told["moment"] = date_format(localtime(release.at), "DATETIME_FORMAT")
    return (
        _(
            "These words are not approved, so nothing of the release set “%(name)s” goes out on"
            " %(moment)s: take the text out of it, and put in the words that are approved."
        )
        % told
    )


def decisions(moved: Text | Statement | ReleaseSet) -> list[dict[str, object]]:
    """Who moved it and where to, the newest first, in words."""
    made = list(moved.decisions.select_related("entry", "by")[:101])
    return [
        {
            "at": one.entry.at,
            "by": _("by itself, at its hour") if _came_by_itself(one, earlier) else one.by,
            "what": WORDED.get(one.entry.act, one.entry.act),
            "after": STATES.get(one.entry.after, ""),
            "why": reasons(one.entry.code) if one.entry.act in REFUSED else "",
            "note": one.note,
        }
        for one, earlier in zip(made[:100], [*made[1:], None], strict=False)
    ]


def _came_by_itself(one: Decision, earlier: Decision | None) -> bool:
    """Whether it was done at a scheduled hour. An entry without an actor was never anybody's: of an
    account that is gone the number stays."""
    if one.entry.actor_id:
        return False
    was_waiting = bool(earlier) and earlier.entry.act in WAITING
    return one.entry.act == "release" or (one.entry.act == "publish" and was_waiting)
