"""Two editors at one text: what the other saved beside what was typed, and nothing lost (R-OP4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.forms import BaseModelFormSet
from django.utils.text import capfirst

from statements import diff
from statements.admin.demands_made import DemandsMade
from statements.admin.guard import Difference, differences, row_differences
from statements.admin.words import WordsForm
from statements.markup import MarkupRefused
from statements.models import Revision


@dataclass(frozen=True)
class PartCompared:
    """One part of the text that differs: theirs, yours, and what yours changes in theirs."""

    label: str
    is_rich: bool
    theirs: str
    yours: str
    blocks: list[diff.Block]


@dataclass(frozen=True)
class Conflict:
    """What the second editor sees: who saved in between, and how theirs differs from yours."""

    revision: Revision
    parts: list[PartCompared]
    others: list[Difference]


def compared(form: WordsForm, formsets: Iterable[BaseModelFormSet]) -> Conflict:
    formsets = list(formsets)
    others = [one for one in differences(form, formsets) if one.label not in _labels(form)]
    for formset in formsets:
        if isinstance(formset, DemandsMade):
            others += _quotations(formset)
    return Conflict(form.text.working_revision, list(_parts(form)), others)


def _labels(form: WordsForm) -> set[str]:
    """The fields that are compared as words, or that only the machine fills in."""
    names = [*Revision.FIELDS, "why", "working_revision", "edition"]
    return {capfirst(str(form[name].label)) for name in names}


def _parts(form: WordsForm) -> Iterable[PartCompared]:
    saved = form.text.working_revision
    for name, is_rich in Revision.FIELDS.items():
        theirs, yours = getattr(saved, name), form.cleaned_data.get(name)
        if yours is None or theirs == yours:
            continue
        try:
            compare = diff.compare_html if is_rich else diff.compare
            blocks = compare(theirs, yours)
        except MarkupRefused:
            continue
        yield PartCompared(capfirst(str(form[name].label)), is_rich, theirs, yours, blocks)


def _quotations(formset: DemandsMade) -> Iterable[Difference]:
    """The words inside the rows of demands."""
    for row in formset.initial_forms:
        if not formset._should_delete_form(row):
            yield from row_differences(row.quotations)
