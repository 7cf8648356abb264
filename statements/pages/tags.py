from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from taggit.models import Tag


def tag_list(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/tag_list.html", {})


def tag(request: HttpRequest, slug: str) -> HttpResponse:
    tag = get_object_or_404(Tag, slug=slug)
    return render(request, "pages/tag.html", {"tag": tag})
