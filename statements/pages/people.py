from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from statements.models import FormerSlug, Person
from statements.pages.addresses import follows_former


def person_list(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/person_list.html", {"people": Person.objects.readable()[:100]})


@follows_former(FormerSlug.Noun.PERSON)
def person(request: HttpRequest, slug: str) -> HttpResponse:
    person = get_object_or_404(Person.objects.readable().named().at(slug))
    if slug != person.address:
        return redirect(person, permanent=True)
    return render(request, "pages/person.html", {"person": person})
