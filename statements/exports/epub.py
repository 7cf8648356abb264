"""A document as EPUB 3: a package of XHTML, valid and read aloud by any reader of books."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree import ElementTree

from bs4 import BeautifulSoup
from bs4.formatter import XMLFormatter
from django.template.loader import render_to_string

from statements.exports.document import Document, Line
from statements.exports.styles import style_sheet

OPF, DC = "http://www.idpf.org/2007/opf", "http://purl.org/dc/elements/1.1/"
CONTAINER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="EPUB/package.opf"'
    ' media-type="application/oebps-package+xml"/></rootfiles></container>'
)
MANIFEST = {
    "nav": ("nav.xhtml", "application/xhtml+xml"),
    "text": ("text.xhtml", "application/xhtml+xml"),
    "style": ("document.css", "text/css"),
}
# What a reader who cannot see is told before opening it (EPUB Accessibility 1.1).
ACCESS = {
    "schema:accessMode": "textual",
    "schema:accessModeSufficient": "textual",
    "schema:accessibilityFeature": "structuralNavigation",
    "schema:accessibilityHazard": "none",
}


def epub_of(document: Document) -> bytes:
    """The same document gives the same bytes: its moments are those of the version."""
    context = {"document": document}
    files = {
        "META-INF/container.xml": CONTAINER,
        "EPUB/package.opf": _package(document),
        "EPUB/nav.xhtml": _xhtml(render_to_string("exports/epub_nav.html", context)),
        "EPUB/text.xhtml": _xhtml(render_to_string("exports/epub_text.html", context)),
        "EPUB/document.css": style_sheet("document.css"),
    }
    return _zipped(files.items(), document.revision.published_at)


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


def _xhtml(html: str) -> str:
    """HTML as XML: every tag closed, named characters written out."""
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + BeautifulSoup(html, "html.parser").decode(
        formatter=XMLFormatter(XMLFormatter.REGISTRY["minimal"].entity_substitution)
    )


def _package(document: Document) -> str:
    ElementTree.register_namespace("", OPF)
    ElementTree.register_namespace("dc", DC)
    package = ElementTree.Element(
        f"{{{OPF}}}package",
        {"version": "3.0", "unique-identifier": "id", "xml:lang": document.text.language},
    )
    _metadata(ElementTree.SubElement(package, f"{{{OPF}}}metadata"), document)
    manifest = ElementTree.SubElement(package, f"{{{OPF}}}manifest")
    for name, (href, kind) in MANIFEST.items():
        item = {"id": name, "href": href, "media-type": kind}
        ElementTree.SubElement(
            manifest, f"{{{OPF}}}item", item | ({"properties": "nav"} if name == "nav" else {})
        )
    spine = ElementTree.SubElement(
        package, f"{{{OPF}}}spine", {"page-progression-direction": document.direction}
    )
    ElementTree.SubElement(spine, f"{{{OPF}}}itemref", {"idref": "text"})
    return ElementTree.tostring(package, encoding="unicode", xml_declaration=True)


def _metadata(parent: ElementTree.Element, document: Document) -> None:
    def add(name: str, words: str, **attributes: str) -> None:
        ElementTree.SubElement(parent, name, attributes).text = words

    revision = document.revision
    add(f"{{{DC}}}identifier", f"{document.address}#version-{revision.number}", id="id")
    add(f"{{{DC}}}title", document.title)
    add(f"{{{DC}}}language", document.text.language)
    for author in document.authors or [Line(document.site)]:
        add(f"{{{DC}}}creator", author.words)
    add(f"{{{DC}}}publisher", document.site)
    add(f"{{{DC}}}source", document.address)
    modified = revision.published_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    add(f"{{{OPF}}}meta", modified, property="dcterms:modified")
    for name, words in ACCESS.items():
        add(f"{{{OPF}}}meta", words, property=name)
