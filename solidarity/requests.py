"""Refuse what no database takes, before any view sees it."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


class WellFormedMiddleware:
    """Answer 400 to addresses with NUL bytes: PostgreSQL cannot compare them.

    Bytes that are no UTF-8 need nothing here: Django replaces them in the query and keeps them
    percent-encoded in the path. What a form posts is the form fields' to refuse.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path_info or "\0" in query or "%00" in query:
            raise BadRequest
        return self.get_response(request)
