"""The buttons that bring a text from one working state to another, and what is said afterwards."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements import rights
from statements.models import Statement, Text
from statements.publishing import review, states

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
    "publish": gettext_lazy("Published"),
    "change-standing": gettext_lazy("Changed the standing"),
    "schedule-standing": gettext_lazy("Scheduled a change of the standing"),
    "unschedule-standing": gettext_lazy("Cancelled the schedule"),
    "answer-safety": gettext_lazy("Answered the safety questions"),
    "second-safety": gettext_lazy("Agreed to the answers about safety"),
}
STATES = dict(Text.State.choices) | dict(Statement.Standing.choices)


def buttons(user: rights.User, text: Text) -> dict[str, str]:
    """What somebody can do with a text beside saving it, and what the button says."""
    state = text.state or Text.State.DRAFT
    return {
        act: words
        for act, words in BUTTONS.items()
        if states.possible(act, state) and rights.can_move(user, act, text.working_revision)
    }


def outcome(act: str, text: Text) -> str:
    if act == "submit":
        return _("Saved, and submitted for review.")
    if act == "approve":
        return _("Saved, and approved: it can be published.")
    if act == "schedule":
        moment = date_format(localtime(text.scheduled_for), "DATETIME_FORMAT")
        return _("Saved. It is published on %(moment)s.") % {"moment": moment}
    if act == "unschedule":
        return _("Saved. It is approved, and no longer scheduled.")
    return _("Saved, and sent back: it is a draft again.")


def decisions(moved: Text | Statement) -> list[dict[str, object]]:
    """Who moved it and where to, the newest first, in words."""
    made = moved.decisions.select_related("entry", "by")
    return [
        {
            "at": one.entry.at,
            "by": one.by,
            "what": WORDED.get(one.entry.act, one.entry.act),
            "after": STATES.get(one.entry.after, ""),
            "note": one.note,
        }
        for one in made[:100]
    ]
