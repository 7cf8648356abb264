from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from statements.admin.base import RecordAdmin, RowsInline, counted, in_own_language
from statements.admin.lookups import LookupFilter
from statements.models import Addressee, AddresseeName, Demand


class AddresseeNameInline(RowsInline):
    model = AddresseeName
    fields = ("language", "name")


@admin.register(Addressee)
class AddresseeAdmin(RecordAdmin):
    search_help_text = _("Name, in any language")
    autocomplete_fields = ("country",)
    inlines = (AddresseeNameInline,)
    list_display = ("own_name", "country", "in_demands")
    list_select_related = ("country",)
    list_filter = (("country", LookupFilter),)
    fields = ("name", "language", "country", "contacts", "email", "letter_language")

    def for_list(self, records: models.QuerySet) -> models.QuerySet:
        return records.annotate(demand_count=counted(Demand.objects.all(), "addressee"))

    @admin.display(description=_("name"), ordering="name")
    def own_name(self, record: Addressee) -> SafeString:
        return in_own_language(record.name, record.language)

    @admin.display(description=_("demands"))
    def in_demands(self, record: Addressee) -> int:
        return record.demand_count
