"""The one place where markup is cleaned, stored and declared safe (docs/security.md, R-CO)."""

import json
import re
import unicodedata
from collections.abc import Iterable
from html import escape as escaped
from html import unescape
from urllib.parse import urljoin

import nh3
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _

from statements.plain import collapse, has_many_marks

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
NUL = "\0"
# In JSON, where these stand in strings alone: nothing in it ends its element.
NO_MARKUP = {ord(one): f"\\u{ord(one):04x}" for one in "<>&  "}
BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "table", "pre", "hr", "br"}
BLOCKS |= {"thead", "tbody", "tr", "th", "td", "caption"}
VOID = {"br", "hr"}

PUBLIC_LENGTH = 60_000
STAFF_LENGTH = 300_000
# Cleaning takes time with the square of these, so they are capped before it runs.
MOST_NESTED = 100
MOST_TAGS = 5_000
MOST_ATTRIBUTES = 100
MOST_REFERENCES = 20_000
# As many as Unicode's Stream-Safe Text Format allows on one letter.
MOST_MARKS = 30
# How often cleaned markup is cleaned again until nothing changes; twice is nearly always enough.
ROUNDS = 5

# HTML's white space is not Python's: U+00A0 may stand in a tag's or an attribute's name.
TAG = re.compile(r"<(/?)([a-zA-Z][^\t\n\f\r />]*)")
ATTRIBUTE = re.compile(
    r"[\t\n\f\r /]*[^\t\n\f\r />][^\t\n\f\r />=]*"
    r"(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:\"[^\"]*\"|'[^']*'|[^\t\n\f\r >]*))?"
)
# Tags that never hold anything, and those that end where the next of their kind begins.
EMPTY = VOID | {"area", "base", "basefont", "bgsound", "col", "embed", "frame", "image", "img"}
EMPTY |= {"input", "keygen", "link", "meta", "param", "source", "track", "wbr"}
SELF_ENDING = {"p", "li", "dt", "dd", "tr", "td", "th", "option"}
# Left open, these go on in every block that follows.
FORMATTING = {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike"}
FORMATTING |= {"strong", "tt", "u"}
REFUSED_CHARACTERS = re.compile("[\x00\ud800-\udfff]")
# Controls, overrides of the writing direction, and interlinear annotation.
DROPPED_CHARACTERS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\u202d\u202e\ufff9-\ufffb]")
# NFC would melt this mark and the tag before it into one letter.
MARK_AFTER_TAG = re.compile("(?<=>)\u0338+")


class MarkupRefused(ValidationError):
    """The markup is too long, too deep, or holds what no text holds."""


class CleanHTML(str):
    """Markup that has been through `clean`."""

    __slots__ = ()


def check(html: str, longest: int = STAFF_LENGTH) -> None:
    """Raise MarkupRefused for what must not even reach the cleaner (R-CO3).

    It takes time in proportion to the length, whatever stands in it.
    """
    if REFUSED_CHARACTERS.search(html):
        raise MarkupRefused(_("The text holds a NUL or a broken character."), code="characters")
    if len(html) > longest:
        raise MarkupRefused(
            _("The text is too long: %(length)d characters, where %(most)d are possible.")
            % {"length": len(html), "most": longest},
            code="length",
        )
    if has_many_marks(html, MOST_MARKS):
        raise MarkupRefused(_("The text has too many marks on one letter."), code="characters")
    if html.count("&") > MOST_REFERENCES or _is_overgrown(html):
        raise MarkupRefused(
            _("The text's markup is nested too deeply or has too many tags."), code="markup"
        )


def _is_overgrown(html: str) -> bool:
    """Whether there are too many tags, too deep, or with too many attributes.

    Everything that looks like a tag counts, in comments and attributes too: the estimate may
    be too high for odd markup, and is never too low.
    """
    still_open: list[str] = []
    scanned = 0
    for count, match in enumerate(TAG.finditer(html), start=1):
        is_end, name = bool(match.group(1)), match.group(2).lower()
        attributes, end = 0, match.end()
        while attributes <= MOST_ATTRIBUTES and (found := ATTRIBUTE.match(html, end)):
            attributes, end = attributes + 1, found.end()
        scanned += end - match.end()
        if is_end:
            _close(still_open, name)
        elif name not in EMPTY:
            if still_open and still_open[-1] == name and name in SELF_ENDING:
                still_open.pop()
            still_open.append(name)
        if (
            count > MOST_TAGS
            or len(still_open) > MOST_NESTED
            or attributes > MOST_ATTRIBUTES
            or scanned > 3 * len(html)
        ):
            return True
    return False


def _close(still_open: list[str], name: str) -> None:
    """An end tag ends what stands open in its element, but for formatting, which goes on."""
    if name in still_open:
        at = len(still_open) - 1 - still_open[::-1].index(name)
        still_open[at:] = [one for one in still_open[at + 1 :] if one in FORMATTING]


def _tidy(html: str) -> str:
    text = MARK_AFTER_TAG.sub("", DROPPED_CHARACTERS.sub("", normalize_newlines(html)))
    return unicodedata.normalize("NFC", text)


def clean(html: str, longest: int = STAFF_LENGTH) -> CleanHTML:
    """Markup with the allowed tags and attributes only; cleaning twice changes nothing.

    Raises MarkupRefused. Unknown tags are unwrapped, dangerous ones go with their content.
    What cleaning brings to light, as an encoded control character, is cleaned again: markup
    that does not come to rest, or that grows beyond the limits, is refused.
    """
    if isinstance(html, CleanHTML):
        return html
    check(html, longest)
    text = _tidy(html)
    for _round in range(ROUNDS):
        cleaned = _cleaned(text)
        if cleaned == text:
            return CleanHTML(cleaned)
        check(cleaned, longest)
        text = _tidy(cleaned)
    raise MarkupRefused(_("The text's markup cannot be made sense of."), code="markup")


