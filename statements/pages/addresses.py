"""Former addresses: a page that moved is found again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from statements.models import FormerSlug

View = Callable[..., HttpResponse]


def follows_former(noun: FormerSlug.Noun) -> Callable[[View], View]:
    """Where a view's `slug` answers 404, redirect from a former address to the current one.

    The rest of the path, the query and the interface's language stay. A record that is not
    readable stays 404, at its former addresses too. Nothing is asked while a page is found.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, slug: str, **kwargs: object) -> HttpResponse:
            try:
                return view(request, slug=slug, **kwargs)
            except Http404:
                current = FormerSlug.objects.current(noun, slug)
                if not current:
                    raise
            name = request.resolver_match.view_name  # type: ignore[union-attr]
            address = reverse(name, kwargs={"slug": current, **kwargs})
            query = request.META.get("QUERY_STRING")
            return redirect(f"{address}?{query}" if query else address, permanent=True)

        return wrapper

    return decorate
