"""What every public page says of itself and its languages, and how words are shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache
from urllib.parse import urlsplit

from babel.lists import format_list
from django import template
from django.conf import settings
from django.db.models import Model
from django.template import Context
from django.urls import get_script_prefix, reverse, translate_url
from django.utils.encoding import uri_to_iri
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.http import escape_leading_slashes
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from statements import languages, markup
from statements.absolute import absolute
from statements.dates import PartialDate
from statements.exports.document import Line
from statements.models import Demand, Event, OrganisationName, Person
from statements.models.update import Update
from statements.reading import amounts, list_markup

# Its mark is in the sprite of the page.
STATE = (
    '<span class="state"><svg class="mark" viewBox="0 0 12 12" aria-hidden="true"'
    ' focusable="false"><use href="#m-{}"/></svg> {}</span>'
)

register = template.Library()
register.filter("safe_html", markup.safe_html)
register.filter("hits", list_markup.hits)
register.filter("record_hits", list_markup.record_hits)
register.filter("facets", list_markup.facets)
register.filter("choices", list_markup.choices)
register.filter("issuer", list_markup.issuer)
register.filter("direction", languages.direction)
register.filter("language_name", languages.name)
register.filter("own_language_name", languages.own_name)
register.filter("statements_counted", amounts.statements)
register.filter("organisations_counted", amounts.organisations)
register.filter("grouped", amounts.grouped)
register.filter("absolute", absolute)
register.filter("linked_data", markup.linked_data)
# An address as a person reads and types it: letters of every script instead of their bytes.
register.filter("letters_of_address", uri_to_iri)


@register.filter
def partial_date(value: PartialDate | date | None) -> SafeString:
    """A partial date or a day in words, its day, month or year machine-readable."""
    if not value:
        return format_html("")
    if isinstance(value, date):
        value = PartialDate.of(value)
    return format_html(*list_markup.dated(value))


@register.filter
def period(event: Event) -> SafeString:
    """When an event happened, in words: "9 August 2020 to May 2021", "since 9 August 2020"."""
    if event.is_ongoing and event.start and not event.end:
        return _since(event.start)
    return _between(event.start, event.end)


@register.filter
def name_period(name: OrganisationName) -> SafeString:
    """When a name was used: "since 1991", "1991 to 2004", "until 2004"."""
    start, end = name.used_from, name.used_until
    return _since(start) if start and not end else _between(start, end)


def _since(day: PartialDate) -> SafeString:
    return format_html(pgettext("period", "since %(day)s") % {"day": "{}"}, partial_date(day))


def _between(start: PartialDate | None, end: PartialDate | None) -> SafeString:
    if start and end and start != end:
        words = pgettext("period", "%(start)s to %(end)s") % {"start": "{0}", "end": "{1}"}
        return format_html(words, partial_date(start), partial_date(end))
    if end and not start:
        return format_html(pgettext("period", "until %(day)s") % {"day": "{}"}, partial_date(end))
    return partial_date(start)


@register.filter
def em(height: int) -> str:
    """A height of statements/reading/timeline_drawing.py, by the size of the drawing's letters."""
    return f"{height / 14:.2f}em"


