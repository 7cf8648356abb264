"""What must be corrected in a refused form: a list at its head, with the way to each field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms


@dataclass(frozen=True)
class ToMend:
    """One error: the field that it stands at, and in which row of what."""

    anchor: str
    label: str
    words: str
    rows: str = ""
    number: int | None = None


def to_mend(form: forms.BaseForm, inlines: list) -> list[ToMend]:
    """The errors at fields, in the order of the form; `inlines` are the admin's own wrappers."""
    found = list(_at_fields(form))
    for inline in inlines:
        rows = str(inline.opts.verbose_name_plural)
        for number, row in enumerate(inline.formset.forms, start=1):
            slots = row.quotations.forms if hasattr(row, "quotations") else []
            for one in (*slots, row):
                found += _at_fields(one, rows, number)
    return found


def _at_fields(form: forms.BaseForm, rows: str = "", number: int | None = None) -> Iterator[ToMend]:
    for name, errors in form.errors.items():
        if name not in form.fields or form.fields[name].widget.is_hidden:
            continue
        bound = form[name]
        anchor = bound.id_for_label or f"{bound.auto_id}_0"
        for words in errors:
            yield ToMend(anchor, str(bound.label), str(words), rows, number)
