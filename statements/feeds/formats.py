"""Feeds as Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1, all three of the same entries."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import StringIO
from xml.sax.handler import ContentHandler

from django.utils.feedgenerator import (
    Atom1Feed,
    Rss201rev2Feed,
    SyndicationFeed,
    rfc2822_date,
    rfc3339_date,
)
from django.utils.html import escape

from statements.feeds.entries import Entry, Feed, Writer

# What XML 1.0 has no way to write down, not even by number.
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# A feed without an entry has no moment of its own, and Atom asks for one.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
CONTENT = {"xmlns:content": "http://purl.org/rss/1.0/modules/content/"}
DUBLIN_CORE = {
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:dcterms": "http://purl.org/dc/terms/",
}


class Atom(Atom1Feed):
    def latest_post_date(self) -> datetime:
        return self.feed["moment"] or NEVER

    def item_attributes(self, item: dict) -> dict[str, str]:
        return {"xml:lang": item["entry"].language}

    def add_item_elements(self, handler: ContentHandler, item: dict) -> None:
        """Django's own has one author at most, and no content."""
        entry: Entry = item["entry"]
        handler.addQuickElement("id", entry.id)
        handler.addQuickElement("title", entry.title)
        handler.addQuickElement("link", "", {"rel": "alternate", "href": item["link"]})
        handler.addQuickElement("published", rfc3339_date(entry.published))
        handler.addQuickElement("updated", rfc3339_date(entry.updated))
        for writer in entry.writers:
            handler.startElement("author", {})
            handler.addQuickElement("name", writer.name)
            if writer.url:
                handler.addQuickElement("uri", writer.url)
            handler.endElement("author")
        for category in entry.categories:
            handler.addQuickElement("category", "", {"term": category})
        if entry.summary:
            handler.addQuickElement("summary", entry.summary)
        handler.addQuickElement("content", entry.html, {"type": "html"})


class Rss(Rss201rev2Feed):
    def latest_post_date(self) -> datetime:
        return self.feed["moment"] or NEVER

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | CONTENT | DUBLIN_CORE

    def add_item_elements(self, handler: ContentHandler, item: dict) -> None:
        """RSS has no element for a change, a language, several authors or a whole text."""
        entry: Entry = item["entry"]
        handler.addQuickElement("title", entry.title)
        handler.addQuickElement("link", item["link"])
        # Markup, as readers take it.
        handler.addQuickElement("description", escape(entry.summary))
        handler.addQuickElement("guid", entry.id, {"isPermaLink": "false"})
        handler.addQuickElement("pubDate", rfc2822_date(entry.published))
        handler.addQuickElement("dcterms:modified", rfc3339_date(entry.updated))
        handler.addQuickElement("dc:language", entry.language)
        for writer in entry.writers:
            handler.addQuickElement("dc:creator", writer.name)
        for category in entry.categories:
            handler.addQuickElement("category", category)
        handler.addQuickElement("content:encoded", entry.html)


def atom(feed: Feed, address: str) -> str:
    return _xml(Atom, feed, address)


def rss(feed: Feed, address: str) -> str:
    return _xml(Rss, feed, address)


def _xml(kind: type[SyndicationFeed], feed: Feed, address: str) -> str:
    written = kind(
        title=_writable(feed.title),
        link=feed.page,
        description=_writable(feed.title),
        language=feed.language,
        feed_url=address,
        feed_guid=feed.id,
        author_name=_writable(feed.site.name),
        author_link=feed.site.url,
        moment=feed.updated,
    )
    for entry in map(_writable_entry, feed.entries):
        written.add_item(title=entry.title, link=entry.url, description="", entry=entry)
    out = StringIO()
    written.write(out, "utf-8")
    return out.getvalue()


def _writable(words: str) -> str:
    return NO_XML.sub("", words)


def _writable_entry(entry: Entry) -> Entry:
    lines = {name: _writable(getattr(entry, name)) for name in ("title", "html", "summary")}
    writers = tuple(replace(one, name=_writable(one.name)) for one in entry.writers)
    categories = tuple(map(_writable, entry.categories))
    return replace(entry, writers=writers, categories=categories, **lines)


def json_feed(feed: Feed, address: str) -> str:
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    found = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": address,
        "language": feed.language,
        "authors": [_author(feed.site)],
        "items": [_item(entry) for entry in feed.entries],
    }
    return json.dumps(found, ensure_ascii=False, indent=1)


def _item(entry: Entry) -> dict:
    item = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "summary": entry.summary,
        "date_published": rfc3339_date(entry.published),
        "date_modified": rfc3339_date(entry.updated),
        "authors": [_author(one) for one in entry.writers],
        "tags": list(entry.categories),
        "language": entry.language,
    }
    return {name: value for name, value in item.items() if value}


def _author(writer: Writer) -> dict[str, str]:
    return {"name": writer.name} | ({"url": writer.url} if writer.url else {})


@dataclass(frozen=True)
class Format:
    name: str
    type: str
    write: Callable[[Feed, str], str]


FORMATS = {
    "atom": Format("Atom", "application/atom+xml", atom),
    "rss": Format("RSS", "application/rss+xml", rss),
    "json": Format("JSON Feed", "application/feed+json", json_feed),
}
