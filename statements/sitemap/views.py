from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import conditional_page

from statements.sitemap import files

XML = "application/xml; charset=utf-8"


@conditional_page
def index(request: HttpRequest) -> HttpResponse:
    return HttpResponse(files.index(), content_type=XML)


@conditional_page
def file(request: HttpRequest, name: str, number: int) -> HttpResponse:
    if name not in files.NAMES or number > 10**9:
        raise Http404
    return HttpResponse(files.file(name, number), content_type=XML)
