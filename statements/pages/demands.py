"""Demands: the ledger's pages. A demand is "raised" as long as no sourced change is entered."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import ngettext

from statements.dates import AFTER, DAY, PartialDate
from statements.models import Demand, DemandAsMade, Event, FormerSlug, Person, Statement
from statements.models.demand import DemandQuerySet
from statements.naming import conceal
from statements.pages.addresses import follows_former
from statements.pages.claims import QUOTATIONS, claims_of
from statements.pages.keyset import Part, page_of
from statements.pages.rows import names_concealed, with_links

SHOWN = 20
MOST_EVENTS = 20


def demand_list(request: HttpRequest) -> HttpResponse:
    demands = _shown()
    parts = [
        Part(demands.filter(raised_on__isnull=False), "-raised_on"),
        Part(demands.filter(raised_on__isnull=True)),
    ]
    return render(request, "pages/demand_list.html", {"page": page_of(request, parts, SHOWN)})


@follows_former(FormerSlug.Noun.DEMAND)
def demand(request: HttpRequest, slug: str) -> HttpResponse:
    demand = get_object_or_404(_shown(), slug=slug)
    page = page_of(request, [Part(_statements_making(demand), "-sort_on")], SHOWN)
    with_links(page.rows, but=["events_shown", "places_shown"], more=[QUOTATIONS])
    context = {
        "demand": demand,
        "since": time_since(demand.raised),
        "wordings": _other_wordings(demand),
        "people": people_of(demand),
        "page": page,
        "claims": claims_of(page.rows, names_concealed(page.rows), [demand.pk]),
        "events": _events_of(demand),
    }
    return render(request, "pages/demand.html", context)


def _shown() -> DemandQuerySet:
    demands = Demand.objects.readable().named().to_somebody().counted()
    return demands.select_related("addressee__country")


def _statements_making(demand: Demand) -> QuerySet[Statement]:
    made = DemandAsMade.objects.filter(demand=demand)
    statements = Statement.objects.readable().filter(pk__in=made.values("statement"))
    return statements.select_related("source")


def people_of(demand: Demand) -> list[Person]:
    """Whom a demand is about, in the order entered.

    Somebody whose name is withheld is among them: that the demand is about one more person is
    public, and who that is is not. Templates show a gap for them.
    """
    people = Person.objects.filter(demand_people__demand=demand, public_since__isnull=False)
    return list(people.named().order_by("demand_people__position", "demand_people__pk"))


def _other_wordings(demand: Demand) -> list[tuple[str, str]]:
    """(wording, language) in the languages that the page's title is not in."""
    wordings = [(demand.wording, demand.language)]
    wordings += [(name.name, name.language) for name in demand.names.all()]
    return [
        (conceal(words, demand.concealed), language)
        for words, language in wordings
        if language != demand.name_language
    ]


def _events_of(demand: Demand) -> list[Event]:
    statements = _statements_making(demand).order_by().values("pk")
    about = Statement.events.through.objects.filter(statement__in=statements)
    events = Event.objects.readable().filter(pk__in=about.values("event"))
    return list(events.named().newest_first()[:MOST_EVENTS])


def time_since(raised: PartialDate | None, today: date | None = None) -> str:
    """How long ago a demand was raised, as exactly as its date says: "at least 88 days ago"."""
    if not raised:
        return ""
    days = ((today or timezone.localdate()) - (raised.latest or raised.bound)).days
    if days < 1:
        return ""
    if raised.precision == DAY:
        words = ngettext("%(days)s day ago", "%(days)s days ago", days)
    elif raised.precision == AFTER:
        words = ngettext("at most %(days)s day ago", "at most %(days)s days ago", days)
    else:
        words = ngettext("at least %(days)s day ago", "at least %(days)s days ago", days)
    return words % {"days": number_format(days, force_grouping=True)}
