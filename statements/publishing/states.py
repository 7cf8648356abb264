"""Which state leads to which: the only tables, that code and documentation take it from."""

from __future__ import annotations

from statements.models import ReleaseSet, Statement, Text

Standing = Statement.Standing
Release = ReleaseSet.State
State = Text.State
# The working words are the live ones: there is nothing to be done with them.
LIVE = ""
UNSETTLED = (State.DRAFT, State.IN_REVIEW)
NOT_LIVE = (*UNSETTLED, *Text.SETTLED)

# What happens to a text's working revision: the states it can be in, and the one that follows.
MOVES: dict[str, tuple[tuple[str, ...], str]] = {
    "save": ((LIVE, *NOT_LIVE), State.DRAFT),
    "submit": ((State.DRAFT,), State.IN_REVIEW),
    "send_back": ((State.IN_REVIEW, *Text.SETTLED), State.DRAFT),
    "approve": ((State.IN_REVIEW,), State.APPROVED),
    "schedule": (NOT_LIVE, State.SCHEDULED),
    "unschedule": ((State.SCHEDULED,), State.APPROVED),
    # Into a release set: it goes out with the others.
    "join": (NOT_LIVE, State.APPROVED),
    "publish": (NOT_LIVE, LIVE),
}

# Whoever takes a statement back by mistake can put it back, in public.
STANDINGS: dict[str, tuple[str, ...]] = {
    Standing.CURRENT: (
        Standing.ARCHIVED,
        Standing.WITHDRAWN,
        Standing.RETRACTED,
        Standing.TAKEN_DOWN,
    ),
    Standing.ARCHIVED: (
        Standing.CURRENT,
        Standing.WITHDRAWN,
        Standing.RETRACTED,
        Standing.TAKEN_DOWN,
    ),
    Standing.WITHDRAWN: (Standing.CURRENT, Standing.TAKEN_DOWN),
    Standing.RETRACTED: (Standing.CURRENT, Standing.TAKEN_DOWN),
    Standing.TAKEN_DOWN: (Standing.CURRENT,),
}

# A release set: what can be done with it in which state, and the one that follows.
RELEASES: dict[str, tuple[tuple[str, ...], str]] = {
    "schedule": ((Release.PREPARED,), Release.SCHEDULED),
    "unschedule": ((Release.SCHEDULED, Release.REFUSED), Release.PREPARED),
    "release": ((Release.SCHEDULED,), Release.RELEASED),
    "refuse": ((Release.SCHEDULED,), Release.REFUSED),
    "cancel": ((Release.PREPARED, Release.SCHEDULED, Release.REFUSED), Release.CANCELLED),
}


class HourPassed(Exception):
    """What is scheduled is scheduled for later."""


class IllegalMove(Exception):
    """The record is in a state that the wanted one does not follow; perhaps somebody was faster."""


# What a publisher's own eyes are not enough for, where four are asked for.
TOWARDS_READERS = ("approve", "schedule", "join", "publish")


def possible(act: str, state: str) -> bool:
    return state in MOVES[act][0]
