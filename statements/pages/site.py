from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def about(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/about.html")


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html")


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers: no database, so that a slow one does not restart it."""
    return HttpResponse("ok\n", content_type="text/plain")
