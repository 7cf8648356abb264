"""Quotations in a form: rows with the exact words, checked against the words being saved."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.markup import MarkupRefused
from statements.models import DemandAsMade, Quotation, Text
from statements.plain import collapse
from statements.publishing import wording


def find_part(text: Text, words: str, part: str) -> str | None:
    """The part of the unsaved text that has the words: `part` if it can be, None if none has."""
    parts = dict.fromkeys([part, *Quotation.Field.values])
    try:
        return next((one for one in parts if wording.contains(text.unsaved, one, words)), None)
    except MarkupRefused:
        return part  # The text itself is refused: there is nothing yet to compare with.


class QuotationForm(forms.ModelForm):
    """A new or changed quotation must stand in the text; publishing asks it of every one.

    One that a later edit broke is kept. Words that stand in another part than the chosen one
    are put down to that part.
    """

    class Meta:
        model = Quotation
        fields = ["words", "field", "is_gone"]
        widgets = {"words": forms.Textarea({"rows": 2, "dir": "auto"})}

    def __init__(self, *args: object, text: Text, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.text = text
        self.fields["words"].widget.attrs["aria-label"] = gettext_lazy("Exact words")
        self.fields["field"].widget.attrs["aria-label"] = gettext_lazy("Part of the text")
        if text.language:
            self.fields["words"].widget.attrs["lang"] = text.language

    @property
    def is_broken(self) -> bool:
        """Whether the words left the text, and nobody has said that this is meant so."""
        quotation = self.instance
        return bool(quotation.pk) and not quotation.in_working and not quotation.is_gone

    def clean_words(self) -> str:
        return collapse(self.cleaned_data["words"])

    def has_changed(self) -> bool:
        """White space alone, and an empty new row, are no change."""
        if not self.instance.pk and not self["words"].value():
            return False
        return super().has_changed()

    def clean(self) -> dict:
        data = super().clean()
        words, part = data.get("words"), data.get("field") or Quotation.Field.BODY
        if not words or data.get("is_gone"):
            return data
        is_stored = bool(self.instance.pk) and not {"words", "field", "is_gone"} & set(
            self.changed_data
        )
        if is_stored and not self.text.is_publishing:
            return data
        found = find_part(self.text, words, part)
        if found:
            data["field"] = found
        elif is_stored:
            self.add_error(
                "words",
                _(
                    "These words are no longer in the text. Correct them, or mark them as"
                    " not in this version."
                ),
            )
        else:
            self.add_error(
                "words",
                _("These words are not in the text. They must stand there exactly like this."),
            )
        return data

    def save_for(self, made: DemandAsMade, text: Text) -> Quotation:
        """Store the quotation, once: the same words of a demand are not kept twice."""
        quotation = self.instance
        quotation.made, quotation.text = made, text
        same = Quotation.objects.filter(
            made=made, text=text, field=quotation.field, words=quotation.words
        )
        if other := same.exclude(pk=quotation.pk).first():
            if quotation.pk:
                quotation.delete()
            return other
        quotation.save()
        return quotation


class QuotationSlots(forms.BaseModelFormSet):
    """The quotations of one demand in one text, inside that demand's row."""

    def save_for(self, made: DemandAsMade, text: Text) -> None:
        for form in self.forms:
            if self._should_delete_form(form):
                if form.instance.pk:
                    form.instance.delete()
            elif form.has_changed():
                form.save_for(made, text)


def quotation_slots(extra: int) -> type[QuotationSlots]:
    return forms.modelformset_factory(
        Quotation, form=QuotationForm, formset=QuotationSlots, extra=extra, can_delete=True
    )
