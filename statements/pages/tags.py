"""Tags, and what bears them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from statements.reading.filters import Filters
from statements.reading.keyset import Part, page_of
from statements.reading.labels import readable
from statements.reading.paging import address_of, statement_page

TAGS = 100


def tag_list(request: HttpRequest) -> HttpResponse:
    page = page_of(request, [Part(readable("tag"), "name")], TAGS)
    return render(request, "pages/tag_list.html", {"page": page})


def tag(request: HttpRequest, slug: str) -> HttpResponse:
    tag = get_object_or_404(readable("tag"), slug=slug)
    filters = Filters({"tag": slug})
    page = statement_page(
        filters.statements(), request.GET, address_of(reverse("pages:tag", args=[slug]))
    )
    context = {"tag": tag, "page": page, "list_url": filters.address()}
    return render(request, "pages/tag.html", context)
