from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from statements.models import Organisation


def organisation_list(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "pages/organisation_list.html",
        {"organisations": Organisation.objects.readable()[:100]},
    )


def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.readable().named(), slug=slug)
    return render(request, "pages/organisation.html", {"organisation": organisation})
