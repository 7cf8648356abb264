"""How the site runs, for administrators: what waits, what failed, when it was backed up."""

from __future__ import annotations

import platform

import django
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements import switches
from statements.backup import places
from statements.models.counting import MOST_COUNTED
from statements.operating import parts, tasks

NAMES = {
    "statements.mail.deliver": gettext_lazy("A letter"),
    "statements.data.dumping.make_dump": gettext_lazy("The dump of the archive"),
    "statements.newsletter.sending.in_background": gettext_lazy("Mails to followers"),
}
# So many of those that failed are shown, the newest first.
MOST_FAILED = 50


class ShowsOperation(admin.ModelAdmin):
    """A page among those of the site's settings."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.operation_view)
        return [path("operation/", view, name="statements_operation"), *super().get_urls()]

    def on_first_page(self, request: HttpRequest) -> dict:
        found = super().on_first_page(request)
        if self.has_change_permission(request):
            failed = tasks.failed()[: MOST_COUNTED + 1].count()
            found |= {"may_see_operation": True, "failed_tasks": failed}
        return found

    def operation_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._try_again(request)
        failed = [
            {"key": one.pk, "name": NAMES.get(one.task_path, one.task_path), "task": one}
            for one in tasks.failed()[:MOST_FAILED]
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("How the site runs"),
            "opts": self.opts,
            "tasks": tasks.counts(),
            "failed": failed,
            "last_backup": places.last_backup(),
            "disks": [(place, round(free * 100)) for place, free in parts.free_space()],
            "switches": switches.state(),
            "versions": [
                ("Python", platform.python_version()),
                ("Django", django.get_version()),
                (connection.display_name, ".".join(map(str, connection.get_database_version()))),
            ],
        }
        return TemplateResponse(request, "admin/statements/operation.html", context)

    def _try_again(self, request: HttpRequest) -> HttpResponse:
        if tasks.try_again(request.POST.get("task", ""), by=request.user):
            self.message_user(request, _("It is tried again."), messages.SUCCESS)
        else:
            self.message_user(request, _("It is being tried already."), messages.WARNING)
        return redirect("admin:statements_operation")
