"""Days of earlier years that come round in the days ahead."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from statements.admin.piles import MOST, Line, Pile, day_shown, filled, state_of, updates_of
from statements.dates import DAY
from statements.models import Demand, Event, Person, PersonUpdate
from statements.models.counting import MOST_COUNTED
from statements.models.custody import FREE, TAKEN

# How far ahead days are looked for.
AHEAD = 30
# Of these news is asked for. What is met, refused or over may be told of too, and is in the list of
# all demands.
ASKED = (*Demand.OPEN, Demand.State.UNKNOWN)
AWAITED = [state for state in Person.State if state not in FREE]


def arrests(today: date, start: int) -> Pile:
    updates = PersonUpdate.objects.in_force().filter(
        _returns("happened", today),
        state__in=TAKEN,
        person__in=Person.objects.published().filter(state__in=AWAITED),
    )
    near = sorted(updates.select_related("person")[:MOST_COUNTED], key=_turn("happened", today))
    found = near[start : start + MOST]
    pile = Pile("arrests", _("Anniversaries of arrests"), _("None in the next days."))
    return filled(
        pile,
        updates,
        (
            Line(one.person, [_year(one.happened_earliest, today)], *updates_of(one.person))
            for one in found
        ),
        start,
    )


def raised(today: date, start: int) -> Pile:
    demands = Demand.objects.published().filter(_returns("raised", today), state__in=ASKED)
    near = sorted(demands.order_by("-pk")[:MOST_COUNTED], key=_turn("raised", today))
    found = near[start : start + MOST]
    pile = Pile("raised", _("Anniversaries of open demands"), _("None in the next days."))
    lines = (
        Line(one, [state_of(one), _year(one.raised_earliest, today)], *updates_of(one))
        for one in found
    )
    return filled(pile, demands, lines, start)


def events(today: date, start: int) -> Pile:
    events = Event.objects.published().filter(_returns("start", today))
    near = sorted(events.order_by("-pk")[:MOST_COUNTED], key=_turn("start", today))
    found = near[start : start + MOST]
    pile = Pile("events", _("Anniversaries of events"), _("None in the next days."))
    return filled(
        pile,
        events,
        (
            Line(
                one,
                [_year(one.start_earliest, today)],
                reverse("admin:statements_event_change", args=[one.pk]),
                _("Look at it"),
            )
            for one in found
        ),
        start,
    )


def _returns(name: str, today: date) -> Q:
    """Exact days of earlier years whose anniversary is in the days ahead."""
    ahead = [today + timedelta(days) for days in range(AHEAD)]
    found = Q()
    for month in dict.fromkeys(day.month for day in ahead):
        days = [day.day for day in ahead if day.month == month]
        found |= Q(
            **{
                f"{name}_earliest__month": month,
                f"{name}_earliest__day__range": (days[0], days[-1]),
            }
        )
    return found & Q(**{f"{name}_precision": DAY, f"{name}_earliest__lt": today - timedelta(AHEAD)})


def _turn(name: str, today: date) -> object:
    """Sorts by how many days are left until the anniversary."""
    return lambda one: (_next(getattr(one, f"{name}_earliest"), today), one.pk)


def _next(day: date, today: date) -> date:
    for year in (today.year, today.year + 1):
        # Of 29 February the day before, in years that have none.
        last = 28 if (day.month, day.day) == (2, 29) and not _is_leap(year) else day.day
        if (found := date(year, day.month, last)) >= today:
            return found
    return date(today.year + 1, day.month, day.day)


def _is_leap(year: int) -> bool:
    return (date(year, 3, 1) - timedelta(1)).day == 29


def _year(day: date, today: date) -> str:
    turn = _next(day, today)
    years = turn.year - day.year
    words = ngettext("%(years)s year on %(day)s", "%(years)s years on %(day)s", years)
    return words % {"years": years, "day": day_shown(turn)}
