"""Whether this process can do its work: what a proxy asks before it sends anybody here (R-OP7)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from statements import replica
from statements.operating import parts


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers: no database, so that a slow one does not restart it."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """Part by part, in words; 503 where one is missing without which nothing works."""
    found = {
        "database": parts.database(),
        "disk": parts.disk(),
        "cache": parts.kept_in_cache(),
    }
    if replica.is_there():
        found["replica"] = parts.replicated()
    is_ready = all(state in (parts.OK, parts.DEGRADED) for state in found.values())
    return HttpResponse(
        "".join(f"{name}: {state}\n" for name, state in found.items()),
        status=200 if is_ready else 503,
        content_type="text/plain",
        headers={"Cache-Control": "no-store"},
    )
