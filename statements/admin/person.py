from __future__ import annotations

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from statements.admin.base import LinkedAdmin, RowsInline, counted
from statements.admin.confirmed import ConfirmsDeletion
from statements.admin.lookups import IsPublicFilter
from statements.models import DemandPerson, Naming, Person, PersonName
from statements.publishing.addresses import addresses_that_name


class PersonNameInline(RowsInline):
    model = PersonName
    fields = ("language", "name")


@admin.register(Person)
class PersonAdmin(ConfirmsDeletion, LinkedAdmin):
    search_help_text = _("Name, in any spelling")
    inlines = (PersonNameInline,)
    list_display = ("own_name", "shown_as", "in_demands", "in_statements", "public", "missing")
    list_filter = (IsPublicFilter, "shown_as", "is_example")
    fieldsets = (
        (None, {"fields": ("name", "language", "shown_as", "is_at_risk", "is_example")}),
        (_("Address"), {"fields": ("slug",)}),
    )

    def for_list(self, records: models.QuerySet) -> models.QuerySet:
        return records.annotate(
            statement_count=counted(Naming.objects.all(), "person", "text__statement"),
            demand_count=counted(DemandPerson.objects.all(), "person"),
        )

    @admin.display(description=_("public"), boolean=True)
    def public(self, record: Person) -> bool:
        """A withheld name has no page, whatever else is true."""
        return record.is_public and record.shown_as != Person.Shown.WITHHELD

    @admin.display(description=_("demands"))
    def in_demands(self, record: Person) -> int:
        return record.demand_count

    def gaps(self, record: Person) -> list:
        if record.statement_count or record.demand_count:
            return []
        return [_("a demand or a text that names them")]

    def view_on_site(self, obj: Person) -> str | None:
        return obj.get_absolute_url() if self.public(obj) else None

    def saved(self, request: HttpRequest, record: Person) -> None:
        super().saved(request, record)
        if record.shown_as == Person.Shown.FULL:
            return
        left = addresses_that_name(record)
        if left:
            self.message_user(
                request,
                ngettext(
                    "An address in use still contains this name: %(slugs)s. Change it there.",
                    "Addresses in use still contain this name: %(slugs)s. Change them there.",
                    len(left),
                )
                % {"slugs": ", ".join(left)},
                messages.WARNING,
            )
