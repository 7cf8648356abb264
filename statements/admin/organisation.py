from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from statements.admin.base import LinkedAdmin, LinkedForm, RowsInline, counted
from statements.admin.dates import PartialDateFormField, PartialDatesForm
from statements.admin.lookups import IsPublicFilter, LookupFilter
from statements.admin.organisation_merging import WithOrganisationMerging
from statements.admin.trees import TreeForm
from statements.admin.unasked import ask_authors_first
from statements.admin.verifying import WithVerification
from statements.models import Authorship, Organisation, OrganisationName, Place
from statements.safety import workflow as safety


class OrganisationForm(TreeForm, PartialDatesForm, LinkedForm):
    founded = PartialDateFormField(label=_("founded"))
    dissolved = PartialDateFormField(label=_("dissolved"))

    def clean_country(self) -> Place | None:
        """What is public would speak from inside that country at once."""
        country = self.cleaned_data["country"]
        if country and self.instance.pk and "country" in self.changed_data:
            coming = safety.coming_inside([self.instance.pk], country.pk)
            if asked := ask_authors_first(coming):
                raise ValidationError(asked)
        return country


class OrganisationNameForm(PartialDatesForm):
    used_from = PartialDateFormField(label=_("used from"), help_text="")
    used_until = PartialDateFormField(label=_("used until"), help_text="")


class OrganisationNameInline(RowsInline):
    model = OrganisationName
    form = OrganisationNameForm
    fields = ("language", "name", "acronym", "used_from", "used_until")


@admin.register(Organisation)
class OrganisationAdmin(WithOrganisationMerging, WithVerification, LinkedAdmin):
    form = OrganisationForm
    change_form_template = "admin/organisation_change_form.html"
    search_fields = ("name", "acronym")
    searched_names = ("name", "acronym")
    search_help_text = _("Name or acronym, in any language")
    autocomplete_fields = ("parent", "country")
    inlines = (OrganisationNameInline,)
    list_display = ("own_name", "acronym", "country", "in_statements", "public", "missing")
    list_select_related = ("country",)
    list_filter = (
        IsPublicFilter,
        "classification",
        ("country", LookupFilter),
        ("parent", LookupFilter),
        "is_example",
    )
    fieldsets = (
        (None, {"fields": ("name", "language", "acronym", "classification", "country", "parent")}),
        (_("Further facts"), {"fields": ("founded", "dissolved", "website", "is_example")}),
        (_("Address"), {"fields": ("slug",)}),
    )

    def for_list(self, records: models.QuerySet) -> models.QuerySet:
        return records.annotate(
            statement_count=counted(Authorship.objects.all(), "organisation", "statement")
        )

    def gaps(self, record: Organisation) -> list:
        return [
            words
            for words, is_missing in (
                (_("statements"), not record.statement_count),
                (_("country"), not record.country_id),
                (_("classification"), not record.classification),
            )
            if is_missing
        ]
