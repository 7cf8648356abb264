"""Partial dates in admin forms: before, on or after a day, a month or a year."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from statements.dates import AFTER, BEFORE, NoSuchDay, NotADate, PartialDate, refusal

BOUNDS = [
    ("", pgettext_lazy("partial date", "on or in")),
    (BEFORE, pgettext_lazy("partial date", "before")),
    (AFTER, pgettext_lazy("partial date", "after")),
]


def refuse_what_is_past(day: date) -> None:
    """A validator for days until which something holds."""
    if day <= timezone.localdate():
        raise ValidationError(_("Choose a day that is still to come."))


class PartialDateWidget(forms.MultiWidget):
    """A choice of the bound, and beside it a day, a month or a year as ISO 8601 writes them."""

    class Media:
        css = {"all": ["css/admin.css"]}

    def __init__(self, attrs: dict | None = None) -> None:
        bound = forms.Select({"aria-label": _("before, on or after")}, choices=BOUNDS)
        day = forms.TextInput(
            {
                "aria-label": _("day, month or year"),
                "placeholder": "2020-08-12",
                "size": 12,
                "dir": "ltr",
                "autocomplete": "off",
            }
        )
        super().__init__([bound, day], {"class": "partial-date"} | (attrs or {}))

    def decompress(self, value: PartialDate | None) -> list[str]:
        if not value:
            return ["", ""]
        bound, _space, day = value.notation.rpartition(" ")
        return [bound, day]


class PartialDateFormField(forms.MultiValueField):
    """Gives a PartialDate, or None where the day is left empty."""

    widget = PartialDateWidget

    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", _("2020-08-12, 2020-08 or 2020"))
        if kwargs.get("label"):
            # Like the labels of the model's own columns.
            kwargs["label"] = capfirst(kwargs["label"])
        super().__init__(
            (forms.ChoiceField(choices=BOUNDS, required=False), forms.CharField(required=False)),
            require_all_fields=False,
            **kwargs,
        )
        self.fields[1].required = False

    def compress(self, data_list: list[str]) -> PartialDate | None:
        bound, day = data_list or ("", "")
        if not day:
            if bound:
                raise ValidationError(refusal(), code="partial_date")
            return None
        try:
            return PartialDate.parse(f"{bound} {day}")
        except NoSuchDay as error:
            raise ValidationError(
                _("There is no %(day)s in the calendar."),
                params={"day": day},
                code="no_such_day",
            ) from error
        except NotADate as error:
            raise ValidationError(refusal(), code="partial_date") from error


class PartialDatesForm(forms.ModelForm):
    """A model form whose PartialDateFormFields read and write the model's properties.

    Declare `issued = PartialDateFormField(label=_("issued"))` for the model's
    `issued = PartialDateColumns(…)`, and list "issued" in the admin's fieldsets: nothing else.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name in self._partial_dates():
            self.initial.setdefault(name, getattr(self.instance, name))

    def _partial_dates(self) -> list[str]:
        return [n for n, field in self.fields.items() if isinstance(field, PartialDateFormField)]

    def _post_clean(self) -> None:
        for name in self._partial_dates():
            if name in self.cleaned_data:
                setattr(self.instance, name, self.cleaned_data[name])
        super()._post_clean()
