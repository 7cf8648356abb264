from __future__ import annotations

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from statements.admin.base import LinkedAdmin, LinkedForm, RowsInline, counted
from statements.admin.demand_merging import WithDemandMerging
from statements.admin.demand_splitting import WithSplitting
from statements.admin.followup import WithFollowUp
from statements.admin.lookups import IsPublicFilter, LookupFilter
from statements.admin.remaining import tell_who_is_told
from statements.admin.unasked import refuse_unasked
from statements.admin.untold import TellsNobody
from statements.admin.updates import DemandUpdates
from statements.models import (
    Demand,
    DemandAsMade,
    DemandLetter,
    DemandPerson,
    DemandWording,
    Person,
    Quotation,
    Statement,
)
from statements.models.letter import LetterField
from statements.publishing import telling


class DemandWordingInline(RowsInline):
    model = DemandWording
    fields = ("language", "name")


class DemandLetterInline(admin.StackedInline):
    model = DemandLetter
    fields = ("language", "subject", "words")
    formfield_overrides = RowsInline.formfield_overrides | {
        LetterField: {"widget": AdminTextareaWidget({"rows": 12, "dir": "auto"})}
    }
    formset = RowsInline.formset
    extra = 0


class DemandPersonForm(forms.ModelForm):
    def clean_person(self) -> Person:
        """Whoever is public already would stand at once in all that makes this demand."""
        person = self.cleaned_data["person"]
        if "person" in self.changed_data and self.instance.demand_id:
            made = Statement.objects.readable().filter(demands_made__demand=self.instance.demand)
            for statement in made.distinct():
                refuse_unasked(statement, persons=[person.pk])
        return person


class DemandPersonInline(RowsInline):
    model = DemandPerson
    form = DemandPersonForm
    fields = ("person", "position")
    autocomplete_fields = ("person",)


@admin.register(Demand)
class DemandAdmin(
    TellsNobody, WithFollowUp, WithDemandMerging, WithSplitting, DemandUpdates, LinkedAdmin
):
    change_form_template = "admin/demand_change_form.html"
    search_fields = ("wording",)
    search_help_text = _("Wording, in any language")
    autocomplete_fields = ("addressee",)
    inlines = (DemandWordingInline, DemandPersonInline, DemandLetterInline)
    list_display = (
        *("own_name", "state", "state_as_of", "changed_on", "kind", "addressee"),
        *("raised", "in_statements", "public", "missing"),
    )
    actions = ["make_public", "enter_updates", "merge_chosen"]
    list_select_related = ("addressee",)
    list_filter = (
        IsPublicFilter,
        "state",
        "kind",
        ("addressee", LookupFilter),
        ("people", LookupFilter),
        "is_example",
    )
    fieldsets = (
        (None, {"fields": ("wording", "language", "kind", "addressee", "review_on", "is_example")}),
        (_("Address"), {"fields": ("slug",)}),
    )

    def save_related(
        self, request: HttpRequest, form: LinkedForm, formsets: list, change: bool
    ) -> None:
        """Nobody leaves whose name is concealed for no other reason than that they are here."""
        before = telling.spellings_around(form.instance) if change else {}
        super().save_related(request, form, formsets, change)
        telling.refuse_told(before)
        telling.refuse_told_in_letters(form.instance)

    def saved(self, request: HttpRequest, record: Demand) -> None:
        super().saved(request, record)
        words = [record.wording, *record.names.values_list("name", flat=True)]
        tell_who_is_told(request, words, [record])

    def for_list(self, records: models.QuerySet) -> models.QuerySet:
        quoted = Quotation.objects.filter(made__demand=models.OuterRef("pk"))
        about = DemandPerson.objects.filter(demand=models.OuterRef("pk"))
        return records.annotate(
            statement_count=counted(DemandAsMade.objects.all(), "demand", "statement"),
            is_quoted=models.Exists(quoted),
            is_about_persons=models.Exists(about),
        )

    @admin.display(description=_("as of"), ordering="changed_on")
    def state_as_of(self, record: Demand) -> str:
        return str(record.state_date or "")

    @admin.display(description=_("raised"), ordering="raised_on")
    def raised(self, record: Demand) -> str:
        return str(record.raised or "")

    def gaps(self, record: Demand) -> list:
        release = record.kind == Demand.Kind.RELEASE
        return [
            words
            for words, is_missing in (
                (_("statements"), not record.statement_count),
                (_("quotation"), record.statement_count and not record.is_quoted),
                (_("addressee"), not record.addressee_id),
                (_("people"), release and not record.is_about_persons),
            )
            if is_missing
        ]
