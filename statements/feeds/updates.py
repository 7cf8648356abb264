"""What became of demands and persons, as entries of feeds: each with its source."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from statements.absolute import absolute, id_of
from statements.feeds.entries import Entry
from statements.models import Demand, Person
from statements.reading.updates import Entry as Update


def entries_of(record: Demand | Person, updates: Iterable[Update]) -> list[Entry]:
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
        summary=f"{state}, {update.happened}",
    )
