"""What has to be looked after: addresses that tell a name, silence, and days that are near.

Each list has the longest wait first, so that working through it empties it, and further pages up to
a thousand, to which the numbers beside them are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from statements.dates import DAY
from statements.languages import isolated
from statements.models import (
    Demand,
    DemandPerson,
    Event,
    Person,
    PersonUpdate,
    SafetyCheck,
    Text,
)
from statements.models.counting import MOST_COUNTED
from statements.models.custody import FREE, TAKEN, custody
from statements.publishing import addresses

MOST = 50
MOST_PAGES = 20
# How far ahead days are looked for.
AHEAD = 30
MOST_DAYS = 3650
# Of these news is asked for. What is met, refused or over may be told of too, and is in the list of
# all demands.
ASKED = (*Demand.OPEN, Demand.State.UNKNOWN)
AWAITED = [state for state in Person.State if state not in FREE]


@dataclass(frozen=True)
class Line:
    """A record, what is told of it, and where to go on."""

    record: Model
    told: list[str]
    url: str
    act: str


@dataclass
class Pile:
    key: str
    name: str | Promise
    empty: str | Promise
    lines: list[Line] = field(default_factory=list)
    count: int = 0
    start: int = 0

    @property
    def number(self) -> str:
        if self.count > MOST_COUNTED:
            return _("more than %(number)s") % {"number": MOST_COUNTED}
        return str(self.count)

    @property
    def has_more(self) -> bool:
        return self.count > self.start + len(self.lines)

    @property
    def first(self) -> int:
        return self.start + 1

    @property
    def last(self) -> int:
        return self.start + len(self.lines)

    @property
    def next_page(self) -> int:
        return self.start // MOST + 2


def piles(days: int, today: date, only: str = "", page: int = 1) -> list[Pile]:
    """All of the page, in a number of queries that no record adds to.

    With `only` a further page of that pile alone.
    """
    quiet_since = today - timedelta(days)
    found = {
        "addresses": _addresses,
        "demands": lambda start: _demands(quiet_since, today, start),
        "persons": lambda start: _persons(quiet_since, today, start),
        "due": lambda start: _due(today, start),
        "reviews": lambda start: _reviews(today, start),
        "arrests": lambda start: _arrests(today, start),
        "raised": lambda start: _raised(today, start),
        "events": lambda start: _events(today, start),
    }
    if only in found:
        return [found[only]((page - 1) * MOST)]
    return [pile(0) for pile in found.values()]


def _filled(pile: Pile, rows: QuerySet, lines: Iterable[Line], start: int) -> Pile:
    pile.start, pile.lines = start, list(lines)
    pile.count = start + len(pile.lines)
    if start or len(pile.lines) == MOST:
        pile.count = rows.order_by()[: MOST_COUNTED + 1].count()
    return pile


def _quiet(records: QuerySet, since: date) -> QuerySet:
    """Published ones whose last change was before a day, or that never had a day at all."""
    return records.published().filter(Q(changed_on__lte=since) | Q(changed_on__isnull=True))


def _addresses(start: int) -> Pile:
    """Public addresses are reported and never changed unasked: whoever has one would be lost."""
    pile = Pile(
        "addresses",
        _("Public addresses that tell a name not shown in full"),
        _("No address tells one."),
    )
    found = addresses.public_and_telling()
    pile.start, pile.count, shown = start, len(found), found[start : start + MOST]
    prefetch_related_objects([one for one in shown if isinstance(one, Text)], "working_revision")
    pile.lines = [
        Line(one, [isolated(one.slug)], where_address_is_changed(one), _("Change the address"))
        for one in shown
    ]
    return pile


def where_address_is_changed(record: Model) -> str:
    if isinstance(record, Text) and record.is_leading:
        form = reverse("admin:statements_statement_change", args=[record.statement_id])
    else:
        form = reverse(f"admin:statements_{record._meta.model_name}_change", args=[record.pk])
    return f"{form}#id_slug"


def _demands(since: date, today: date, start: int) -> Pile:
    rows = _quiet(Demand.objects.filter(state__in=ASKED), since)
    # As the index is ordered: the longest wait first, and those without a day before them.
    found = rows.order_by(F("changed_on").asc(nulls_last=True), "pk")[start : start + MOST]
    pile = Pile("demands", _("Open demands without news"), _("There is news of every one."))
    return _filled(
        pile,
        rows,
        (Line(one, [_state(one), _silent(one, today)], *_updates(one)) for one in found),
        start,
    )


def _persons(since: date, today: date, start: int) -> Pile:
    """Those of whom news is asked: a demand is about them, or an update has told of them before.
    Whoever a text merely names, a president say, is not waited for."""
    asked = DemandPerson.objects.filter(person=OuterRef("pk"))
    rows = Person.objects.filter(Q(changed_on__isnull=False) | Exists(asked), state__in=AWAITED)
    rows = _quiet(rows, since)
    found = rows.order_by(F("changed_on").asc(nulls_last=True), "pk")[start : start + MOST]
    found = list(found.prefetch_related("updates__replaced_by"))
    pile = Pile("persons", _("People without news"), _("There is news of everybody."))
    lines = (Line(one, _of(one, today), *_updates(one)) for one in found)
    return _filled(pile, rows, lines, start)


def _of(person: Person, today: date) -> list[str]:
    return [_state(person), _silent(person, today), *_held(person, today)]


def _held(person: Person, today: date) -> Iterator[str]:
    """How long they have been in custody, if they are, as far as their updates tell."""
    updates = [one for one in person.updates.all() if not hasattr(one, "replaced_by")]
    for time in custody(updates)[:1]:
        least, most = time.days(today)
        if time.end:
            return
        if least == most and most is not None:
            yield ngettext("%(days)s day in custody", "%(days)s days in custody", most) % {
                "days": most
            }
        elif least:
            words = ngettext(
                "at least %(days)s day in custody", "at least %(days)s days in custody", least
            )
            yield words % {"days": least}


def _due(today: date, start: int) -> Pile:
    """Demands that somebody meant to look at again."""
    rows = Demand.objects.filter(review_on__lte=today + timedelta(AHEAD))
    found = rows.order_by("review_on", "pk")[start : start + MOST]
    pile = Pile("due", _("Demands to be looked at again"), _("None is due in the next days."))
    lines = (
        Line(
            one,
            [_state(one), _("Due on %(day)s") % {"day": _day(one.review_on)}],
            reverse("admin:statements_demand_change", args=[one.pk]),
            _("Look at it"),
        )
        for one in found
    )
    return _filled(pile, rows, lines, start)


def _reviews(today: date, start: int) -> Pile:
    checks = SafetyCheck.objects.filter(
        is_current=True, review_on__lte=today + timedelta(AHEAD), statement__is_readable=True
    )
    titled = SafetyCheck.statement.field.related_model.objects.titled()
    found = list(
        checks.order_by("review_on", "pk").only("statement", "review_on")[start : start + MOST]
    )
    statements = titled.in_bulk([one.statement_id for one in found])
    pile = Pile(
        "reviews",
        _("Safety answers to be looked at again"),
        _("None is due in the next days."),
    )
    return _filled(
        pile,
        checks,
        (
            Line(
                statements[one.statement_id],
                [_("Due on %(day)s") % {"day": _day(one.review_on)}],
                reverse("admin:statements_statement_safety", args=[one.statement_id]),
                _("Answer again"),
            )
            for one in found
        ),
        start,
    )


def _arrests(today: date, start: int) -> Pile:
    updates = PersonUpdate.objects.in_force().filter(
        _returns("happened", today),
        state__in=TAKEN,
        person__in=Person.objects.published().filter(state__in=AWAITED),
    )
    near = sorted(updates.select_related("person")[:MOST_COUNTED], key=_turn("happened", today))
    found = near[start : start + MOST]
    pile = Pile("arrests", _("Anniversaries of arrests"), _("None in the next days."))
    return _filled(
        pile,
        updates,
        (
            Line(one.person, [_year(one.happened_earliest, today)], *_updates(one.person))
            for one in found
        ),
        start,
    )


def _raised(today: date, start: int) -> Pile:
    demands = Demand.objects.published().filter(_returns("raised", today), state__in=ASKED)
    near = sorted(demands.order_by("-pk")[:MOST_COUNTED], key=_turn("raised", today))
    found = near[start : start + MOST]
    pile = Pile("raised", _("Anniversaries of open demands"), _("None in the next days."))
    lines = (
        Line(one, [_state(one), _year(one.raised_earliest, today)], *_updates(one)) for one in found
    )
    return _filled(pile, demands, lines, start)


def _events(today: date, start: int) -> Pile:
    events = Event.objects.published().filter(_returns("start", today))
    near = sorted(events.order_by("-pk")[:MOST_COUNTED], key=_turn("start", today))
    found = near[start : start + MOST]
    pile = Pile("events", _("Anniversaries of events"), _("None in the next days."))
    return _filled(
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
    return words % {"years": years, "day": _day(turn)}


def _state(record: Demand | Person) -> str:
    return record.get_state_display()


def _silent(record: Demand | Person, today: date) -> str:
    if not record.changed_on:
        return _("no entry yet")
    days = (today - record.changed_on).days
    return ngettext("no news for %(days)s day", "no news for %(days)s days", days) % {"days": days}


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def _updates(record: Demand | Person) -> tuple[str, str]:
    """Where an update of the record is entered, and what that is called."""
    url = reverse(f"admin:statements_{record._meta.model_name}_updates", args=[record.pk])
    return url, _("Add an update")


class WithFollowUp(admin.ModelAdmin):
    """A page for all demands and persons together; it is among the pages of demands."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.follow_up_view)
        return [
            path("follow-up/", view, name="statements_demand_follow_up"),
            *super().get_urls(),
        ]

    def on_first_page(self, request: HttpRequest) -> dict:
        return {"may_follow_up": self._may_follow_up(request)}

    def _may_follow_up(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and request.user.has_perm("statements.view_person")

    def follow_up_view(self, request: HttpRequest) -> HttpResponse:
        if not self._may_follow_up(request):
            raise PermissionDenied
        days = request.GET.get("days", "")
        chosen = int(days) if days.isdecimal() and days.isascii() and len(days) < 5 else None
        page = request.GET.get("page", "")
        page = int(page) if page in map(str, range(2, MOST_PAGES + 1)) else 1
        days = min(chosen if chosen is not None else settings.FOLLOW_UP_DAYS, MOST_DAYS)
        context = {
            **self.admin_site.each_context(request),
            "title": _("What has to be looked after"),
            "opts": self.opts,
            "piles": piles(days, timezone.localdate(), request.GET.get("only", ""), page),
            "page": page,
            "most_pages": MOST_PAGES,
            "days": days,
            "ahead": AHEAD,
        }
        return TemplateResponse(request, "admin/statements/follow_up.html", context)
