"""Documents as EPUB 3: a package of XHTML, valid and read aloud by any reader of books."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.etree import ElementTree

from bs4 import BeautifulSoup
from bs4.formatter import XMLFormatter
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from statements import languages
from statements.exports.document import Document, Line
from statements.exports.styles import style_sheet

OPF, DC = "http://www.idpf.org/2007/opf", "http://purl.org/dc/elements/1.1/"
CONTAINER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="EPUB/package.opf"'
    ' media-type="application/oebps-package+xml"/></rootfiles></container>'
)
XHTML = "application/xhtml+xml"
# What a reader who cannot see is told before opening it (EPUB Accessibility 1.1).
ACCESS = {
    "schema:accessMode": "textual",
    "schema:accessModeSufficient": "textual",
    "schema:accessibilityFeature": "structuralNavigation",
    "schema:accessibilityHazard": "none",
}


@dataclass(frozen=True)
class Chapter:
    """A file of a book, or a section of a page: its heading stands in `html` too."""

    name: str
    title: Line
    html: SafeString
    parts: list[Chapter] = field(default_factory=list)

    @property
    def all(self) -> Iterator[Chapter]:
        yield self
        for part in self.parts:
            yield from part.all


@dataclass(frozen=True)
class Book:
    identifier: str
    title: str
    # The language of its words; labels are in another one where it is one statement.
    language: str
    label_language: str
    creators: list[str]
    publisher: str
    address: str
    modified: datetime
    chapters: list[Chapter]
    style: str

    @property
    def direction(self) -> str:
        return languages.direction(self.language)

    @property
    def label_direction(self) -> str:
        return languages.direction(self.label_language)

    @property
    def files(self) -> list[Chapter]:
        return [one for chapter in self.chapters for one in chapter.all]


def epub_of(document: Document) -> bytes:
    """The same document gives the same bytes: its moments are those of the version."""
    words = render_to_string("exports/_article.html", {"document": document})
    revision = document.revision
    return pack(
        Book(
            identifier=f"{document.address}#version-{revision.number}",
            title=document.title,
            language=document.text.language,
            label_language=document.language,
            creators=[author.words for author in document.authors] or [document.site],
            publisher=document.site,
            address=document.address,
            modified=revision.published_at,
            chapters=[Chapter("text", Line(document.title, document.text.language), words)],
            style=style_sheet("document.css"),
        )
    )


def pack(book: Book) -> bytes:
    """The same book gives the same bytes."""
    files = {
        "META-INF/container.xml": CONTAINER,
        "EPUB/package.opf": _package(book),
        "EPUB/nav.xhtml": _xhtml("exports/epub_nav.html", {"book": book}),
        **{
            f"EPUB/{chapter.name}.xhtml": _xhtml(
                "exports/epub_chapter.html", {"book": book, "chapter": chapter}
            )
            for chapter in book.files
        },
        "EPUB/document.css": book.style,
    }
    return _zipped(files.items(), book.modified)


def _zipped(files: Iterable[tuple[str, str]], moment: datetime) -> bytes:
    written = io.BytesIO()
    day = moment.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        # First and not compressed, so that a program knows the kind of file by its first bytes.
        kind = zipfile.ZipInfo("mimetype", day)
        package.writestr(kind, "application/epub+zip", zipfile.ZIP_STORED)
        for name, content in files:
            package.writestr(zipfile.ZipInfo(name, day), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _xhtml(template: str, context: dict) -> str:
    """HTML as XML: every tag closed, named characters written out."""
    html = render_to_string(template, context)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + BeautifulSoup(html, "html.parser").decode(
        formatter=XMLFormatter(XMLFormatter.REGISTRY["minimal"].entity_substitution)
    )


def _package(book: Book) -> str:
    ElementTree.register_namespace("", OPF)
    ElementTree.register_namespace("dc", DC)
    package = ElementTree.Element(
        f"{{{OPF}}}package",
        {"version": "3.0", "unique-identifier": "id", "xml:lang": book.language},
    )
    _metadata(ElementTree.SubElement(package, f"{{{OPF}}}metadata"), book)
    manifest = ElementTree.SubElement(package, f"{{{OPF}}}manifest")

    def add(key: str, href: str, kind: str, **more: str) -> None:
        item = {"id": key, "href": href, "media-type": kind} | more
        ElementTree.SubElement(manifest, f"{{{OPF}}}item", item)

    add("nav", "nav.xhtml", XHTML, properties="nav")
    add("style", "document.css", "text/css")
    spine = ElementTree.SubElement(
        package, f"{{{OPF}}}spine", {"page-progression-direction": book.direction}
    )
    for chapter in book.files:
        add(chapter.name, f"{chapter.name}.xhtml", XHTML)
        ElementTree.SubElement(spine, f"{{{OPF}}}itemref", {"idref": chapter.name})
    return ElementTree.tostring(package, encoding="unicode", xml_declaration=True)


def _metadata(parent: ElementTree.Element, book: Book) -> None:
    def add(name: str, words: str, **attributes: str) -> None:
        ElementTree.SubElement(parent, name, attributes).text = words

    add(f"{{{DC}}}identifier", book.identifier, id="id")
    add(f"{{{DC}}}title", book.title)
    add(f"{{{DC}}}language", book.language)
    for creator in book.creators:
        add(f"{{{DC}}}creator", creator)
    add(f"{{{DC}}}publisher", book.publisher)
    add(f"{{{DC}}}source", book.address)
    modified = book.modified.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    add(f"{{{OPF}}}meta", modified, property="dcterms:modified")
    for name, words in ACCESS.items():
        add(f"{{{OPF}}}meta", words, property=name)
