"""Content Security Policy, with the names of Django 6 so that this file can go on Django 6.2.

A policy is a mapping of directive to sources, as in Django's SECURE_CSP.
"""

from collections.abc import Callable, Mapping
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse

SELF = "'self'"
NONE = "'none'"
UNSAFE_INLINE = "'unsafe-inline'"
UPGRADE = "upgrade-insecure-requests"

Policy = Mapping[str, object]

# Nothing is inline on a public page, so no nonce is needed and pages can be kept and exported.
PUBLIC: dict[str, object] = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF],
    "font-src": [SELF],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
}
# Only the admin pages that show the editor: CKEditor 4 adds <style> text of its own, and its
# icons are data addresses. Its inline handlers stay blocked; static/js/editor.js carries them out.
EDITOR = PUBLIC | {
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "frame-src": [NONE],
}
# Files that strangers made, and answers for programs: nothing in them may run.
FILES: dict[str, object] = {"default-src": [NONE], "sandbox": True}


def build(policy: Policy) -> str:
    """Write a policy as the header's value; a directive that is True stands alone."""
    parts = []
    for directive, sources in policy.items():
        if sources is True:
            parts.append(directive)
        elif sources:
            parts.append(f"{directive} {' '.join(sources)}")  # type: ignore[arg-type]
    return "; ".join(parts)


class ContentSecurityPolicyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        policy = getattr(response, "_csp_config", None) or settings.SECURE_CSP
        response.headers.setdefault("Content-Security-Policy", build(policy))
        return response


def csp_override(policy: Policy) -> Callable:
    """Give one view a policy of its own."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapper(*args: object, **kwargs: object) -> HttpResponse:
            response = view(*args, **kwargs)
            response._csp_config = policy  # type: ignore[attr-defined]
            return response

        return wrapper

    return decorate
