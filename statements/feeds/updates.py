"""What became of demands and persons, as entries of feeds: each with its source."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from statements.absolute import absolute, id_of
from statements.feeds.entries import Entry
from statements.models import Demand, Person
from statements.reading.persons import concealed_about, people_of
from statements.reading.updates import Entry as Update
from statements.reading.updates import entries_of, entries_of_demand


def of_demand(demand: Demand) -> list[Entry]:
    """One that is readable, `named()` and `with_people()`."""
    return _entries(demand, entries_of_demand(demand, people_of(demand)))


def of_person(person: Person) -> list[Entry]:
    return _entries(person, entries_of(person.updates.all(), concealed_about(person)))


def _entries(record: Demand | Person, updates: Iterable[Update]) -> list[Entry]:
    return [_entry(record, one) for one in updates]


def _entry(record: Demand | Person, entry: Update) -> Entry:
    """One that was struck through is changed by it; it never goes."""
    update = entry.update
    moments = [update.entered_at]
    if entry.replaced_by:
        moments.append(entry.replaced_by.entered_at)
    state = capfirst(update.get_state_display())
    return Entry(
        id=id_of(update._meta.model_name, update.pk),
        url=f"{absolute(record.get_absolute_url())}#{entry.anchor}",
        title=_("%(state)s: %(record)s") % {"state": state, "record": record.name_shown},
        html=render_to_string("feeds/_update.html", {"record": record, "entry": entry}),
        language=get_language() or settings.LANGUAGE_CODE,
        published=update.entered_at,
        updated=max(moments),
        summary=_summary(entry, state),
        source=_source(entry),
        is_example=record.is_example,
    )


def _summary(entry: Update, state: str) -> str:
    if not entry.replaced_by:
        return _("%(state)s, %(happened)s") % {"state": state, "happened": entry.update.happened}
    return _("Struck through on %(day)s, replaced by: %(state)s, %(happened)s") % {
        "day": date_format(entry.replaced_by.entered_at),
        "state": entry.replaced_by.get_state_display(),
        "happened": entry.replaced_by.happened,
    }


def _source(entry: Update) -> str:
    """As the page of the record names it."""
    parts = [entry.publication or _("known to the editors"), entry.title]
    if entry.update.source.published:
        parts.append(str(entry.update.source.published))
    return " · ".join(filter(None, parts))
