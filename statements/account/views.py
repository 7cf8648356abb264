"""What allauth has no page for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from statements import limits
from statements.account import workflow


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    number = workflow.end_sessions(request.user, but=request.session.session_key)
    words = ngettext("%(number)d other session ended.", "%(number)d other sessions ended.", number)
    messages.success(request, words % {"number": number})
    return redirect("mfa_index")


def leaves_nothing(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For signing out: the browser forgets the pages it kept. What it stored our script clears, but
    for the mark that keeps other windows from storing more."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method == "POST" and not request.user.is_authenticated:
            response.headers["Clear-Site-Data"] = '"cache"'
        return response

    return wrapper


def not_too_often(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For what starts a session for strangers: asking for a passkey."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        wait = limits.hit_from("passkey", request, most=120, seconds=3600)
        if wait:
            return HttpResponse(status=429, headers={"Retry-After": str(wait)})
        return view(request, *args, **kwargs)

    return wrapper
