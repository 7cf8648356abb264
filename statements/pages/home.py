"""The first page: what this site is about, at once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from statements.models import Demand, DemandAsMade, Event, Quotation, Statement
from statements.naming import conceal
from statements.pages.events import with_counts
from statements.reading.rows import Names, Row, names_concealed, rows_of, with_links
from statements.reading.world import world_of_all

STATEMENTS, DEMANDS, EVENTS = 6, 6, 8


def home(request: HttpRequest) -> HttpResponse:
    newest = Statement.objects.current().select_related("source").newest_first()
    statements = with_links(list(newest[:STATEMENTS]))
    names = names_concealed(statements)
    rows = rows_of(statements, names)
    # As the list of demands is sorted; what has no day at all stands there alone.
    moved = Demand.objects.readable().filter(changed_on__isnull=False)
    moved = moved.order_by("-changed_on", "-pk")
    events = Event.objects.readable().going_on().newest_first()
    context = {
        "rows": rows,
        "says": _own_words(rows[0], names) if rows else "",
        "demands": moved.named().counted().to_somebody().with_people()[:DEMANDS],
        "events": with_counts(events.named()[:EVENTS]),
        "world": world_of_all() if rows else None,
    }
    return render(request, "pages/home.html", context)


def _own_words(row: Row, names: Names) -> str:
    """A demand of the organisation in its own words, in the text that the row shows."""
    quotation = (
        Quotation.objects.readable()
        .filter(text=row.text, made__voice=DemandAsMade.Voice.ORGANISATION)
        .order_by("made__position", "pk")
        .first()
    )
    if not quotation:
        return ""
    return conceal(quotation.words, names["text"].get(row.text.pk, []))
