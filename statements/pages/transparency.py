"""What became of the statements that strangers sent, year by year, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median

from django.db.models import Count, DurationField, ExpressionWrapper, Q
from django.db.models.functions import ExtractYear, TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from statements.models import DeclineReason, PastSubmission, Submission
from statements.reading import amounts

# A smaller number could point at somebody, so it is not told.
SMALL = 5
# Years on the page, the newest first.
YEARS = 20

State = Submission.State


@dataclass
class Year:
    """Of what was received in a year: how many became what. Spam is left out."""

    year: int
    outcomes: Counter = field(default_factory=Counter)
    reasons: Counter = field(default_factory=Counter)
    # Days until it was decided: how often.
    waits: Counter = field(default_factory=Counter)

    @property
    def rows(self) -> Iterator[tuple[str, str]]:
        """What is told of the year: a heading, and a number in words."""
        parts = {
            pgettext("how many submissions", "Published"): self.outcomes["published"],
            pgettext("how many submissions", "Accepted, and not published yet"): self.outcomes[
                State.ACCEPTED
            ],
            pgettext("how many submissions", "Declined"): self.outcomes[State.DECLINED],
            pgettext("how many submissions", "Withdrawn by the sender"): self.outcomes[
                State.WITHDRAWN
            ],
            pgettext("how many submissions", "Not decided yet"): sum(
                self.outcomes[state] for state in Submission.OPEN
            ),
        }
        yield pgettext("how many submissions", "Received"), told_whole(parts.values())
        yield from ((heading, told(number)) for heading, number in parts.items())
        if self.waits.total() >= SMALL:
            days = round(median(self.waits.elements()))
            words = ngettext("%(number)s day", "%(number)s days", days)
            yield (
                _("Half of the decisions took no longer than"),
                words % {"number": amounts.grouped(days)},
            )

    def declined(self, names: dict[str, str]) -> list[tuple[str, str]]:
        """Reasons and how often each was given, most often first; the rare ones together."""
        often = [
            (code, count)
            for code, count in self.reasons.most_common()
            if count >= SMALL and code in names
        ]
        rest = self.reasons.total() - sum(count for _code, count in often)
        while often and 0 < rest < SMALL:
            # What is left of all that were declined would tell a small number.
            rest += often.pop()[1]
        rows = [(capfirst(names[code]), told(count)) for code, count in often]
        return [*rows, (_("Other reasons"), told(rest))] if rest else rows


def told(number: int) -> str:
    """A number as the public may know it."""
    if 0 < number < SMALL:
        return _("fewer than %(number)s") % {"number": SMALL}
    return amounts.grouped(number)


def told_whole(parts: Iterable[int]) -> str:
    """Their sum, from which nobody learns a small one by taking the others away."""
    parts = list(parts)
    known = sum(part for part in parts if part >= SMALL)
    if known == sum(parts) or sum(parts) < SMALL:
        return told(sum(parts))
    return _("at least %(number)s") % {"number": amounts.grouped(max(known, SMALL))}


def transparency(request: HttpRequest) -> HttpResponse:
    names = {one.code: str(one) for one in DeclineReason.objects.worded()}
    years = [
        {"year": one.year, "rows": list(one.rows), "reasons": one.declined(names)}
        for one in _years()
    ]
    return render(request, "pages/transparency.html", {"years": years, "small": SMALL})


def _years() -> list[Year]:
    found: dict[int, Year] = {}
    for year, state, reason, days, number in (*_kept(), *_erased()):
        one = found.setdefault(year, Year(year))
        one.outcomes[state] += number
        if state == State.DECLINED:
            one.reasons[reason] += number
        if state in (State.ACCEPTED, State.DECLINED, "published") and days is not None:
            one.waits[days] += number
    return sorted(found.values(), key=lambda one: one.year, reverse=True)[:YEARS]


Row = tuple[int, str, str, int | None, int]


def _kept() -> Iterator[Row]:
    """Submissions that are there, by year, state, reason and days."""
    rows = (
        # nosemgrep: past-the-gates - they are counted, and nothing else
        Submission.objects.exclude(state__in=(State.SPAM, State.QUARANTINED))
        .order_by()
        .values_list(
            ExtractYear("received_at"),
            "state",
            "reason",
            ExpressionWrapper(
                TruncDate("closed_at") - TruncDate("received_at"), output_field=DurationField()
            ),
            Q(accepted_text__live_revision__isnull=False),
        )
        .annotate(number=Count("pk"))
    )
    for year, state, reason, wait, is_public, number in rows:
        became = "published" if state == State.ACCEPTED and is_public else state
        yield year, became, reason, _days(wait), number


def _days(wait: timedelta | None) -> int | None:
    return None if wait is None else wait.days


def _erased() -> Iterable[Row]:
    rows = PastSubmission.objects.order_by().values_list("year", "state", "reason", "days")
    return rows.annotate(number=Count("pk"))
