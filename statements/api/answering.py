"""How a program is answered, whatever it asked: one shape, one limit, the same headers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page

from statements import limits
from statements.api.problems import Problem, not_found, shown

View = Callable[..., HttpResponse]
# How long a count of requests lasts; settings.API_REQUESTS is how many there may be.
SECONDS = 600
METHODS = ("GET", "HEAD")


def answers(view: View) -> View:
    """A view that raises a Problem or Http404, as programs are answered.

    Whatever else a method would do is answered 405, whoever asks: nothing changes here.
    """
    asked = _reading(conditional_page(view))

    @csrf_exempt
    @wraps(view)
    def wrapper(request: HttpRequest, **kwargs: object) -> HttpResponse:
        try:
            if request.method not in METHODS:
                detail = _("Ask with GET or HEAD.")
                raise Problem(405, detail, headers={"Allow": ", ".join(METHODS)})
            _count(request)
            return for_everybody(asked(request, **kwargs))
        except Problem as problem:
            return for_everybody(shown(problem))
        except Http404:
            return for_everybody(shown(not_found()))

    return wrapper


def _reading(view: View) -> View:
    """A HEAD is asked as the GET that it stands for; the server leaves the body out."""

    def wrapper(request: HttpRequest, **kwargs: object) -> HttpResponse:
        method, request.method = request.method, "GET"
        try:
            return view(request, **kwargs)
        finally:
            request.method = method

    return wrapper


def _count(request: HttpRequest) -> None:
    """Raises a Problem where one network asks more often than the operator lets it."""
    if not settings.API_REQUESTS:
        return
    with transaction.atomic():
        wait = limits.hit_from("api", request, most=settings.API_REQUESTS, seconds=SECONDS)
    if wait:
        words = ngettext(
            "Ask again in %(wait)d second. Whoever needs all of it takes the files of /data/.",
            "Ask again in %(wait)d seconds. Whoever needs all of it takes the files of /data/.",
            wait,
        )
        raise Problem(429, words % {"wait": wait}, headers={"Retry-After": str(wait)})


def for_everybody(answer: HttpResponse) -> HttpResponse:
    """Pages of other sites may read it; caches ask again, since words may be taken back."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
