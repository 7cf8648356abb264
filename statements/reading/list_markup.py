"""Markup of what a page has very many of: filled into constants, since a template takes several
times as long.

Whatever is filled in is escaped (`markup.filled`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from statements import languages
from statements.dates import AFTER, BEFORE, PartialDate
from statements.markup import filled
from statements.reading.facets import Choice, Facet
from statements.reading.hits import Hit, RecordHit
from statements.reading.rows import Author
from statements.search.highlighting import Piece

# A form with the words that it is filled with.
Part = tuple[str, ...]

MARKED = '<mark class="hit">{}</mark>'
INVENTED = '<span class="sample">{}</span>'
IN_LANGUAGE = '<bdi lang="{}" dir="{}">{}</bdi>'
TIME = '<time datetime="{}">{}</time>'


def hits(found: Iterable[Hit]) -> SafeString:
    """Texts that were found."""
    return filled(part for one in found for part in _hit(one))


def _hit(one: Hit) -> Iterator[Part]:
    direction = languages.direction(one.language)
    day, *moment = dated(one.day)
    yield (
        f'<article class="row hit">\n<p class="meta dots"><span>{day}</span>'
        " <span>{}</span></p>\n"
        '<h3><a class="plain" href="{}" lang="{}" dir="{}" hreflang="{}">',
        *(*moment, languages.name(one.language)),
        *(one.url, one.language, direction, one.language),
    )
    yield from _pieces(one.title)
    yield ("</a></h3>\n",)
    if one.authors:
        yield from _issuers(one)
    if one.passage:
        yield '<p class="excerpt" lang="{}" dir="{}">', one.language, direction
        yield from _pieces(one.passage)
        yield ("</p>\n",)
    if one.needs_mark:
        yield f"<p>{INVENTED}</p>\n", _("Invented example")
    yield ("</article>\n",)


def _issuers(hit: Hit) -> Iterator[Part]:
    yield ('<ul class="by">',)
    for author in hit.authors:
        yield ("<li>",)
        yield from _issuer(author)
        if author.country:
            yield ' <span class="of">{}</span>', str(author.country)
        yield ("</li>",)
    if number := hit.more_authors:
        more = ngettext("and %(number)s more", "and %(number)s more", number)
        yield "<li>{}</li>", more % {"number": number}
    yield ("</ul>\n",)


def record_hits(found: Iterable[RecordHit]) -> SafeString:
    """Records that were found, as entries of a list."""
    return filled(part for one in found for part in _record_hit(one))


def _record_hit(one: RecordHit) -> Iterator[Part]:
    direction = languages.direction(one.language)
    yield '<li><a href="{}" lang="{}" dir="{}">', one.url, one.language, direction
    yield from _pieces(one.name)
    yield ("</a>",)
    if one.acronym:
        yield ' <bdi class="quiet">({})</bdi>', one.acronym
    if one.is_example:
        yield f" {INVENTED}", _("Invented example")
    yield ("</li>\n",)


def _pieces(found: Iterable[Piece]) -> Iterator[Part]:
    """Words of a text, those marked that were searched for."""
    return ((MARKED if one.is_found else "{}", one.text) for one in found)


def facets(found: Iterable[Facet]) -> SafeString:
    """What a list of statements can be narrowed by."""
    return filled(part for one in found for part in _facet(one))


def _facet(one: Facet) -> Iterator[Part]:
    yield f"<details{' open' if one.is_open else ''}><summary>{{}}</summary>\n", one.heading
    if one.note:
        yield '<p class="quiet">{}</p>\n', one.note
    yield ("<ul>",)
    yield from map(_choice, one.choices)
    yield ("</ul>\n",)
    if one.has_more:
        yield '<p class="quiet">{}', _("The most frequent ones.")
        if one.url:
            yield ' <a href="{}">{}</a>', one.url, _("All of them")
        yield ("</p>\n",)
    yield ("</details>\n",)


def choices(found: Iterable[Choice]) -> SafeString:
    """The values that a filter can take, as entries of a list."""
    return filled(_choice(one) for one in found)


def _choice(one: Choice) -> Part:
    form, *words = _in_language(one.words, one.language)
    current = ""
    if one.is_current:
        current = ' aria-current="true"'
        form += '<span class="hide">, {}</span>'
        words.append(_("remove this filter"))
    return (
        f'<li><a href="{{}}" rel="nofollow"{current}><span>{form}</span>'
        ' <span class="num quiet">{}</span></a></li>\n',
        *(one.url, *words, str(one.count)),
    )


def issuer(author: Author) -> SafeString:
    """An organisation, or a name that is only printed."""
    return filled(_issuer(author))


def _issuer(author: Author) -> Iterator[Part]:
    form, *words = _in_language(author.name, author.language)
    if author.url:
        yield f'<a class="plain" href="{{}}">{form}</a>', author.url, *words
    else:
        yield form, *words
    if author.acronym:
        yield ' <span class="acronym">(<bdi>{}</bdi>)</span>', author.acronym
    if author.is_example:
        yield f" {INVENTED}", _("Invented example")


def _in_language(words: str, language: str) -> Part:
    """Words set apart from what is around them, with their language where one is known."""
    if language:
        return IN_LANGUAGE, language, languages.direction(language), words
    return "<bdi>{}</bdi>", words


def dated(value: PartialDate) -> Part:
    """A partial date in words, its day, month or year machine-readable."""
    form = TIME
    if value.precision == BEFORE:
        form = pgettext("partial date", "before %(day)s") % {"day": TIME}
    elif value.precision == AFTER:
        form = pgettext("partial date", "after %(day)s") % {"day": TIME}
    return form, value.notation.rpartition(" ")[2], value.exact
