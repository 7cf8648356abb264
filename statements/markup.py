"""The one place where markup is cleaned, stored and declared safe (docs/security.md, R-CO)."""

import re
import unicodedata
from html.parser import HTMLParser

import nh3
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _

from statements.plain import collapse

TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "blockquote"),
    *("strong", "b", "em", "i", "s", "sub", "sup", "a", "abbr", "span"),
    *("table", "thead", "tbody", "tr", "th", "td", "caption", "pre", "code"),
}
ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
DROPPED_WITH_CONTENT = {
    *("script", "style", "template", "noscript", "noembed", "noframes", "xmp", "iframe"),
    *("textarea", "title", "svg", "math", "select"),
}
SCHEMES = {"http", "https", "mailto", "tel"}
LINK_REL = "noopener noreferrer nofollow ugc"
BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "table", "pre", "hr", "br"}
BLOCKS |= {"thead", "tbody", "tr", "th", "td", "caption"}
VOID = {"br", "hr"}

PUBLIC_LENGTH = 60_000
STAFF_LENGTH = 300_000
# The cleaner's time grows with the square of the depth, so both are capped before it runs.
MOST_NESTED = 100
MOST_TAGS = 5_000
TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
REFUSED_CHARACTERS = re.compile("[\x00\ud800-\udfff]")
OTHER_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")


class MarkupRefused(ValidationError):
    """The markup is too long, too deep, or holds what no text holds."""


class CleanHTML(str):
    """Markup that has been through `clean`."""

    __slots__ = ()


def check(html: str, longest: int = STAFF_LENGTH) -> None:
    """Raise MarkupRefused for what must not even reach the cleaner (R-CO3)."""
    if REFUSED_CHARACTERS.search(html):
        raise MarkupRefused(_("The text holds a NUL or a broken character."), code="characters")
    if len(html) > longest:
        raise MarkupRefused(
            _("The text is too long: %(length)d characters, where %(most)d are possible.")
            % {"length": len(html), "most": longest},
            code="length",
        )
    depth = deepest = count = 0
    for match in TAG.finditer(html):
        count += 1
        if match.group(2).lower() in VOID:
            continue
        depth = max(0, depth - 1) if match.group(1) else depth + 1
        deepest = max(deepest, depth)
    if count > MOST_TAGS or deepest > MOST_NESTED:
        raise MarkupRefused(
            _("The text's markup is nested too deeply or has too many tags."), code="markup"
        )


def clean(html: str, longest: int = STAFF_LENGTH) -> CleanHTML:
    """Markup with the allowed tags and attributes only; cleaning twice changes nothing.

    Raises MarkupRefused. Unknown tags are unwrapped, dangerous ones go with their content.
    """
    if isinstance(html, CleanHTML):
        return html
    check(html, longest)
    text = OTHER_CONTROLS.sub("", unicodedata.normalize("NFC", normalize_newlines(html)))
    cleaned = nh3.clean(
        text,
        tags=TAGS,
        attributes=ATTRIBUTES,
        clean_content_tags=DROPPED_WITH_CONTENT,
        url_schemes=SCHEMES,
        link_rel=LINK_REL,
        strip_comments=True,
    )
    return CleanHTML(cleaned.strip())


class HTMLField(models.TextField):
    """Rich text, cleaned whenever it is stored: by forms, imports and bulk writes alike."""

    def clean(self, value: object, model_instance: models.Model | None) -> object:
        value = super().clean(value, model_instance)
        return clean(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> object:
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = clean(value)
            setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: object, connection: object) -> object:
        if isinstance(value, str):
            value = str.__str__(clean(value))
        return super().get_db_prep_save(value, connection)


def safe_html(html: str) -> SafeString:
    """Cleaned once more and declared safe: for showing stored rich text."""
    return mark_safe(clean(str(html)))  # noqa: S308 - cleaned in this line


class Pieces(HTMLParser):
    """Cleaned markup as a flat list of (kind, tag, text): open, close, void or text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = "void" if tag in VOID else "open"
        # The parser is only ever fed what `clean` has just written.
        self.pieces.append((kind, tag, mark_safe(self.get_starttag_text() or "")))  # noqa: S308

    def handle_endtag(self, tag: str) -> None:
        self.pieces.append(("close", tag, mark_safe(f"</{tag}>")))  # noqa: S308

    def handle_data(self, data: str) -> None:
        if self.pieces and self.pieces[-1][0] == "text":
            self.pieces[-1] = ("text", "", self.pieces[-1][2] + data)
        else:
            self.pieces.append(("text", "", data))


def pieces(html: str) -> list[tuple[str, str, str]]:
    """Split markup, cleaned first: the tags are safe strings, the texts are unescaped."""
    parser = Pieces()
    parser.feed(clean(html))
    parser.close()
    return parser.pieces


def plain(html: str) -> str:
    """The words of rich text, collapsed: blocks and line breaks are white space."""
    parts = []
    for kind, tag, text in pieces(html):
        if kind == "text":
            parts.append(text)
        elif tag in BLOCKS:
            parts.append(" ")
    return collapse("".join(parts))


def paragraphs(text: str) -> CleanHTML:
    """Plain text as rich text: a blank line ends a paragraph, a line break is kept."""
    blocks = re.split(r"\n[ \t]*\n+", normalize_newlines(text).strip())
    html = "\n".join(
        "<p>{}</p>".format("<br>".join(escape(part.strip()) for part in block.splitlines()))
        for block in blocks
        if block.strip()
    )
    return clean(html)
