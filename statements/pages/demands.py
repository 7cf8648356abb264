from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from statements.models import Demand


def demand_list(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/demand_list.html", {"demands": Demand.objects.readable()[:100]})


def demand(request: HttpRequest, slug: str) -> HttpResponse:
    demand = get_object_or_404(Demand.objects.readable().named(), slug=slug)
    return render(request, "pages/demand.html", {"demand": demand})
