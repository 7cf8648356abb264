"""What has to be looked after: addresses that tell a name, silence, and days that are near.

Each list has the longest wait first, so that working through it empties it, and further pages up to
a thousand, to which the numbers beside them are counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import (
    Exists,
    F,
    Model,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
)
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from statements import rights
from statements.admin.anniversaries import AHEAD, ASKED, AWAITED, arrests, events, raised
from statements.admin.piles import (
    MOST,
    Line,
    Pile,
    count_all,
    day_shown,
    filled,
    state_of,
    updates_of,
)
from statements.languages import isolated
from statements.models import (
    Demand,
    DemandPerson,
    Organisation,
    Person,
    PersonUpdate,
    SafetyCheck,
    Statement,
    Text,
    Verification,
)
from statements.models.custody import custody
from statements.publishing import addresses

MOST_PAGES = 20
MOST_DAYS = 3650


def piles(
    days: int, today: date, only: str = "", page: int = 1, *, may_verify: bool = True
) -> list[Pile]:
    """All of the page, in a number of queries that no record adds to.

    With `only` a page of that pile alone. Verifications are for those who can renew them.
    """
    quiet_since = today - timedelta(days)
    found = {
        "demands": lambda start: _demands(quiet_since, today, start),
        "persons": lambda start: _persons(quiet_since, today, start),
        "due": lambda start: _due(today, start),
        "reviews": lambda start: _reviews(today, start),
        "verifications": lambda start: _verifications(today, start),
        "arrests": lambda start: arrests(today, start),
        "raised": lambda start: raised(today, start),
        "events": lambda start: events(today, start),
    }
    if not may_verify:
        del found["verifications"]
    if only == "addresses":
        return [_addresses((page - 1) * MOST)]
    if only in found:
        return count_all([found[only]((page - 1) * MOST)])
    return [_addresses_unread(), *count_all([pile(0) for pile in found.values()])]


def _quiet(records: QuerySet, since: date) -> QuerySet:
    """Published ones whose last change was before a day, or that never had a day at all."""
    return records.published().filter(Q(changed_on__lte=since) | Q(changed_on__isnull=True))


def _addresses_unread() -> Pile:
    """Whoever wants to know is led on: all that is public has to be read for it."""
    pile = Pile(
        "addresses",
        _("Public addresses that tell a name not shown in full"),
        _("No address tells one."),
    )
    pile.is_read = False
    return pile


def _addresses(start: int) -> Pile:
    """Public addresses are reported and never changed unasked: whoever has one would be lost."""
    pile = _addresses_unread()
    pile.is_read = True
    found = addresses.public_and_telling()
    pile.start, pile.count, shown = start, len(found), found[start : start + MOST]
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
    return filled(
        pile,
        rows,
        (Line(one, [state_of(one), _silent(one, today)], *updates_of(one)) for one in found),
        start,
    )


def _persons(since: date, today: date, start: int) -> Pile:
    """Those of whom news is asked: a demand is about them, or an update has told of them before.
    Whoever a text merely names, a president say, is not waited for."""
    asked = DemandPerson.objects.filter(person=OuterRef("pk"))
    rows = Person.objects.filter(Q(changed_on__isnull=False) | Exists(asked), state__in=AWAITED)
    rows = _quiet(rows, since)
    found = rows.order_by(F("changed_on").asc(nulls_last=True), "pk")[start : start + MOST]
    updates = PersonUpdate.objects.select_related("replaced_by")
    found = list(found.prefetch_related(Prefetch("updates", updates)))
    pile = Pile("persons", _("People without news"), _("There is news of everybody."))
    lines = (Line(one, _of(one, today), *updates_of(one)) for one in found)
    return filled(pile, rows, lines, start)


def _of(person: Person, today: date) -> list[str]:
    return [state_of(person), _silent(person, today), *_held(person, today)]


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
            [state_of(one), _("Due on %(day)s") % {"day": day_shown(one.review_on)}],
            reverse("admin:statements_demand_change", args=[one.pk]),
            _("Look at it"),
        )
        for one in found
    )
    return filled(pile, rows, lines, start)


def _reviews(today: date, start: int) -> Pile:
    until = today + timedelta(AHEAD)
    checks = SafetyCheck.objects.filter(
        is_current=True, review_on__lte=until, statement__is_readable=True
    )
    # As the index of the checks is ordered; the title comes with them.
    titled = Statement.objects.titled().filter(
        is_readable=True, safety_checks__is_current=True, safety_checks__review_on__lte=until
    )
    found = titled.annotate(review_on=F("safety_checks__review_on")).order_by(
        "safety_checks__review_on", "safety_checks__pk"
    )[start : start + MOST]
    pile = Pile(
        "reviews",
        _("Safety answers to be looked at again"),
        _("None is due in the next days."),
    )
    return filled(
        pile,
        checks,
        (
            Line(
                one,
                [_("Due on %(day)s") % {"day": day_shown(one.review_on)}],
                reverse("admin:statements_statement_safety", args=[one.pk]),
                _("Answer again"),
            )
            for one in found
        ),
        start,
    )


def _verifications(today: date, start: int) -> Pile:
    """Organisations that are no longer verified, or soon will not be, since nobody looked again."""
    rows = Verification.objects.filter(
        is_current=True,
        until__lt=today + timedelta(AHEAD),
        organisation__in=Organisation.objects.published(),
    )
    found = rows.select_related("organisation").order_by("until", "pk")[start : start + MOST]
    pile = Pile("verifications", _("Verifications that run out"), _("None in the next days."))
    lines = (
        Line(
            one.organisation,
            [one.get_method_display(), _("valid until %(day)s") % {"day": day_shown(one.until)}],
            reverse("admin:statements_organisation_verify", args=[one.organisation_id]),
            _("Verify it again"),
        )
        for one in found
    )
    return filled(pile, rows, lines, start)


def _silent(record: Demand | Person, today: date) -> str:
    if not record.changed_on:
        return _("no entry yet")
    days = (today - record.changed_on).days
    return ngettext("no news for %(days)s day", "no news for %(days)s days", days) % {"days": days}


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
        only, page = request.GET.get("only", ""), request.GET.get("page", "")
        page = int(page) if page in map(str, range(2, MOST_PAGES + 1)) else 1
        days = min(chosen if chosen is not None else settings.FOLLOW_UP_DAYS, MOST_DAYS)
        context = {
            **self.admin_site.each_context(request),
            "title": _("What has to be looked after"),
            "opts": self.opts,
            "piles": piles(
                days,
                timezone.localdate(),
                only,
                page,
                may_verify=rights.can_make_public(request.user, Organisation),
            ),
            "page": page,
            "only": only,
            "most_pages": MOST_PAGES,
            "days": days,
            "ahead": AHEAD,
        }
        return TemplateResponse(request, "admin/statements/follow_up.html", context)
