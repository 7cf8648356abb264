"""Demands: the ledger's pages. A demand is "raised" as long as no sourced change is entered."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from statements.models import Demand, DemandAsMade, Event, FormerSlug, Statement
from statements.models.demand import DemandQuerySet
from statements.naming import conceal
from statements.pages.addresses import follows_former
from statements.reading import letters, linked
from statements.reading.age import exact_since, time_since
from statements.reading.claims import QUOTATIONS, claims_of
from statements.reading.keyset import Page, Part, page_of
from statements.reading.ledger import Ledger
from statements.reading.persons import people_of
from statements.reading.rows import names_concealed, with_links
from statements.reading.updates import entries_of_demand

SHOWN = 20
MOST_EVENTS = 20


def demand_list(request: HttpRequest) -> HttpResponse:
    ledger = Ledger(request.GET)
    # The filters decide which, and the rest is asked of those on the page alone.
    rows = Demand.objects.named().to_somebody().counted().with_people()
    page = page_of(request, ledger.parts(ledger.demands), SHOWN)
    ledger.look_around()
    here = ledger.address()
    between = "&" if "?" in here else "?"
    older = f"{here}{between}{page.older.removeprefix('?')}" if page.older else ""
    shown = rows.select_related("addressee").in_bulk([one.pk for one in page.rows])
    page = Page([shown[one.pk] for one in page.rows], here if page.newer else "", older)
    context = {"page": page, "ledger": ledger, "chosen": ledger.chosen(), "address": here}
    return render(request, "pages/demand_list.html", context)


@follows_former(FormerSlug.Noun.DEMAND)
def demand(request: HttpRequest, slug: str) -> HttpResponse:
    demand = get_object_or_404(_shown().with_people().behind().with_letter(), slug=slug)
    page = page_of(request, [Part(_statements_making(demand), "-sort_on")], SHOWN)
    with_links(page.rows, but=["events_shown", "places_shown"], more=[QUOTATIONS])
    people = people_of(demand)
    context = {
        "demand": demand,
        "linked": linked.of_demand(demand),
        "since": time_since(demand.raised),
        "since_in_days": exact_since(demand.raised),
        "wordings": _other_wordings(demand),
        "people": people,
        "entries": entries_of_demand(demand, people),
        "page": page,
        "claims": claims_of(page.rows, names_concealed(page.rows), [demand.pk]),
        "events": _events_of(demand),
        "can_write": _can_write(demand),
    }
    return render(request, "pages/demand.html", context)


@follows_former(FormerSlug.Noun.DEMAND)
def act(request: HttpRequest, slug: str) -> HttpResponse:
    """What a reader needs who writes to the addressee: one sheet, also on paper.

    For a demand that is settled nobody has to write: its page says what became of it.
    """
    demand = get_object_or_404(_shown(), slug=slug)
    if demand.is_settled:
        return redirect(demand)
    found = letters.letters_of(demand)
    asked = request.GET.get("letter", "")
    letter = letters.chosen(found, demand, asked)
    address = demand.addressee.email if demand.addressee else ""
    # Without a letter there is still something that it would be about.
    about = letter or letters.Letter(demand.name_language, demand.name_shown, "")
    link = letters.mail_link(address, about) if address else ""
    context = {
        "demand": demand,
        "letter": letter,
        "others": sorted({one.language for one in found} - {letter and letter.language}),
        "link": link,
        "is_whole": letters.has_words(link),
        "is_asked": bool(asked),
    }
    return render(request, "pages/act.html", context)


def _can_write(demand: Demand) -> bool:
    """Whether there is something to write to, or to write, and still a reason."""
    is_reachable = bool(demand.addressee) and demand.addressee.is_reachable
    return not demand.is_settled and (is_reachable or demand.has_letter)


def _shown() -> DemandQuerySet:
    demands = Demand.objects.readable().named().to_somebody().counted()
    return demands.select_related("addressee__country")


def _statements_making(demand: Demand) -> QuerySet[Statement]:
    made = DemandAsMade.objects.filter(demand=demand)
    statements = Statement.objects.readable().filter(pk__in=made.values("statement"))
    return statements.select_related("source")


def _other_wordings(demand: Demand) -> list[tuple[str, str]]:
    """(wording, language) of those that are not the page's title."""
    shown = (getattr(demand, "shown", demand.wording), demand.name_language)
    wordings = [(demand.wording, demand.language)]
    wordings += [(name.name, name.language) for name in demand.names.all()]
    return [
        (conceal(words, demand.concealed), language)
        for words, language in wordings
        if (words, language) != shown
    ]


def _events_of(demand: Demand) -> list[Event]:
    statements = _statements_making(demand).order_by().values("pk")
    about = Statement.events.through.objects.filter(statement__in=statements)
    events = Event.objects.readable().filter(pk__in=about.values("event"))
    return list(events.named().newest_first()[:MOST_EVENTS])
