"""Two editors at once: the second to save sees what both typed, and loses nothing (R-OP4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django import forms
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.forms.models import BaseModelFormSet
from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from statements.markup import HTMLField, plain

# More rows than a form has room for; Django refuses them by itself.
MOST_ROWS = 1000


@dataclass(frozen=True)
class Difference:
    """One thing that is stored in one way and typed in another; empty where it is missing."""

    label: str
    theirs: str
    yours: str


class GuardedForm(forms.ModelForm):
    """Carries the edition that the editor started from, and refuses when it is not the newest.

    The refused form holds all that was typed and the newest edition: to save it once more
    is to replace what the other editor saved, knowingly.
    """

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)

    was_edited_meanwhile = False

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.initial["edition"] = self.instance.edition

    def clean(self) -> dict | None:
        cleaned = super().clean()
        if self.instance.pk and self.cleaned_data.get("edition") != self.instance.edition:
            self.was_edited_meanwhile = True
            self.data = self.data.copy()
            self.data[self.add_prefix("edition")] = str(self.instance.edition)
            raise ValidationError(
                _(
                    "Somebody else saved this record while you were editing it. Nothing of yours"
                    " is lost: compare the two, then save again to keep what you typed."
                ),
                code="edited_meanwhile",
            )
        return cleaned


def differences(form: forms.ModelForm, formsets: Iterable[BaseModelFormSet]) -> list[Difference]:
    """What is stored beside what was typed, field by field and row by row."""
    found = list(_of_form(form))
    for formset in formsets:
        found += row_differences(formset)
    return found


def _of_form(form: forms.ModelForm) -> Iterator[Difference]:
    for name in form.changed_data:
        if name != "edition":
            yield Difference(
                capfirst(str(form[name].label)),
                shown(form, name, form.initial.get(name)),
                shown(form, name, typed(form, name)),
            )


def row_differences(formset: BaseModelFormSet) -> Iterator[Difference]:
    """The rows that are stored in one way and typed in another, or that are in one place only."""
    what = capfirst(str(formset.model._meta.verbose_name))
    kept = set()
    for form in formset.initial_forms:
        kept.add(form.instance.pk)
        stored = _row(form, form.initial.get)
        if formset.can_delete and formset._should_delete_form(form):
            yield Difference(what, stored, "")
        elif form.has_changed():
            yield Difference(what, stored, _row(form, lambda name, row=form: typed(row, name)))
    for form in formset.extra_forms:
        if form.has_changed() and not formset._should_delete_form(form):
            yield Difference(what, "", _row(form, lambda name, row=form: typed(row, name)))
    for stored in formset.get_queryset():
        if stored.pk not in kept:
            form = formset.form(instance=stored, **formset.get_form_kwargs(None))
            yield Difference(what, _row(form, form.initial.get), "")


def _row(form: forms.ModelForm, value_of: object) -> str:
    """The row's values in one line, in the order of its fields."""
    hidden = {"DELETE", "ORDER", form._meta.model._meta.pk.name}
    values = (
        shown(form, name, value_of(name))
        for name, field in form.fields.items()
        if name not in hidden and not field.widget.is_hidden
    )
    return pgettext("between the values of a row", ", ").join(value for value in values if value)


def typed(form: forms.ModelForm, name: str) -> object:
    """The value as the form understood it, else as it was sent."""
    if name in getattr(form, "cleaned_data", {}):
        return form.cleaned_data[name]
    return form[name].data


def shown(form: forms.ModelForm, name: str, value: object) -> str:
    """A field's value in the words that the form shows for it."""
    field = form.fields[name]
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if value is None or value in ("", []):
        return ""
    if isinstance(field, forms.ModelMultipleChoiceField):
        ids = [row.pk if isinstance(row, models.Model) else row for row in value]
        return ", ".join(sorted(str(row) for row in field.queryset.filter(pk__in=ids)))
    if isinstance(field, forms.ModelChoiceField):
        row = value if isinstance(value, models.Model) else field.queryset.filter(pk=value).first()
        return str(row or "")
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))
    if _is_rich(form, name):
        return plain(str(value))
    return " ".join(map(str, value)).strip() if isinstance(value, list) else str(value)


def _is_rich(form: forms.ModelForm, name: str) -> bool:
    try:
        return isinstance(form._meta.model._meta.get_field(name), HTMLField)
    except FieldDoesNotExist:
        return False


def revive_rows(kwargs: dict, prefix: str, existing: set[str]) -> None:
    """Make the posted rows of an inline whose record was deleted meanwhile new ones.

    Otherwise the formset would refuse them, and for ever. `kwargs` are those of the formset: its
    data and files are replaced by copies where a row changes its number.
    """
    data = kwargs["data"]
    try:
        total = int(data.get(f"{prefix}-TOTAL_FORMS", 0))
        initial = int(data.get(f"{prefix}-INITIAL_FORMS", 0))
    except ValueError:
        return
    rows = range(min(total, initial, MOST_ROWS))
    gone = [row for row in rows if data.get(f"{prefix}-{row}-id") not in existing]
    if not gone:
        return
    kept = [row for row in rows if row not in gone]
    order = {old: new for new, old in enumerate([*kept, *gone, *range(initial, total)])}
    kwargs["data"] = renumbered(data, prefix, order)
    kwargs["files"] = renumbered(kwargs["files"], prefix, order)
    for row in gone:
        kwargs["data"][f"{prefix}-{order[row]}-id"] = ""
    kwargs["data"][f"{prefix}-INITIAL_FORMS"] = str(len(kept))


def renumbered(data: MultiValueDict, prefix: str, order: dict[int, int]) -> MultiValueDict:
    """A copy of posted fields or files whose rows stand in another order."""
    copy, moved = data.copy(), {}
    for key in list(data):
        row, _dash, name = key.removeprefix(f"{prefix}-").partition("-")
        if key.startswith(f"{prefix}-") and name and row.isdecimal() and int(row) in order:
            moved[f"{prefix}-{order[int(row)]}-{name}"] = copy.pop(key)
    for key, values in moved.items():
        copy.setlist(key, values)
    return copy
