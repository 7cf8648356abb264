from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from statements.absolute import absolute


def about(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/about.html")


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html")


def robots(request: HttpRequest) -> HttpResponse:
    """What is published may be found and kept; the editors' rooms are of no use to a robot."""
    lines = ["User-agent: *"]
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            lines.append(f"Disallow: {reverse('admin:index')}")
    lines.append(f"Sitemap: {absolute(reverse('sitemap:index'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
