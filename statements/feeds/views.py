"""Feeds: of the site, of the register of corrections, and of every record that can be followed."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page

from statements import languages
from statements.absolute import absolute, id_of
from statements.feeds import corrections, texts, updates
from statements.feeds.entries import Entry, Feed, Writer, latest
from statements.feeds.formats import FORMATS
from statements.models import Demand, Person, SiteText, Statement
from statements.models.base import Linked
from statements.reading.filters import Filters
from statements.reading.persons import statements_about


@conditional_page
def statements(request: HttpRequest, format: str) -> HttpResponse:
    found = texts.entries_of(texts.texts_of())
    return _answer(request, format, "statements", reverse("pages:home"), found)


@conditional_page
def correction_list(request: HttpRequest, format: str) -> HttpResponse:
    page = reverse("pages:correction_list")
    return _answer(request, format, "corrections", page, corrections.entries(), _("Corrections"))


def organisation(request: HttpRequest, slug: str, format: str) -> HttpResponse:
    return _filtered(request, "organisation", slug, format)


def event(request: HttpRequest, slug: str, format: str) -> HttpResponse:
    return _filtered(request, "event", slug, format)


def tag(request: HttpRequest, slug: str, format: str) -> HttpResponse:
    return _filtered(request, "tag", slug, format)


def place(request: HttpRequest, code: str, format: str) -> HttpResponse:
    return _filtered(request, "place", code, format)


@conditional_page
def language(request: HttpRequest, tag: str, format: str) -> HttpResponse:
    filters = Filters({"language": tag})
    found = texts.texts_of(_followed(), language=tag)
    if not found or filters.values != {"language": tag}:
        raise Http404
    page = filters.address()
    name = languages.name(tag)
    return _answer(request, format, f"language-{tag}", page, texts.entries_of(found), name)


@conditional_page
def demand(request: HttpRequest, slug: str, format: str) -> HttpResponse:
    demand = get_object_or_404(Demand.objects.readable().named().with_people(), slug=slug)
    return _of_record(request, format, demand, updates.of_demand(demand))


@conditional_page
def person(request: HttpRequest, slug: str, format: str) -> HttpResponse:
    """What became of somebody, and the statements that name them or make a demand about them."""
    person = get_object_or_404(Person.objects.readable().named().at(slug))
    if slug != person.address:
        return redirect("feeds:person", person.address, format, permanent=True)
    statements = statements_about(person).order_by()
    found = texts.entries_of(texts.texts_of(statements))
    return _of_record(request, format, person, [*updates.of_person(person), *found])


@conditional_page
def _filtered(request: HttpRequest, kind: str, value: str, format: str) -> HttpResponse:
    """The statements with one link, in the words and under the gates of the list of statements."""
    filters = Filters({kind: value})
    if filters.unknown or kind not in filters.labels:
        raise Http404
    label = filters.labels[kind]
    found = texts.entries_of(texts.texts_of(filters.statements(_followed())))
    page = reverse(f"pages:{kind}", args=[value])
    name = label.words
    return _answer(request, format, f"{kind}-{label.key}", page, found, name, label.language)


def _followed() -> QuerySet[Statement]:
    """What was taken down is in no feed but the site's: to stand in another would tell of it."""
    return Statement.objects.published().exclude(standing=Statement.Standing.TAKEN_DOWN)


def _of_record(
    request: HttpRequest, format: str, record: Linked, entries: list[Entry]
) -> HttpResponse:
    key = f"{record._meta.model_name}-{record.pk}"
    name, language = record.name_shown, record.name_language
    return _answer(request, format, key, record.get_absolute_url(), entries, name, language)


def _answer(
    request: HttpRequest,
    format: str,
    key: str,
    page: str,
    entries: list[Entry],
    name: str = "",
    language: str = "",
) -> HttpResponse:
    site = SiteText.objects.for_language().name
    feed = Feed(
        id=id_of("feed", key),
        title=_("%(name)s · %(site)s") % {"name": name, "site": site} if name else site,
        language=language or get_language() or settings.LANGUAGE_CODE,
        page=absolute(page),
        entries=latest(entries),
        site=Writer(site, absolute(reverse("pages:home"))),
    )
    kind = FORMATS[format]
    written = kind.write(feed, absolute(request.path))
    # No Last-Modified: what is taken out of a feed leaves the others, which are older, in it.
    # nosemgrep: asked-for-as-page - by a writer of XML, or as JSON
    return HttpResponse(written, content_type=f"{kind.type}; charset=utf-8")
