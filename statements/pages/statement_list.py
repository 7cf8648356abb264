"""The list of statements, with its filters and their counts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from statements.reading.facets import facets
from statements.reading.filters import Filters
from statements.reading.paging import statement_page
from statements.search.parsing import LONGEST


def statement_list(request: HttpRequest) -> HttpResponse:
    filters = Filters(request.GET)
    page = statement_page(
        filters.statements(), request.GET, filters.address, language=filters.language
    )
    context = {
        "page": page,
        "filters": filters,
        "found": facets(filters),
        "chosen": filters.chosen(),
        "follows": filters.follows if page.rows else None,
        "is_indexed": filters.is_indexed,
        "words": filters.typed.words[:LONGEST],
        "values": filters.values,
        "longest": LONGEST,
    }
    return render(request, "pages/statement_list.html", context)
