"""A statement in other places: copied with its credit, or shown there as a card (oEmbed 1.0)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import get_language_from_path
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from solidarity import csp
from statements.absolute import absolute
from statements.exports.document import Document, document_of, language_of_labels
from statements.exports.writing import Markdown, Plain, closing_of, write_words
from statements.models import FormerSlug, SiteText, Text

# A card, in the pixels of a page: as much as three lines of a title need on a telephone.
WIDTH, HEIGHT, NARROWEST = 480, 260, 240
A_DAY = 24 * 60 * 60
# Any site may show a card, and a card may do nothing but be read.
CARD = csp.PUBLIC | {"frame-ancestors": ["*"], "script-src": [csp.NONE], "connect-src": [csp.NONE]}


def _readable(slug: str) -> Text:
    texts = Text.objects.readable().select_related("statement__source", "live_revision")
    return get_object_or_404(texts, slug=slug)


@dataclass(frozen=True)
class Copy:
    """Something to be copied, and what it is called."""

    key: str
    label: str
    words: str
    language: str = ""


def _copies(text: Text) -> tuple[Document, list[Copy]]:
    """The text, and its words in each form, with the credit in the text's language."""
    with translation.override(language_of_labels(text)):
        document = document_of(text)
        context = {"document": document, "closing": closing_of(document)}
        html = render_to_string("exports/_words.html", context).strip()
        plain, marked = write_words(document, Plain()), write_words(document, Markdown())
    frame = frame_of(text, document.title, WIDTH, HEIGHT)
    return document, [
        Copy("text", _("Text"), plain, text.language),
        Copy("html", "HTML", html),
        Copy("markdown", "Markdown", marked),
        Copy("card", _("A card that shows the title and leads here, as HTML"), frame),
    ]


def republish(request: HttpRequest, slug: str) -> HttpResponse:
    """What there is to copy of a statement whose words may be shown."""
    text = get_object_or_404(Text.objects.published().select_related("statement"), slug=slug)
    if not text.statement.is_readable:
        return redirect(text)
    document, copies = _copies(_readable(slug))
    context = {"document": document, "text": document.text, "copies": copies}
    return render(request, "exports/republish.html", context)


@csp.csp_override(CARD)
@xframe_options_exempt
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """A statement's title, who issued it and when, to be shown in a page elsewhere."""
    text = _readable(slug)
    response = render(request, "exports/card.html", {"document": document_of(text), "text": text})
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def oembed(request: HttpRequest) -> HttpResponse:
    """What a page elsewhere has to write so that the card is shown in it (https://oembed.com)."""
    if request.GET.get("format", "json") != "json":
        return HttpResponse(status=501)
    text = _readable(_slug_of(request.GET.get("url", "")))
    width = max(_number(request.GET.get("maxwidth"), WIDTH), NARROWEST)
    height = _number(request.GET.get("maxheight"), HEIGHT)
    document = document_of(text)
    answer = JsonResponse(
        {
            "version": "1.0",
            "type": "rich",
            "title": document.title,
            "author_name": ", ".join(author.words for author in document.authors),
            "provider_name": SiteText.objects.for_language().name,
            "provider_url": absolute("/"),
            "cache_age": A_DAY,
            "width": width,
            "height": height,
            "html": frame_of(text, document.title, width, height),
        }
    )
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def oembed_address(text: Text) -> str:
    query = urlencode({"url": absolute(text.get_absolute_url())})
    return f"{absolute(reverse('exports:oembed'))}?{query}"


def frame_of(text: Text, title: str, width: int, height: int) -> str:
    """The element that shows a card; what is in it may open pages and do nothing else."""
    return format_html(
        '<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy"'
        ' sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>',
        absolute(reverse("republishing:card", args=[text.slug])),
        width,
        height,
        title,
    )


def _slug_of(address: str) -> str:
    """Of the address of a statement here, at present or formerly. Raises Http404."""
    try:
        there, here = urlsplit(address), urlsplit(settings.SITE_URL)
        language = get_language_from_path(there.path) or settings.LANGUAGE_CODE
        with translation.override(language):
            match = resolve(unquote(there.path))
    except (Resolver404, ValueError):
        raise Http404 from None
    if (there.scheme, there.netloc) != (here.scheme, here.netloc) or (
        match.view_name != "pages:statement"
    ):
        raise Http404
    slug = match.kwargs["slug"]
    return FormerSlug.objects.current(FormerSlug.Noun.TEXT, slug) or slug


def _number(value: str | None, most: int) -> int:
    """What was asked for, and never more than `most`."""
    is_number = value and value.isascii() and value.isdigit() and len(value) < 6
    return min(int(value), most) if is_number else most
