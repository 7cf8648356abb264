from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from statements import languages
from statements.admin.base import RecordAdmin, counted
from statements.models import Event, Organisation, Place, Statement
from statements.plain import collapse


def codes_named(term: str) -> list[str]:
    """Codes of the places of whose usual names one has all the words."""
    words = collapse(term).casefold().split()
    return [
        code
        for code in Place.objects.filter(name_override="").values_list("code", flat=True)
        if any(
            all(word in name.casefold() for word in words)
            for name in languages.territory_names(code)
        )
    ]


@admin.register(Place)
class PlaceAdmin(RecordAdmin):
    """Most names are not stored: they come from CLDR, in the reader's language."""

    search_fields = ("code", "name_override")
    search_help_text = _("Name or code")
    list_display = ("name", "code", "in_statements", "in_events", "in_organisations")
    list_display_links = ("name",)
    fields = ("code", "name_override", "numeric")

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        term = collapse(search_term)
        if not term:
            return queryset, False
        found = queryset.filter(
            models.Q(code__iexact=term)
            | models.Q(name_override__icontains=term)
            | models.Q(code__in=codes_named(term))
        )
        return found, False

    def get_readonly_fields(self, request: HttpRequest, obj: Place | None = None) -> tuple:
        """A code is an address: it stays once it is given."""
        return ("code",) if obj else ()

    def for_list(self, records: models.QuerySet) -> models.QuerySet:
        return records.annotate(
            statement_count=counted(Statement.places.through.objects.all(), "place"),
            event_count=counted(Event.places.through.objects.all(), "place"),
            organisation_count=counted(Organisation.objects.all(), "country"),
        )

    def view_on_site(self, obj: Place) -> str | None:
        is_readable = Place.objects.readable().filter(pk=obj.pk).exists()
        return obj.get_absolute_url() if is_readable else None

    @admin.display(description=_("name"))
    def name(self, record: Place) -> str:
        return record.name

    @admin.display(description=_("statements"))
    def in_statements(self, record: Place) -> int:
        return record.statement_count

    @admin.display(description=_("events"))
    def in_events(self, record: Place) -> int:
        return record.event_count

    @admin.display(description=_("organisations"))
    def in_organisations(self, record: Place) -> int:
        return record.organisation_count
