"""Errors that no view answers: programs are told in their shape, people by a page."""

from __future__ import annotations

import errno
import sys

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _
from django.views import defaults

from statements.api.answering import for_everybody
from statements.api.problems import Problem, is_for_programs, not_found, shown
from statements.uploads import StoreAway

# Seconds after which somebody may ask again who was turned away.
RETRY_AFTER = 10
# The same where it was only too many at once.
BUSY_RETRY_AFTER = 5
# A disk that takes nothing more: it is full, at its quota, or was mounted to be read only.
TAKES_NOTHING = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
# PostgreSQL takes nothing: it is a copy, or was told so.
READ_ONLY = "25006"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_for_programs(request):
        detail = _("The address has something in it that nobody can read. Encode it as UTF-8.")
        return for_everybody(shown(Problem(400, detail, errors=[])))
    return defaults.bad_request(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_for_programs(request):
        return for_everybody(shown(not_found()))
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """What a view did not foresee; where that is about to pass, 503."""
    if is_away(sys.exception()):
        return database_away(request)
    if is_for_programs(request):
        detail = _("It was noted. Ask again later, or tell those who run the site.")
        return for_everybody(shown(Problem(500, detail)))
    return defaults.server_error(request)


def is_away(error: BaseException | None) -> bool:
    """Whether the database or the store of files does not answer, or nothing can be written."""
    if isinstance(error, OperationalError | InterfaceError | StoreAway):
        return True
    if isinstance(error, DatabaseError):
        # What has no code was said by no server: the connection broke in the middle of an answer.
        return getattr(error.__cause__, "pgcode", "") in (None, READ_ONLY)
    return isinstance(error, OSError) and error.errno in TAKES_NOTHING


def database_away(request: HttpRequest) -> HttpResponse:
    detail = _("The records cannot be reached for the moment. Ask again later.")
    return _not_now(request, detail, "503.html", RETRY_AFTER)


def busy(request: HttpRequest) -> HttpResponse:
    detail = _("Too many ask at once. Ask again in a few seconds.")
    return _not_now(request, detail, "busy.html", BUSY_RETRY_AFTER)


def _not_now(request: HttpRequest, detail: str, page: str, seconds: int) -> HttpResponse:
    if is_for_programs(request):
        answer = for_everybody(shown(Problem(503, detail)))
    else:
        answer = HttpResponse(loader.render_to_string(page), status=503)
    answer.headers["Retry-After"] = str(seconds)
    answer.headers["Cache-Control"] = "no-store"
    return answer