@register.filter
def site_host(address: str) -> str:
    """What of an address tells whose site it is."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


@register.filter
def day(value: object) -> SafeString:
    """A day or a moment as a day in words."""
    if not value:
        return format_html("")
    return format_html(
        '<time datetime="{}">{}</time>', value.strftime("%Y-%m-%d"), date_format(value)
    )


@register.filter
def language_names(tags: Iterable[str]) -> str:
    """Names of languages as a list in words: "French, Russian and Arabic"."""
    names = [languages.name(tag) for tag in tags]
    return format_list(names, locale=languages.locale(get_language() or settings.LANGUAGE_CODE))


@register.simple_tag
def in_language(words: str, language: str, tag: str = "bdi") -> SafeString:
    """Words with their own language and direction, whatever stands around them."""
    return format_html(
        '<{0} lang="{1}" dir="{2}">{3}</{0}>', tag, language, languages.direction(language), words
    )


@register.simple_tag
def in_some_language(words: str, language: str) -> SafeString:
    """Words with their language where one is known, and set apart from what is around them."""
    return in_language(words, language) if language else format_html("<bdi>{}</bdi>", words)


@register.filter
def linked(line: Line) -> SafeString:
    """A line of a document, leading where it leads."""
    words = in_some_language(line.words, line.language)
    if line.address and line.address == line.words:
        words = format_html('<bdi dir="ltr">{}</bdi>', uri_to_iri(line.words))
    return format_html('<a href="{}">{}</a>', line.address, words) if line.address else words


@register.filter
def in_a_row(lines: Iterable[Line]) -> SafeString:
    between = pgettext("between the entries of a short list", ", ")
    return format_html_join(between, "{}", ((linked(line),) for line in lines))


@register.simple_tag
def invented() -> SafeString:
    """The mark of invented content. No fragment, as below: a page has very many."""
    return _invented(_("Invented example"))


@cache
def _invented(words: str) -> SafeString:
    return format_html(list_markup.INVENTED, words)


@register.simple_tag
def state(record: Demand | Person | Update, *, undated: bool = False) -> SafeString:
    """What became of a demand or a person, or an update of it: a mark, a word, a date."""
    words = format_html(STATE, record.state, capfirst(record.get_state_display()))
    since = None if undated else getattr(record, "state_date", None)
    if not since:
        return words
    return format_html('{} <span class="as-of">{}</span>', words, partial_date(since))


@register.simple_tag(takes_context=True)
def canonical_url(context: Context, address: str = "") -> str:
    """The page's one address: on the site's own host, without the interface's language.

    A page whose address has a query that belongs to it gives its own path and query.
    """
    path = context["request"].path if "request" in context else "/"
    return absolute(address or path)


@register.simple_tag(takes_context=True)
def language_alternates(context: Context, address: str = "") -> list[tuple[str, str]]:
    """(language, address) of a page whose words are the interface's, in each of its languages."""
    path = translate_url(address or context["request"].path, settings.LANGUAGE_CODE)
    found = [
        (code, path if code == settings.LANGUAGE_CODE else f"/{code}{path}")
        for code, _name in settings.LANGUAGES
    ]
    # Not `absolute`, which takes the language away.
    return [(code, settings.SITE_URL + one) for code, one in [*found, ("x-default", path)]]


@register.simple_tag
def absolute_url(record: Model) -> str:
    """A record's one address, whatever the interface's language is now."""
    return absolute(record.get_absolute_url())


@register.simple_tag(takes_context=True)
def main_navigation(context: Context) -> list[dict]:
    path = context["request"].path
    entries = _navigation(
        get_language(), get_script_prefix(), takes_submissions=bool(context["takes_submissions"])
    )
    return [
        {
            "url": url,
            "label": label,
            "is_current": "page" if path == url else "true" if path.startswith(url) else "",
        }
        for url, label in entries
    ]


@lru_cache(100)
def _navigation(
    _language: str | None, _prefix: str, *, takes_submissions: bool
) -> tuple[tuple[str, str], ...]:
    entries = (
        ("pages:statement_list", _("Statements")),
        ("pages:event_list", _("Events")),
        ("pages:demand_list", _("Demands")),
        ("pages:organisation_list", _("Organisations")),
        ("pages:person_list", _("People")),
        ("pages:search", _("Search")),
    )
    if takes_submissions:
        entries += (("submissions:submit", pgettext("navigation", "Submit")),)
    return tuple((reverse(name), label) for name, label in entries)


@register.simple_tag(takes_context=True)
def interface_languages(context: Context) -> list[dict]:
    """Links to the same page in each language of the interface."""
    request = context["request"]
    path = request.get_full_path()
    # By the prefix alone, so that a page that was not found can be read in another language too.
    if request.path_info.startswith(f"/{request.LANGUAGE_CODE}/"):
        path = path.removeprefix(f"/{request.LANGUAGE_CODE}")
    # Two slashes at its beginning would lead to another site.
    path = escape_leading_slashes(path)
    return [
        {
            "code": code,
            "url": path if code == settings.LANGUAGE_CODE else f"/{code}{path}",
            "name": languages.own_name(code),
            "direction": languages.direction(code),
            "is_current": code == context.get("LANGUAGE_CODE", context["request"].LANGUAGE_CODE),
        }
        for code, _name in settings.LANGUAGES
    ]