def _cleaned(text: str, **more: object) -> str:
    return nh3.clean(
        text,
        tags=TAGS,
        attributes=ATTRIBUTES,
        clean_content_tags=DROPPED_WITH_CONTENT,
        url_schemes=SCHEMES,
        link_rel=LINK_REL,
        strip_comments=True,
        **more,
    ).strip()


def shown(html: str) -> CleanHTML:
    """Stored markup, cleaned once more; where it is refused, its source as words.

    Only what was written past the fields can be refused here, and a page shows it harmless.
    """
    try:
        return clean(str(html))
    except MarkupRefused:
        return CleanHTML(escape(REFUSED_CHARACTERS.sub("", str(html))))


class HTMLField(models.TextField):
    """Rich text, cleaned whenever it is stored: by forms, imports and bulk writes alike."""

    def clean(self, value: object, model_instance: models.Model | None) -> object:
        value = super().clean(value, model_instance)
        return clean(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> object:
        value = super().pre_save(model_instance, add)
        self._refuse_uncleaned(value)
        if isinstance(value, str):
            value = clean(value)
            setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: object, connection: object) -> object:
        if isinstance(value, str):
            value = str.__str__(clean(value))
        return super().get_db_prep_save(value, connection)

    def get_placeholder(self, value: object, compiler: object, connection: object) -> str:
        """Called for every value of an UPDATE: the place to refuse what nobody cleaned."""
        self._refuse_uncleaned(value)
        return "%s"

    def _refuse_uncleaned(self, value: object) -> None:
        """An expression may copy what another such field holds, and nothing else."""
        if not hasattr(value, "resolve_expression"):
            return
        if not isinstance(getattr(value, "_output_field_or_none", None), HTMLField):
            raise FieldError(f"{self.name} takes words, or the words of another rich text.")


def safe_html(html: str) -> SafeString:
    """Cleaned once more and declared safe: for showing stored rich text."""
    return mark_safe(shown(html))  # noqa: S308 - cleaned in this line


def with_whole_addresses(html: str, base: str) -> SafeString:
    """Rich text that may leave its page: cleaned, its links whole instead of relative to `base`."""
    cleaned = shown(html)
    if "href=" in cleaned:
        cleaned = _cleaned(cleaned, url_relative=lambda address: urljoin(base, address))
    return mark_safe(cleaned)  # noqa: S308 - cleaned in these lines


def filled(rows: Iterable[tuple[str, ...]]) -> SafeString:
    """What `format_html_join` makes of plain words, for hundreds of rows: (form, word, …).

    Forms are constants of the code, with as many braces as there are words, and no numbers in them;
    a word is escaped even if it was declared safe.
    """
    rows = list(rows)
    words = [str(word) for _form, *some in rows for word in some]
    # All of them at once: to escape each takes five times as long.
    if (joined := NUL.join(words)).count(NUL) >= len(words):
        joined = NUL.join(word.replace(NUL, "") for word in words)
    forms = "".join(form for form, *_words in rows)
    return mark_safe(forms.format(*escaped(joined).split(NUL)))  # noqa: S308 - escaped in this line


HEADING = re.compile(r"<(/?)h([1-6])\b")


def lowered(html: str, levels: int) -> SafeString:
    """Markup with its headings further down, to stand under another heading; words are escaped."""

    def further_down(found: re.Match) -> str:
        return f"<{found[1]}h{min(int(found[2]) + levels, 6)}"

    return mark_safe(HEADING.sub(further_down, conditional_escape(html)))  # noqa: S308


def linked_data(data: list[dict]) -> SafeString:
    """JSON-LD in a page: a data block, which `json_script` would give another type."""
    words = json.dumps(data, ensure_ascii=False).translate(NO_MARKUP)
    return mark_safe(f'<script type="application/ld+json">{words}</script>')  # noqa: S308


# In what `clean` has just written all that is no tag is escaped, and quotation marks in values.
PIECE = re.compile(r'<(/?)([a-z][a-z0-9]*)(?:[^>"]|"[^"]*")*>|[^<]+')


def pieces(html: str) -> list[tuple[str, str, str]]:
    """Split markup, cleaned first, into (kind, tag, text): "open", "close", "void" or "text".

    The tags are safe strings, the texts are unescaped.
    """
    found = []
    for piece in PIECE.finditer(shown(html)):
        is_end, tag = piece.groups()
        if tag:
            kind = "close" if is_end else "void" if tag in VOID else "open"
            found.append((kind, tag, mark_safe(piece[0])))  # noqa: S308 - cleaned above
        else:
            found.append(("text", "", unescape(piece[0])))
    return found


BORDER = re.compile(rf'</?(?:{"|".join(sorted(BLOCKS))})\b(?:[^>"]|"[^"]*")*>')
ANY_TAG = re.compile(r'<(?:[^>"]|"[^"]*")*>')


def words_of(html: str) -> str:
    """The words of stored rich text, a line feed at each border of a block.

    What is stored has been cleaned, and is not cleaned again: for what is escaped like other words,
    and has nothing to conceal.
    """
    return unescape(ANY_TAG.sub("", BORDER.sub("\n", html)))


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
    blocks = re.split(r"\n(?:[ \t]*\n)+", normalize_newlines(text).strip())
    html = "\n".join(
        "<p>{}</p>".format("<br>".join(escape(part.strip()) for part in block.splitlines()))
        for block in blocks
        if block.strip()
    )
    return clean(html)
