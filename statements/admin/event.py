from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from statements import languages, rights
from statements.admin.base import LinkedAdmin, LinkedForm, RowsInline, counted
from statements.admin.dates import PartialDateFormField, PartialDatesForm
from statements.admin.lookups import IsPublicFilter, LookupFilter
from statements.admin.statement_list import lacks_language
from statements.admin.trees import TreeForm
from statements.admin.unasked import ask_authors_first
from statements.models import Event, EventName, Statement
from statements.safety import workflow as safety


class EventForm(TreeForm, PartialDatesForm, LinkedForm):
    start = PartialDateFormField(label=_("start"))
    end = PartialDateFormField(label=_("end"))

    def clean_places(self) -> models.QuerySet:
        """Whose country comes to be among them would speak from inside it at once."""
        places = self.cleaned_data["places"]
        if self.instance.pk and "places" in self.changed_data:
            new = {one.pk for one in places} - {one.pk for one in self.initial.get("places", ())}
            if asked := ask_authors_first(safety.brought_inside(self.instance, new)):
                raise ValidationError(asked)
        return places

    def clean(self) -> dict | None:
        cleaned = super().clean()
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start and end and end.latest and start.earliest and end.latest < start.earliest:
            self.add_error("end", ValidationError(_("It ends before it starts."), code="order"))
        return cleaned


class EventNameInline(RowsInline):
    model = EventName
    fields = ("language", "name")


@admin.register(Event)
class EventAdmin(LinkedAdmin):
    form = EventForm
    search_help_text = _("Name, in any language")
    autocomplete_fields = ("parent", "places")
    inlines = (EventNameInline,)
    list_display = ("own_name", "type", "when", "part_of", "in_statements", "public", "missing")
    list_select_related = ("parent",)
    list_filter = (
        IsPublicFilter,
        "is_ongoing",
        "type",
        ("places", LookupFilter),
        ("parent", LookupFilter),
        "is_example",
    )
    fieldsets = (
        (None, {"fields": ("name", "language", "type", "start", "end", "is_ongoing")}),
        (_("Where it belongs"), {"fields": ("places", "parent", "is_example")}),
        (_("Address"), {"fields": ("slug",)}),
    )
    readonly_fields = ("untranslated",)

    def get_fieldsets(self, request: HttpRequest, obj: Event | None = None) -> list:
        """With what is to be translated, for whom may see statements."""
        fieldsets = [*super().get_fieldsets(request, obj)]
        if obj and rights.may(request.user, "view", Statement):
            fieldsets.append((_("Statements about it"), {"fields": ("untranslated",)}))
        return fieldsets

    @admin.display(description=_("not translated yet"))
    def untranslated(self, event: Event) -> SafeString:
        """How many of its public statements lack each language, with the way to those."""
        tags = [tag for tag, _name in settings.LANGUAGES]
        lacking = {
            f"lacking_{place}": models.Count("pk", filter=lacks_language(tag))
            for place, tag in enumerate(tags)
        }
        counts = Statement.objects.readable().filter(events=event).aggregate(**lacking)
        address = reverse("admin:statements_statement_changelist")
        rows = (
            (languages.name(tag), address, event.pk, tag, counts[f"lacking_{place}"])
            for place, tag in enumerate(tags)
        )
        return format_html_join(
            pgettext("between the entries of a short list", ", "),
            '{}: <a href="{}?events__id__exact={}&amp;not_in={}">{}</a>',
            rows,
        )

    def for_list(self, records: models.QuerySet) -> models.QuerySet:
        return records.prefetch_related("places").annotate(
            statement_count=counted(Statement.events.through.objects.all(), "event")
        )

    @admin.display(description=_("start"), ordering="start_earliest")
    def when(self, record: Event) -> str:
        return str(record.start or "")

    @admin.display(description=_("part of"))
    def part_of(self, record: Event) -> str:
        return str(record.parent or "")

    def gaps(self, record: Event) -> list:
        return [
            words
            for words, is_missing in (
                (_("statements"), not record.statement_count),
                (_("start"), not record.start),
                (_("places"), not record.places.all()),
            )
            if is_missing
        ]
