"""A form whose token is no longer valid: nothing that was typed is lost (R-WE1)."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import csrf

from statements.uploads import shown_name

# The pages that hold what was typed, for the admin and for the forms that strangers fill in.
PAGES = {
    "admin": "admin/resend.html",
    "submissions": "resend.html",
    "newsletter": "resend.html",
}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page that holds what was typed and sends it again; elsewhere one that explains.

    No cache keeps either.
    """
    response = page(request, reason)
    response["Cache-Control"] = "no-store"
    return response


def page(request: HttpRequest, reason: str) -> HttpResponse:
    if not may_be_sent_again(request):
        return csrf.csrf_failure(request, reason)
    of_feature = request.resolver_match.app_name
    context = {
        **(admin.site.each_context(request) if of_feature == "admin" else {}),
        "title": _("The form was not sent"),
        "typed": typed(request),
        "files": [shown_name(file.name) for files in request.FILES.lists() for file in files[1]],
    }
    return render(request, PAGES[of_feature], context, status=403)


def may_be_sent_again(request: HttpRequest) -> bool:
    """A form of ours that somebody filled in here: never one that another site made, nor passwords.

    The page gives whoever presses its button a valid token, so what it holds must be the user's own
    words: a browser says in `Origin` which site's page sent the form, and no page can change that.
    """
    own = (settings.SITE_URL, f"{request.scheme}://{request.get_host()}")
    return (
        request.method == "POST"
        and request.resolver_match.app_name in PAGES
        and request.headers.get("Origin") in own
        and not any("password" in name for name in request.POST)
    )


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
