"""The comparison of demands as a table to carry away: the words and numbers of the page."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import conditional_page

from statements import spreadsheets
from statements.absolute import absolute
from statements.models import FormerSlug
from statements.pages.addresses import follows_former
from statements.pages.event import found_or_404
from statements.reading.claims import Claim, Words
from statements.reading.comparison import Comparison, Line
from statements.reading.event import comparison_of

COLUMNS = (
    *("kind", "demand", "demand_language", "demand_address", "organisation_count"),
    *("only_one_organisation", "voice", "organisations", "words", "language", "version"),
    *("raised", "statement", "statement_language", "statement_address", "invented_example"),
)
# Between the organisations of a joint statement.
BETWEEN = " | "


@conditional_page
@follows_former(FormerSlug.Noun.EVENT)
def event_csv(request: HttpRequest, slug: str) -> HttpResponse:
    comparison = comparison_of(found_or_404(slug, words=True))
    answer = HttpResponse(
        spreadsheets.table(rows_of(comparison)), content_type="text/csv; charset=utf-8"
    )
    name = content_disposition_header(True, f"{slug}.csv")
    answer.headers["Content-Disposition"] = name
    page = absolute(reverse("pages:event_comparison", args=[slug]))
    answer.headers["Link"] = f'<{page}>; rel="canonical"'
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def rows_of(comparison: Comparison) -> Iterator[tuple]:
    """A row for each quotation, and one for a demand that is made without words to quote."""
    yield COLUMNS
    for line in comparison.lines:
        address = absolute(line.demand.get_absolute_url())
        for claim in line.all_claims:
            for words in claim.words or [None]:
                yield _row(line, address, claim, words)


def _row(line: Line, address: str, claim: Claim, words: Words | None) -> tuple:
    demand = line.demand
    return (
        demand.kind,
        demand.name_shown,
        demand.name_language,
        address,
        line.organisation_count,
        "yes" if line.is_only and not claim.is_of_editors else "no",
        claim.voice,
        "" if claim.is_of_editors else BETWEEN.join(one.name for one in claim.speakers.values()),
        words.words if words else "",
        words.language if words else "",
        words.version if words else "",
        claim.day.notation,
        claim.title,
        claim.text.language,
        absolute(words.url if words else claim.url),
        "yes" if claim.statement.is_example or demand.is_example else "no",
    )
