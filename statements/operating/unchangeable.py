"""While the operator has closed the site to all changes, whatever is sent is refused (R-OP14)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from statements import switches

READING = ("GET", "HEAD", "OPTIONS")
# What is sent there is compared with what is stored, and not kept. A form of the admin has the same
# end of its address, and records who an organisation is: the whole address counts.
ALSO_READING = "verify:verify"


class UnchangeableMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_reading = request.method in READING or request.path == reverse(ALSO_READING)
        if is_reading or not switches.are_closed("changes"):
            return self.get_response(request)
        return switches.closed(request, "unchangeable.html")
