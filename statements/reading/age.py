"""How long ago something was, as exactly as its date says."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import ngettext, npgettext, pgettext

from statements.dates import PartialDate
from statements.reading.amounts import grouped

# From here on nobody counts in days.
YEAR = 365


def time_since(day: PartialDate | None, today: date | None = None) -> str:
    """In days up to a year, then in years: "60 to 88 days ago", "3 years and 2 months ago"."""
    least, most = days_since(day, today)
    if day and least is not None and least == most and most >= YEAR:
        return _years_and_months(day.earliest, today or timezone.localdate())
    if most is not None and least is not None and least // YEAR:
        return _years(least // YEAR, most // YEAR)
    return in_days(least, most)


def exact_since(day: PartialDate | None, today: date | None = None) -> str:
    """The days, where `time_since` tells years."""
    least, most = days_since(day, today)
    return in_days(least, most) if most is not None and (least or 0) >= YEAR else ""


def days_since(day: PartialDate | None, today: date | None = None) -> tuple[int | None, int | None]:
    """The least and the most; the least is 0 where it may not have come, the most may be open."""
    if not day:
        return None, None
    today = today or timezone.localdate()
    least = max((today - day.latest).days, 0) if day.latest else 0
    return least, (today - day.earliest).days if day.earliest else None


def in_days(least: int | None, most: int | None) -> str:
    if most is None:
        return _days("at least", least) if least else ""
    if most < 1:
        return ""
    if not least:
        return _days("at most", most)
    if least == most:
        return _days("", most)
    words = ngettext("%(least)s to %(most)s day ago", "%(least)s to %(most)s days ago", most)
    return words % {"least": grouped(least), "most": grouped(most)}


def _days(bound: str, days: int) -> str:
    if bound == "at least":
        words = ngettext("at least %(days)s day ago", "at least %(days)s days ago", days)
    elif bound == "at most":
        words = ngettext("at most %(days)s day ago", "at most %(days)s days ago", days)
    else:
        words = ngettext("%(days)s day ago", "%(days)s days ago", days)
    return words % {"days": grouped(days)}


def _years(least: int, most: int) -> str:
    if least == most:
        words = ngettext("more than %(years)s year ago", "more than %(years)s years ago", most)
        return words % {"years": grouped(most)}
    words = ngettext("%(least)s to %(most)s year ago", "%(least)s to %(most)s years ago", most)
    return words % {"least": grouped(least), "most": grouped(most)}


def _years_and_months(day: date, today: date) -> str:
    months = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
    years, months = divmod(months, 12)
    if not months:
        words = ngettext("%(years)s year ago", "%(years)s years ago", years)
        return words % {"years": grouped(years)}
    # Two numbers, each worded for itself: languages differ in their plurals.
    parts = {
        "years": npgettext("… and some months ago", "%(count)s year", "%(count)s years", years)
        % {"count": grouped(years)},
        "months": npgettext("some years and … ago", "%(count)s month", "%(count)s months", months)
        % {"count": months},
    }
    return pgettext("length of time", "%(years)s and %(months)s ago") % parts
