"""The audit log, to be read: there is nothing in it that a form could change."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from statements.admin import acts
from statements.admin.hidden import Hidden
from statements.admin.lookups import is_key
from statements.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(Hidden):
    list_display = ("nr", "at", "actor", "what", "record", "before", "after", "code")
    list_display_links = None
    list_select_related = ("actor__user",)
    list_per_page = 100
    show_full_result_count = False
    actions = None
    ordering = ("-number",)
    search_fields = ("act",)
    search_help_text = _("The beginning of an act or of an account's name, or a record's number")

    @admin.display(description=_("number"), ordering="number")
    def nr(self, entry: AuditEntry) -> int:
        return entry.number

    @admin.display(description=_("act"), ordering="act")
    def what(self, entry: AuditEntry) -> str:
        """In words, and below them the code that the chain holds and that one searches for."""
        words = acts.WORDED.get(entry.act)
        return format_html("{}<br><code>{}</code>", words, entry.act) if words else entry.act

    @admin.display(description=_("record"))
    def record(self, entry: AuditEntry) -> str:
        return " ".join(str(one) for one in (entry.noun, entry.object_id) if one)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        for word in search_term.split()[:4]:
            asked = models.Q(act__startswith=word) | models.Q(noun=word)
            asked |= models.Q(actor__user__username__startswith=word)
            if is_key(word):
                asked |= models.Q(object_id=word)
            queryset = queryset.filter(asked)
        return queryset, False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False
