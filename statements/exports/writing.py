"""A document as lines of text: plain, or in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from bs4 import BeautifulSoup, NavigableString, PageElement, Tag
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from markdownify import MarkdownConverter

from statements.exports.document import DemandLine, Document, Fact, Line, Part
from statements.markup import BLOCKS


class Style(Protocol):
    """How the pieces of a document are written in one format."""

    def heading(self, words: str, level: int) -> str: ...
    def line(self, line: Line) -> str: ...
    def entry(self, words: str, more: Iterable[str] = ()) -> str: ...
    def quoted(self, words: str) -> str: ...
    def rich(self, html: str) -> str: ...


def write(document: Document, style: Style) -> str:
    """The whole document, blocks with a blank line between them."""
    return "\n\n".join(block for block in _blocks(document, style) if block) + "\n"


def write_words(document: Document, style: Style) -> str:
    """The words, with what is to be known of them wherever else they are published."""
    blocks = [style.line(Line(document.surtitle)), style.heading(document.title, 1)]
    blocks.append(style.line(Line(document.subtitle)))
    for part in document.parts:
        blocks += _part(part, style)
    blocks += [_fact(fact, style) for fact in document.credit]
    blocks += [style.line(line) for line in closing_of(document)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def closing_of(document: Document) -> list[Line]:
    """What stands last under a text that is published elsewhere.

    It does not say that the site was the first: a text may have been published before.
    """
    published = _("Published on %(site)s") % {"site": document.site}
    lines = [Line(published, address=document.address)]
    return [*lines, Line(_("Invented example"))] if document.is_example else lines


def _blocks(document: Document, style: Style) -> Iterator[str]:
    yield style.line(Line(document.surtitle))
    yield style.heading(document.title, 1)
    yield style.line(Line(document.subtitle))
    if document.is_example:
        yield style.line(Line(_("Invented example")))
    yield _entries((_fact(fact, style) for fact in document.facts), style)
    for part in document.parts:
        yield from _part(part, style)
    for heading, entries in (
        (_("Demands"), [_demand(one, style) for one in document.demands]),
        (_("Signatories, as printed"), [(style.line(one), ()) for one in document.signatories]),
        (_("Pictures and documents"), [(style.line(one), ()) for one in document.attachments]),
    ):
        if entries:
            yield style.heading(heading, 2)
            yield "\n".join(style.entry(words, more) for words, more in entries)
    yield style.line(Line(document.imprint))


def _part(part: Part, style: Style) -> Iterator[str]:
    if part.heading:
        yield style.heading(part.heading.words, 2)
    yield style.rich(part.html)


def _entries(entries: Iterable[str], style: Style) -> str:
    return "\n".join(style.entry(words) for words in entries)


def _fact(fact: Fact, style: Style) -> str:
    between = pgettext("between the entries of a short list", ", ")
    return _("%(label)s: %(value)s") % {
        "label": fact.label,
        "value": between.join(style.line(line) for line in fact.lines),
    }


def _demand(demand: DemandLine, style: Style) -> tuple[str, list[str]]:
    facts = [_fact(fact, style) for fact in demand.facts]
    return style.line(demand.name), facts + [style.quoted(words) for words in demand.quotations]


class Plain:
    """Plain text for a letter or a message: nothing is wrapped, so that it can be pasted."""

    def heading(self, words: str, level: int) -> str:
        return f"{words}\n{('=' if level == 1 else '-') * min(len(words), 72)}"

    def line(self, line: Line) -> str:
        if not line.address or line.address == line.words:
            return line.words
        return f"{line.words} <{line.address}>"

    def entry(self, words: str, more: Iterable[str] = ()) -> str:
        return "\n".join([f"- {words}", *(f"  {one}" for one in more)])

    def quoted(self, words: str) -> str:
        return _("“%(words)s”") % {"words": words}

    def rich(self, html: str) -> str:
        return "\n\n".join(_plain_blocks(BeautifulSoup(html, "html.parser")))


def _plain_blocks(parent: Tag) -> Iterator[str]:
    """The blocks that stand in a tag, and the words between them as blocks of their own."""
    run: list[PageElement] = []
    for child in [*parent.children, None]:
        is_block = isinstance(child, Tag) and child.name in BLOCKS - {"br"}
        if child is not None and not is_block:
            run.append(child)
            continue
        if words := _words(run):
            yield words
        run = []
        if is_block:
            yield from _plain_block(child)


def _plain_block(tag: Tag) -> Iterator[str]:
    if tag.name == "hr":
        yield "* * *"
    elif tag.name == "pre":
        yield tag.get_text().strip("\n")
    elif tag.name in ("ul", "ol"):
        yield "\n".join(_plain_entries(tag))
    elif tag.name == "blockquote":
        quoted = "\n\n".join(_plain_blocks(tag))
        yield "\n".join(f"> {line}".rstrip() for line in quoted.split("\n"))
    elif tag.name == "tr":
        yield " | ".join(_words(cell.children) for cell in tag.find_all(["td", "th"]))
    elif tag.name in ("table", "thead", "tbody"):
        yield from ["\n".join(_plain_blocks(tag))]
    else:
        yield from _plain_blocks(tag)


def _plain_entries(tag: Tag) -> Iterator[str]:
    start = int(tag["start"]) if str(tag.get("start", "")).isdecimal() else 1
    for number, entry in enumerate(tag.find_all("li", recursive=False), start):
        sign = f"{number}." if tag.name == "ol" else "-"
        words = "\n".join(_plain_blocks(entry))
        yield f"{sign} " + words.replace("\n", "\n" + " " * (len(sign) + 1))


def _words(nodes: Iterable[PageElement]) -> str:
    """Words within a block: white space is one space, and a break begins a line."""
    lines = "".join(_inline(node) for node in nodes).split("\v")
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def _inline(node: PageElement) -> str:
    if isinstance(node, NavigableString):
        return str(node)
    if node.name == "br":
        return "\v"
    words = "".join(_inline(child) for child in node.children)
    address = str(node.get("href", "")).removeprefix("mailto:") if node.name == "a" else ""
    return f"{words} <{address}>" if address and address != words.strip() else words


class Markdown:
    """Markdown (CommonMark, with tables), for whoever publishes the text elsewhere."""

    def __init__(self) -> None:
        self.converter = MarkdownConverter(heading_style="atx", bullets="-", escape_misc=True)

    def heading(self, words: str, level: int) -> str:
        return f"{'#' * level} {self._escaped(words)}"

    def line(self, line: Line) -> str:
        words = self._escaped(line.words)
        if line.address and line.address == line.words:
            return f"<{line.address}>"
        return f"[{words}](<{line.address}>)" if line.address else words

    def entry(self, words: str, more: Iterable[str] = ()) -> str:
        return "\n".join([f"- {words}", *(f"  - {one}" for one in more)])

    def quoted(self, words: str) -> str:
        return _("“%(words)s”") % {"words": self._escaped(words)}

    def rich(self, html: str) -> str:
        return self.converter.convert(html).strip()

    def _escaped(self, words: str) -> str:
        return self.converter.escape(words, parent_tags=set())
