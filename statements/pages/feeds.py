"""The register of corrections as an Atom feed: those who reused a text can follow it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from statements.absolute import absolute
from statements.models import Correction, SiteText
from statements.reading.corrections import Entry, entries_of

ENTRIES = 50


class Corrections(Feed):
    feed_type = Atom1Feed

    def feed_url(self) -> str:
        return absolute(reverse("corrections_feed"))

    def title(self) -> str:
        name = SiteText.objects.for_language().name
        return _("Corrections · %(site)s") % {"site": name}

    def link(self) -> str:
        return absolute(reverse("pages:correction_list"))

    def items(self) -> list[Entry]:
        newest = Correction.objects.published().newest_first()
        return entries_of(list(newest.select_related("version__text", "statement")[:ENTRIES]))

    def item_title(self, entry: Entry) -> str:
        kind = capfirst(entry.correction.get_kind_display())
        if not entry.title:
            return kind
        return _("%(kind)s: %(title)s") % {"kind": kind, "title": entry.title}

    def item_description(self, entry: Entry) -> str:
        return entry.correction.note or capfirst(entry.correction.get_reason_display())

    def item_link(self, entry: Entry) -> str:
        return absolute(entry.text.get_absolute_url()) if entry.text else self.link()

    def item_guid(self, entry: Entry) -> str:
        return f"{self.link()}#{entry.correction.pk}"

    def item_pubdate(self, entry: Entry) -> datetime:
        return entry.correction.at
