"""A statement to carry away, in the formats of `FORMATS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import conditional_page

from statements import genuine
from statements.exports import pdf
from statements.exports.document import Document, document_of, language_of_labels
from statements.exports.epub import epub_of
from statements.exports.writing import Markdown, Plain, write
from statements.models import Text


@dataclass(frozen=True)
class Format:
    extension: str
    name: str | Promise
    content_type: str
    write: Callable[..., str | bytes]
    is_saved: bool = False
    of: str = "exports:statement"

    @property
    def view(self) -> str:
        return f"{self.of}_{self.extension}"

    @property
    def type(self) -> str:
        return self.content_type.partition(";")[0]


def _page(document: Document) -> str:
    return render_to_string("exports/statement.html", {"document": document})


def _pdf(document: Document) -> bytes:
    return genuine.marked(pdf.pdf_of(document), document.revision, document.hidden)


FORMATS = (
    Format("pdf", "PDF", "application/pdf", _pdf),
    Format("epub", "EPUB", "application/epub+zip", epub_of, is_saved=True),
    Format("txt", _("Text"), "text/plain; charset=utf-8", lambda one: write(one, Plain())),
    Format("md", "Markdown", "text/markdown; charset=utf-8", lambda one: write(one, Markdown())),
    Format("html", "HTML", "text/html; charset=utf-8", _page),
)


def formats() -> list[Format]:
    """Those that this machine can write."""
    return [form for form in FORMATS if form.extension != "pdf" or pdf.is_available()]


def statement_as(form: Format) -> Callable[..., HttpResponse]:
    """The view that answers with a statement in one format.

    A statement whose words are no longer shown leads to its notice.
    """

    @conditional_page
    def statement_file(request: HttpRequest, slug: str) -> HttpResponse:
        texts = Text.objects.published().select_related("statement__source", "live_revision")
        text = get_object_or_404(texts, slug=slug)
        if not text.statement.is_readable:
            return redirect(text)
        with translation.override(language_of_labels(text)):
            document = document_of(text)
            try:
                written = form.write(document)
            except pdf.NoEngine:
                raise Http404 from None
        answer = HttpResponse(written, content_type=form.content_type)
        answer.headers["Content-Disposition"] = content_disposition_header(
            form.is_saved, f"{slug}.{form.extension}"
        )
        # The page is what search engines show.
        answer.headers["Link"] = f'<{document.address}>; rel="canonical"'
        answer.headers["X-Robots-Tag"] = "noindex"
        return answer

    return statement_file
