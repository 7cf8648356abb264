"""Places: what is about them, who is from there, what happens there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from statements import languages
from statements.models import Event, Organisation, Place
from statements.pages.events import with_counts
from statements.reading.filters import Filters
from statements.reading.paging import address_of, statement_page

ORGANISATIONS, EVENTS = 30, 12


def place_list(request: HttpRequest) -> HttpResponse:
    """All places in the order of the reader's language: there are fewer than three hundred.

    They are not counted: a count for each of them reads most of the archive.
    """
    places = sorted(Place.objects.readable(), key=lambda place: languages.sort_key(place.name))
    return render(request, "pages/place_list.html", {"places": places})


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
        "events": with_counts(events.named()[:EVENTS]),
    }
    return render(request, "pages/place.html", context)
