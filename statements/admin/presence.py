"""The forms of statements and translations say who else has them open."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from statements.publishing import presence


class WithPresence(admin.ModelAdmin):
    """A page that is open asks this address now and then: static/js/who-else.js."""

    def get_urls(self) -> list:
        view, name = self.admin_site.admin_view, f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("<int:pk>/open/", view(self.open_view), name=f"{name}_open"),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def open_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = self.get_object(request, str(pk))
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        others = presence.note(record, request.user)
        return JsonResponse({"words": also_open([one.get_username() for one in others])})


def also_open(names: list[str]) -> str:
    if not names:
        return ""
    listed = pgettext("between the entries of a short list", ", ").join(names)
    return _("Others who have this open: %(names)s") % {"names": listed}
