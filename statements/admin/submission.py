"""Submissions: the desk on the first page, the list of all, and the review of each."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from statements import rights
from statements.admin import desk
from statements.admin.base import in_own_language
from statements.admin.hidden import Hidden
from statements.admin.lookups import containing
from statements.admin.review import WithReview
from statements.admin.submission_attachments import WithAttachments
from statements.models import Submission


@admin.register(Submission)
class SubmissionAdmin(WithReview, WithAttachments, Hidden):
    """Nothing of what was sent is changed here: acts move it, and its sender corrects it."""

    list_display = ("own_title", "organisation_name", "state", "moderator", "received_at")
    list_filter = ("state",)
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("title", "organisation_name")
    ordering = ("-received_at", "-pk")
    actions = None

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("moderator").defer("text")

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        return queryset.filter(containing(search_term, *self.search_fields)), False

    def on_first_page(self, request: HttpRequest) -> dict:
        """What the admin's first page shows of submissions, to whoever decides on them."""
        if not self.has_view_permission(request):
            return {}
        return {"piles": desk.piles(request.user), "following": desk.following()}

    def has_view_permission(self, request: HttpRequest, obj: Submission | None = None) -> bool:
        return rights.can_moderate(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Submission | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Submission | None = None) -> bool:
        return False

    @admin.display(description=_("title"), ordering="title")
    def own_title(self, submission: Submission) -> SafeString:
        if not submission.known_language:
            return format_html("<bdi>{}</bdi>", submission.title)
        return in_own_language(submission.title, submission.language)
