from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from statements.models import Person


def person_list(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/person_list.html", {"people": Person.objects.readable()[:100]})


def person(request: HttpRequest, slug: str) -> HttpResponse:
    person = get_object_or_404(Person.objects.readable().named(), slug=slug)
    return render(request, "pages/person.html", {"person": person})
