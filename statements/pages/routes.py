"""How a page for readers is put into the site map."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe


def page(route: str, view: Callable[..., HttpResponse], *, name: str) -> URLPattern:
    """A page is read and nothing else: another method is answered 405, whoever asks.

    Without a form there is nothing for a CSRF check to protect, and its refusal would come first.
    """
    return path(route, csrf_exempt(require_safe(view)), name=name)
