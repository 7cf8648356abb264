"""What the import of a statement believes to have seen, in the statement's form.

An editor takes a suggestion over by choosing its demand, or dismisses it; notes are dismissed
once they were read. Until then nothing of it is anywhere else.
"""

from __future__ import annotations

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements import rights
from statements.admin.quotations import find_part
from statements.admin.rows import PartInline, RowAutocomplete
from statements.models import Demand, DemandAsMade, Suggestion, Text
from statements.publishing import suggestions


class SuggestionForm(forms.ModelForm):
    demand = forms.ModelChoiceField(
        Demand.objects.all(),
        label=gettext_lazy("Take over as the demand"),
        required=False,
    )

    class Meta:
        model = Suggestion
        fields = ["voice"]

    def __init__(self, *args: object, text: Text, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.text = text
        # An editor decides whose voice it is, not whether it is anybody's.
        self.fields["voice"].required = True
        self.fields["voice"].choices = DemandAsMade.Voice.choices

    def clean(self) -> dict:
        data = super().clean()
        if data.get("demand") and not self.part:
            self.add_error(
                "demand",
                _("The words are no longer in the text. Dismiss this and quote the new ones."),
            )
        return data

    @property
    def part(self) -> str | None:
        """Where the words stand in the text that is being saved."""
        return find_part(self.text, self.instance.words, self.instance.field)


class Suggestions(BaseInlineFormSet):
    def get_form_kwargs(self, index: int | None) -> dict:
        return super().get_form_kwargs(index) | {"text": self.instance.working_text}

    def save_existing(
        self, form: SuggestionForm, obj: Suggestion, commit: bool = True
    ) -> Suggestion:
        demand = form.cleaned_data["demand"]
        if not demand:
            return super().save_existing(form, obj, commit)
        obj.field = form.part
        suggestions.take_over(obj, demand, voice=form.cleaned_data["voice"])
        return obj


class SuggestedDemands(PartInline):
    model = Suggestion
    form = SuggestionForm
    formset = Suggestions
    fields = ["voice", "demand"]
    template = "admin/statements/suggestions.html"
    verbose_name_plural = gettext_lazy("Demands that the import suggests")
    group = "import"
    max_num = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).demands()

    def get_formset(self, request: HttpRequest, obj: object = None, **kwargs: object) -> type:
        formset = super().get_formset(request, obj, **kwargs)
        to_demand = DemandAsMade._meta.get_field("demand")
        formset.form.base_fields["demand"].widget = RelatedFieldWidgetWrapper(
            RowAutocomplete(to_demand, self.admin_site),
            to_demand.remote_field,
            self.admin_site,
            can_add_related=rights.may(request.user, "add", Demand),
        )
        return formset

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class ImportNotes(PartInline):
    model = Suggestion
    # Nothing of a note can be changed: it is dismissed or left.
    exclude = ["kind", "words", "field", "voice"]
    template = "admin/statements/suggestions.html"
    verbose_name_plural = gettext_lazy("Notes of the import")
    group = "import"
    max_num = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).notes()

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
