"""Addresses for search engines: files of one kind each, by ranges of numbers (sitemaps.org).

A file has the records of a range and is not counted, so that it costs the same however large the
archive is. With the addresses in other languages beside each it stays far below the 50,000
addresses and 50 MB that search engines take.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.feedgenerator import rfc3339_date
from django.utils.xmlutils import SimplerXMLGenerator

from statements.absolute import absolute
from statements.models import Demand, Event, Organisation, Person, Place, Text
from statements.reading.labels import readable

RANGE = 10_000
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
LISTS = (
    *("home", "statement_list", "event_list", "organisation_list", "demand_list", "person_list"),
    *("tag_list", "place_list", "years", "correction_list", "transparency", "about", "privacy"),
)


@dataclass(frozen=True)
class Page:
    """An address, and the same in other languages, by their tags."""

    path: str
    changed: datetime | None = None
    alternates: list[tuple[str, str]] = field(default_factory=list)


def texts() -> QuerySet[Text]:
    """Those whose words may be shown, and found by search engines."""
    return Text.objects.readable().filter(statement__may_be_indexed=True)


def people() -> QuerySet[Person]:
    """Those shown in full: nobody else is to be found by a search."""
    return Person.objects.readable().in_full()


# By kind: what is in its files, the page of one, and what stands for it in that page's address.
KINDS: dict[str, tuple[Callable[[], QuerySet], str, str]] = {
    "events": (Event.objects.readable, "pages:event", "slug"),
    "organisations": (Organisation.objects.readable, "pages:organisation", "slug"),
    "demands": (Demand.objects.readable, "pages:demand", "slug"),
    "people": (people, "pages:person", "slug"),
    "tags": (lambda: readable("tag"), "pages:tag", "slug"),
    "places": (Place.objects.readable, "pages:place", "code"),
}
TEXTS, PAGES = "statements", "pages"
NAMES = (PAGES, TEXTS, *KINDS)


def files() -> list[tuple[str, int]]:
    """(kind, number) of each file: a query a kind, for its last number."""
    last = {TEXTS: _last(texts())} | {name: _last(kind[0]()) for name, kind in KINDS.items()}
    found = [(name, number) for name, pk in last.items() for number in range(pk // RANGE + 1) if pk]
    return [(PAGES, 0), *found]


def _last(records: QuerySet) -> int:
    return records.order_by("-pk").values_list("pk", flat=True).first() or 0


def pages_in(name: str, number: int) -> Iterator[Page]:
    if name == TEXTS:
        yield from _texts_in(number)
    elif name in KINDS:
        records, view, key = KINDS[name]
        rows = _in_range(records(), number).order_by("pk").values_list(key, flat=True)
        yield from (_in_every_language(reverse(view, args=[one])) for one in rows)
    elif not number:
        yield from (_in_every_language(reverse(f"pages:{one}")) for one in LISTS)


def _in_range(records: QuerySet, number: int) -> QuerySet:
    return records.filter(pk__gte=number * RANGE, pk__lt=(number + 1) * RANGE)


def _texts_in(number: int) -> Iterator[Page]:
    """A text has one address, whatever the interface's language; its siblings are in others."""
    here = _in_range(texts(), number)
    siblings: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = texts().filter(statement__in=here.values("statement")).order_by("pk")
    for statement, language, slug in rows.values_list("statement", "language", "slug"):
        siblings[statement].append((language, reverse("pages:statement", args=[slug])))
    rows = here.order_by("pk").values_list("statement", "slug", "changed_at")
    for statement, slug, changed in rows:
        others = siblings[statement]
        path = reverse("pages:statement", args=[slug])
        yield Page(path, changed, others if len(others) > 1 else [])


def _in_every_language(path: str) -> Page:
    codes = [code for code, _name in settings.LANGUAGES]
    prefixed = [(one, f"/{one}{path}") for one in codes if one != settings.LANGUAGE_CODE]
    default = (settings.LANGUAGE_CODE, path), ("x-default", path)
    return Page(path, alternates=[*default, *prefixed])


# Written down


def index() -> str:
    out, xml = _begun("sitemapindex", {"xmlns": SITEMAP})
    for name, number in files():
        xml.startElement("sitemap", {})
        xml.addQuickElement("loc", absolute(reverse("sitemap:file", args=[name, number])))
        xml.endElement("sitemap")
    xml.endElement("sitemapindex")
    return out.getvalue()


def file(name: str, number: int) -> str:
    out, xml = _begun("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML})
    for page in pages_in(name, number):
        xml.startElement("url", {})
        xml.addQuickElement("loc", absolute(page.path))
        if page.changed:
            xml.addQuickElement("lastmod", rfc3339_date(page.changed))
        for language, path in page.alternates:
            # Not `absolute`, which takes the language away.
            address = settings.SITE_URL + path
            link = {"rel": "alternate", "hreflang": language, "href": address}
            xml.addQuickElement("xhtml:link", "", link)
        xml.endElement("url")
    xml.endElement("urlset")
    return out.getvalue()


def _begun(name: str, attributes: dict[str, str]) -> tuple[StringIO, SimplerXMLGenerator]:
    out = StringIO()
    xml = SimplerXMLGenerator(out, "utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement(name, attributes)
    return out, xml
