"""What asks for the password or a factor again, five minutes after one was given (R-AU5)."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from statements.account import workflow


def ask_again(request: HttpRequest) -> HttpResponse | None:
    """The way to where it is given, and from there back here; None if it was given lately."""
    if workflow.signed_in_lately(request):
        return None
    return redirect(workflow.address_to_confirm(request))


class ConfirmsDeletion(admin.ModelAdmin):
    """Nothing is deleted from a window that somebody left open."""

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        # Read past the forms' own way, which locks: nothing is being saved yet.
        record = admin.ModelAdmin.get_object(self, request, unquote(object_id))
        if not self.has_delete_permission(request, record):
            raise PermissionDenied
        asking = ask_again(request) if record else None
        return asking or super().delete_view(request, object_id, extra_context)


class Confirmed(ConfirmsDeletion):
    """Its forms, too, open only for somebody who was asked lately."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        may = self.has_view_or_change_permission if object_id else self.has_add_permission
        if not may(request):
            raise PermissionDenied
        return ask_again(request) or super().changeform_view(
            request, object_id, form_url, extra_context
        )
