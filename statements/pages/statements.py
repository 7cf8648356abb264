from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from statements.models import FormerSlug, Text
from statements.pages.addresses import follows_former
from statements.pages.corrections import notice
from statements.reading import linked
from statements.reading.statement import read


@follows_former(FormerSlug.Noun.TEXT)
def statement(request: HttpRequest, slug: str) -> HttpResponse:
    texts = Text.objects.published().dated().select_related("statement__source", "live_revision")
    text = get_object_or_404(texts, slug=slug)
    if not text.statement.is_readable:
        return notice(request, text)
    reading = read(text)
    context = {
        "reading": reading,
        "text": reading.text,
        "linked": linked.of_statement(reading, text.public_since),
    }
    return render(request, "pages/statement.html", context)
