"""The register of corrections as entries of a feed: those who reused a text can follow it."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from statements.absolute import absolute, id_of
from statements.feeds.entries import MOST_ENTRIES, Entry, Writer
from statements.models import Correction
from statements.reading import corrections as register


def entries() -> list[Entry]:
    newest = Correction.objects.published().newest_first()
    newest = newest.select_related("version__text", "statement")
    return [_entry(one) for one in register.entries_of(list(newest[:MOST_ENTRIES]))]


def _entry(entry: register.Entry) -> Entry:
    correction = entry.correction
    kind = capfirst(correction.get_kind_display())
    path = entry.text.get_absolute_url() if entry.text else reverse("pages:correction_list")
    return Entry(
        id=id_of("correction", correction.pk),
        url=absolute(path),
        title=_("%(kind)s: %(title)s") % {"kind": kind, "title": entry.title}
        if entry.title
        else kind,
        html=render_to_string("feeds/_correction.html", {"entry": entry}),
        language=get_language() or settings.LANGUAGE_CODE,
        published=correction.at,
        updated=correction.at,
        summary=correction.note or capfirst(correction.get_reason_display()),
        writers=tuple(Writer(one.name) for one in entry.authors),
    )
