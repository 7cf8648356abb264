from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from statements.models import Event


def event_list(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/event_list.html", {"events": Event.objects.readable()[:100]})


def event(request: HttpRequest, slug: str) -> HttpResponse:
    event = get_object_or_404(Event.objects.readable().named(), slug=slug)
    return render(request, "pages/event.html", {"event": event})
