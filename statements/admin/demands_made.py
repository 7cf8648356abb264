"""The demands that a statement makes, in its form: a row each, with the words that make it.

Django has no rows within rows. Here a row carries a small formset of its own: the quotations of
its demand in the leading text. A new row for a demand that has one already adds its words there,
so that quoting is always one act: the words, and whose demand it is.
"""

from __future__ import annotations

from functools import cached_property

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from statements.admin.guard import revive_rows
from statements.admin.quotations import QuotationSlots, quotation_slots
from statements.admin.rows import PartInline, RowForm
from statements.admin.unasked import refuse_unasked
from statements.models import DemandAsMade, Quotation, Text


class DemandMadeForm(RowForm):
    class Meta:
        model = DemandAsMade
        fields = ["demand", "voice"]

    def __init__(self, *args: object, text: Text, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.text = text
        self.merged_into: DemandMadeForm | None = None

    @cached_property
    def quotations(self) -> QuotationSlots:
        stored = self.instance.quotations.all() if self.instance.pk else Quotation.objects.none()
        prefix = f"{self.prefix}-quotations"
        posted: dict = {"data": None, "files": None}
        if self.is_bound:
            posted = {"data": self.data, "files": self.files}
            revive_rows(posted, prefix, {str(one.pk) for one in stored})
        return quotation_slots(extra=0 if len(stored) else 1)(
            **posted,
            queryset=stored,
            prefix=prefix,
            form_kwargs={"text": self.text},
        )

    @property
    def is_broken(self) -> bool:
        return any(form.is_broken for form in self.quotations.initial_forms)

    def has_changed(self) -> bool:
        return super().has_changed() or self.quotations.has_changed()

    def clean(self) -> dict:
        data = super().clean()
        if not self.quotations.is_valid():
            self.add_error(None, _("Look at the words of this demand."))
        if data.get("demand") and "demand" in self.changed_data:
            people = data["demand"].people.values_list("pk", flat=True)
            try:
                refuse_unasked(self.text.statement, persons=people)
            except ValidationError as unasked:
                self.add_error("demand", unasked)
        return data

    def validate_unique(self) -> None:
        """The formset joins a new row with the row of the same demand instead."""

    def validate_constraints(self) -> None:
        """As above."""


class DemandsMade(BaseInlineFormSet):
    def get_form_kwargs(self, index: int | None) -> dict:
        return super().get_form_kwargs(index) | {"text": self.instance.working_text}

    def validate_unique(self) -> None:
        """Join rows of the same demand in the same voice; refuse to join two stored ones."""
        rows: dict[tuple, DemandMadeForm] = {}
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            if not data.get("demand") or self._should_delete_form(form):
                continue
            first = rows.setdefault((data["demand"].pk, data["voice"]), form)
            if first is form:
                continue
            if form.instance.pk:
                form.add_error("demand", _("The statement has a row for this demand already."))
                self._errors[self.forms.index(form)] = form.errors
            else:
                form.merged_into = first

    def save_new(self, form: DemandMadeForm, commit: bool = True) -> DemandAsMade:
        made = form.merged_into.instance if form.merged_into else super().save_new(form, commit)
        form.quotations.save_for(made, self.instance.working_text)
        return made

    def save_existing(
        self, form: DemandMadeForm, obj: DemandAsMade, commit: bool = True
    ) -> DemandAsMade:
        made = super().save_existing(form, obj, commit)
        form.quotations.save_for(made, self.instance.working_text)
        return made


class DemandMadeInline(PartInline):
    model = DemandAsMade
    form = DemandMadeForm
    formset = DemandsMade
    template = "admin/statements/demands_made.html"
    autocomplete_fields = ["demand"]
    fetched = ("demand",)
    extra = 1
    group = "demands"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        leading = Quotation.objects.filter(text__is_leading=True)
        return super().get_queryset(request).prefetch_related(Prefetch("quotations", leading))
