"""What became of statements after publication: the public register, and the notice that stays."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from statements.models import Correction, Text
from statements.reading.corrections import entries_of, notice_of
from statements.reading.keyset import Part, page_of

ENTRIES_PER_PAGE = 30


def correction_list(request: HttpRequest) -> HttpResponse:
    corrections = Correction.objects.published().select_related("version__text", "statement")
    page = page_of(request, [Part(corrections, "-at")], ENTRIES_PER_PAGE)
    return render(
        request, "pages/correction_list.html", {"page": page, "entries": entries_of(page.rows)}
    )


def notice(request: HttpRequest, text: Text) -> HttpResponse:
    """What stands in place of words that are no longer shown."""
    context = {"text": text, "statement": text.statement, "notice": notice_of(text)}
    return render(request, "pages/notice.html", context)
