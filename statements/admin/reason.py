"""Reasons to decline a submission, with words to the sender in their languages."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.http import HttpRequest

from statements.admin.base import RowsInline
from statements.admin.hidden import Hidden
from statements.models import DeclineReason, DeclineWords


class WordsInline(admin.StackedInline):
    model = DeclineWords
    formfield_overrides = RowsInline.formfield_overrides | {
        models.TextField: {"widget": AdminTextareaWidget({"rows": 4, "dir": "auto"})}
    }
    extra = 0


@admin.register(DeclineReason)
class DeclineReasonAdmin(Hidden):
    """One that is no longer wanted is not offered any more: the log goes on naming it."""

    list_display = ("__str__", "code", "position", "is_offered")
    fields = ("code", "position", "is_offered")
    inlines = [WordsInline]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).worded()

    def get_readonly_fields(
        self, request: HttpRequest, obj: DeclineReason | None = None
    ) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: DeclineReason | None = None) -> bool:
        return False
