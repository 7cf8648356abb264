"""Days of earlier years that come round in the days ahead."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Case, Q, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from statements.admin.piles import MOST, Line, Pile, day_shown, filled, state_of, updates_of
from statements.dates import DAY, DayInYear
from statements.models import Demand, Event, Person, PersonUpdate
from statements.models.custody import FREE, TAKEN

# How far ahead days are looked for.
AHEAD = 30
LAST_OF_FEBRUARY, LEAP_DAY = 228, 229
# Of these news is asked for. What is met, refused or over may be told of too, and is in the list of
# all demands.
ASKED = (*Demand.OPEN, Demand.State.UNKNOWN)
AWAITED = [state for state in Person.State if state not in FREE]


def arrests(today: date, start: int) -> Pile:
    updates = PersonUpdate.objects.in_force().filter(
        state__in=TAKEN, person__in=Person.objects.published().filter(state__in=AWAITED)
    )
    updates = _coming(updates.select_related("person"), "happened", today)
    pile = Pile("arrests", _("Anniversaries of arrests"), _("None in the next days."))
    lines = (
        Line(one.person, [_year(one.happened_earliest, today)], *updates_of(one.person))
        for one in updates[start : start + MOST]
    )
    return filled(pile, updates, lines, start)


def raised(today: date, start: int) -> Pile:
    demands = _coming(Demand.objects.published().filter(state__in=ASKED), "raised", today)
    pile = Pile("raised", _("Anniversaries of open demands"), _("None in the next days."))
    lines = (
        Line(one, [state_of(one), _year(one.raised_earliest, today)], *updates_of(one))
        for one in demands[start : start + MOST]
    )
    return filled(pile, demands, lines, start)


def events(today: date, start: int) -> Pile:
    found = _coming(Event.objects.published(), "start", today)
    pile = Pile("events", _("Anniversaries of events"), _("None in the next days."))
    lines = (
        Line(
            one,
            [_year(one.start_earliest, today)],
            reverse("admin:statements_event_change", args=[one.pk]),
            _("Look at it"),
        )
        for one in found[start : start + MOST]
    )
    return filled(pile, found, lines, start)


def _coming(records: QuerySet, name: str, today: date) -> QuerySet:
    """Those with an exact day of an earlier year that returns in the days ahead, the next first."""
    end = today + timedelta(AHEAD - 1)
    first, last = DayInYear.of(today), DayInYear.of(end)
    # Of 29 February the day before is kept, in years that have none.
    if last == LAST_OF_FEBRUARY and not _is_leap(end.year):
        last = LEAP_DAY
    records = records.alias(turn=DayInYear(f"{name}_earliest")).filter(
        **{f"{name}_precision": DAY, f"{name}_earliest__lt": today - timedelta(AHEAD)}
    )
    if first <= last:
        return records.filter(turn__range=(first, last)).order_by("turn", "pk")
    # Over the end of a year.
    records = records.filter(Q(turn__gte=first) | Q(turn__lte=last))
    return records.order_by(Case(When(turn__gte=first, then=0), default=1), "turn", "pk")


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
