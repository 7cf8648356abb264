"""An event to carry away, in the language of the interface: `/events/<slug>.pdf` and `.epub`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page

from statements.exports import pdf
from statements.exports.document import Line
from statements.exports.dossier import Bounds, Dossier, dossier_of
from statements.exports.epub import Book, Chapter, pack
from statements.exports.keeping import Busy, kept_long
from statements.exports.statement import Format
from statements.exports.styles import style_sheet
from statements.reading.event import gathered

# As much as is set as PDF in some seconds; books are made much faster.
IN_PDF = Bounds(letters=100_000, entries=100, claims=150, claims_of_a_demand=8)
IN_EPUB = Bounds(letters=400_000, entries=600, claims=600, claims_of_a_demand=40)
# What a program that has to wait is told, in seconds.
RETRY_AFTER = 20


def _pdf(dossier: Dossier) -> bytes:
    overview, *chapters = chapters_of(dossier)
    context = {"dossier": dossier, "overview": overview, "chapters": chapters}
    html = render_to_string("exports/dossier.html", context)
    sheets = ("document.css", "document-pages.css", "dossier.css")
    style, address = "".join(map(style_sheet, sheets)), dossier.title.address
    return kept_long((pdf.version(), style, html), lambda: pdf.set_pages(html, style, address))


def _epub(dossier: Dossier) -> bytes:
    title = dossier.title
    book = Book(
        identifier=f"{title.address}#{dossier.modified.isoformat()}",
        title=title.words,
        language=dossier.language,
        label_language=dossier.language,
        creators=[dossier.site],
        publisher=dossier.site,
        address=title.address,
        modified=dossier.modified,
        chapters=list(chapters_of(dossier)),
        style=style_sheet("document.css"),
    )
    known = (book.identifier, book.title, book.language, book.publisher, book.style)
    made_of = ("EPUB", *known, *(chapter.html for chapter in book.files))
    return kept_long(made_of, lambda: pack(book))


FORMATS = {
    Format("pdf", "PDF", "application/pdf", _pdf, of="republishing:event"): IN_PDF,
    Format(
        "epub", "EPUB", "application/epub+zip", _epub, is_saved=True, of="republishing:event"
    ): IN_EPUB,
}


def formats() -> list[Format]:
    """Those that this machine can write."""
    return [form for form in FORMATS if form.extension != "pdf" or pdf.is_available()]


def event_as(form: Format) -> Callable[..., HttpResponse]:
    """The view that answers with an event in one format."""

    @conditional_page
    def event_file(request: HttpRequest, slug: str) -> HttpResponse:
        if form not in formats():
            raise Http404
        found = gathered(slug, words=True)
        if not found:
            raise Http404
        dossier = dossier_of(found, FORMATS[form])
        try:
            written = form.write(dossier)
        except Busy:
            return _busy(request)
        answer = HttpResponse(written, content_type=form.content_type)
        answer.headers["Content-Disposition"] = content_disposition_header(
            form.is_saved, f"{slug}.{form.extension}"
        )
        answer.headers["Link"] = f'<{dossier.title.address}>; rel="canonical"'
        answer.headers["X-Robots-Tag"] = "noindex"
        return answer

    return event_file


def _busy(request: HttpRequest) -> HttpResponse:
    answer = render(request, "exports/busy.html", status=503)
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


def chapters_of(dossier: Dossier) -> Iterator[Chapter]:
    """What is in it, in the order of its pages; of what there is nothing there is no chapter."""
    parts = [
        Chapter(
            f"statement-{one.text.statement_id}",
            Line(one.title, one.text.language),
            render_to_string("exports/_article.html", {"document": one.document}),
        )
        for one in dossier.statements
        if one.document
    ]
    context = {"dossier": dossier}
    html = render_to_string("exports/_dossier_overview.html", context)
    yield Chapter("overview", Line(dossier.title.words, dossier.title.language), html)
    for name, heading, content in (
        ("timeline", _("Timeline"), dossier.timeline.table),
        ("demands", _("Who demands what"), dossier.comparison.lines),
        ("people", _("People"), dossier.people),
        ("statements", _("Statements"), dossier.statements),
        ("sources", _("Sources"), dossier.sources),
    ):
        if content:
            html = render_to_string(f"exports/_dossier_{name}.html", context | {"heading": heading})
            yield Chapter(name, Line(heading), html, parts if name == "statements" else [])
