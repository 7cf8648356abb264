"""The answer with the picture that is shown where a statement's address is shared."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation
from django.views.decorators.http import conditional_page

from statements.exports import lettering
from statements.exports.document import Document, document_of, language_of_labels
from statements.exports.keeping import kept
from statements.exports.picture import picture_of
from statements.models import Text
from statements.reading.rows import day_of


@conditional_page
def picture(request: HttpRequest, slug: str) -> HttpResponse:
    """A statement whose words are no longer shown leads to its notice."""
    texts = Text.objects.published().select_related("statement__source", "live_revision")
    text = get_object_or_404(texts, slug=slug)
    if not text.statement.is_readable:
        return redirect(text)
    with translation.override(language_of_labels(text)):
        document, day = document_of(text), str(day_of(text.statement))
        written = kept(_made_of(document, day), lambda: picture_of(document, day))
    answer = HttpResponse(written, content_type="image/png")
    answer.headers["Link"] = f'<{document.address}>; rel="canonical"'
    answer.headers["X-Robots-Tag"] = "noindex"
    # It is there to be shown elsewhere.
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _made_of(document: Document, day: str) -> tuple[str, ...]:
    """All that stands in a picture, and whether words can be drawn here."""
    engine = "words" if lettering.engine() else "plain"
    example = "invented" if document.is_example else ""
    languages = (document.text.language, document.language)
    authors = (author.words for author in document.authors)
    return ("PNG", engine, document.title, day, document.site, example, *languages, *authors)
