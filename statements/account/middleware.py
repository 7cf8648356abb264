"""What a session of staff must bear: not too old, not left alone, and with a second factor."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch
from django.views.defaults import page_not_found

from statements.account import workflow

logger = logging.getLogger(__name__)
BEGAN, SEEN = "began_at", "seen_at"
# How exactly the last request is noted: not each one writes to the database.
NOTED_EVERY = 60


class StaffMiddleware:
    """Acts on /admin/ and /account/ alone; on no other page is the session ever looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        match = request.resolver_match
        if not (is_admin(match) or is_account(match)) or not request.user.is_authenticated:
            return None
        if is_over(request):
            logout(request)
        elif is_admin(match) and match.url_name != "logout":
            return ask_for_factor(request)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What one may not see in the admin looks like what does not exist. It is noted: an account
        that tries doors was perhaps taken over.
        """
        match = request.resolver_match
        if isinstance(error, PermissionDenied) and is_admin(match):
            # nosemgrep: reader-in-the-log - an account of the staff, and no address
            logger.warning("Account %s was refused %s", request.user.pk, match.url_name)
            return page_not_found(request, error)
        return None


def is_admin(match: ResolverMatch | None) -> bool:
    return bool(match) and match.app_name == "admin"


def is_made_by_itself(match: ResolverMatch) -> bool:
    """Whether an open page makes the request: that nobody is there, it cannot know."""
    return is_admin(match) and (match.url_name or "").endswith("_open")


def is_account(match: ResolverMatch) -> bool:
    return any(match.route.startswith(f"{prefix}account/") for prefix in _prefixes())


def _prefixes() -> list[str]:
    return ["", *(f"{code}/" for code, _name in settings.LANGUAGES)]


def is_over(request: HttpRequest) -> bool:
    """Whether the session is too old or was left alone too long; notes that it was not."""
    now, session = time.time(), request.session
    began, seen = session.setdefault(BEGAN, now), session.setdefault(SEEN, now)
    if now - began > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_AGE:
        return True
    if now - seen > NOTED_EVERY and not is_made_by_itself(request.resolver_match):
        session[SEEN] = now
    return False


def ask_for_factor(request: HttpRequest) -> HttpResponse | None:
    """Send staff to where they set up a factor, or show the one they have."""
    if not settings.STAFF_MFA_REQUIRED or not request.user.is_staff:
        return None
    if not workflow.has_factor(request.user):
        return redirect("mfa_index")
    if not workflow.has_shown_factor(request):
        return redirect(workflow.address_to_confirm(request))
    return None
