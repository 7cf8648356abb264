"""Places: what is about them, who is from there, what happens there."""

from __future__ import annotations

from django.db.models import OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from statements import languages
from statements.models import Event, Organisation, Place, Statement
from statements.models.counting import CappedCount
from statements.pages.filters import Filters
from statements.pages.paging import address_of, statement_page

ORGANISATIONS, EVENTS = 30, 12


def place_list(request: HttpRequest) -> HttpResponse:
    links = Statement.places.through.objects.filter(
        place=OuterRef("pk"), statement__in=Statement.objects.readable()
    )
    places = Place.objects.readable().annotate(statement_count=CappedCount(links.values("pk")))
    context = {"places": sorted(places, key=lambda place: languages.sort_key(place.name))}
    return render(request, "pages/place_list.html", context)


def place(request: HttpRequest, code: str) -> HttpResponse:
    place = get_object_or_404(Place.objects.readable(), code=code)
    about, origin = Filters({"place": code}), Filters({"from": code})
    address = address_of(reverse("pages:place", args=[code]))
    page = statement_page(about.statements(), request.GET, address)
    organisations = Organisation.objects.readable().filter(country=place).order_by("name", "pk")
    events = Event.objects.readable().filter(places=place).newest_first()
    from_there = list(organisations.named()[: ORGANISATIONS + 1])
    context = {
        "place": place,
        "page": page,
        "list_url": about.address(),
        "from_url": origin.address(),
        "organisations": from_there[:ORGANISATIONS],
        "has_more_organisations": len(from_there) > ORGANISATIONS,
        "events": events.named().counted()[:EVENTS],
    }
    return render(request, "pages/place.html", context)
