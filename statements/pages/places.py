from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from statements.models import Place


def place_list(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/place_list.html", {"places": Place.objects.readable()})


def place(request: HttpRequest, code: str) -> HttpResponse:
    place = get_object_or_404(Place.objects.readable(), code=code)
    return render(request, "pages/place.html", {"place": place})
