from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from statements.admin.base import RecordAdmin, counted
from statements.admin.dates import PartialDateFormField, PartialDatesForm
from statements.admin.guard import GuardedForm
from statements.admin.lookups import containing
from statements.models import Source, Statement
from statements.publishing import links


class SourceForm(PartialDatesForm, GuardedForm):
    published = PartialDateFormField(label=_("published"))


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    form = SourceForm
    search_fields = ("publication", "title", "url")
    search_help_text = _("Publication, title or address")
    list_display = ("publication", "title", "published", "in_statements", "missing")
    fields = ("publication", "title", "url", "published", "archived_url")
    view_on_site = False

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        return queryset.filter(containing(search_term, *self.search_fields)), False

    def for_list(self, records: models.QuerySet) -> models.QuerySet:
        return records.annotate(statement_count=counted(Statement.objects.all(), "source"))

    def saved(self, request: HttpRequest, record: Source) -> None:
        links.source_changed(record)

    @admin.display(description=_("published"), ordering="published_latest")
    def published(self, record: Source) -> str:
        return str(record.published or "")

    @admin.display(description=_("statements"))
    def in_statements(self, record: Source) -> int:
        return record.statement_count

    @admin.display(description=_("still missing"))
    def missing(self, record: Source) -> str:
        return "" if record.published else str(_("date"))
