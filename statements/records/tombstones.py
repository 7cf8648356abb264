"""Statements that were taken back, for programs: what became of them, and no words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from statements.absolute import id_of
from statements.models import Correction, Statement, Text
from statements.reading.corrections import Notice, notices_of
from statements.records.shapes import api_address, here
from statements.records.statement_fields import Tombstone
from statements.records.statements import corrections_of

TAKING_BACK = (
    Correction.Kind.WITHDRAWAL,
    Correction.Kind.RETRACTION,
    Correction.Kind.TAKE_DOWN,
)


def tombstones(statements: Iterable[Statement]) -> list[Tombstone]:
    """Those of statements that were taken back, in a fixed number of queries."""
    found = list(statements)
    texts: dict[int, list[Text]] = defaultdict(list)
    rows = Text.objects.published().filter(statement__in=found).select_related("statement")
    for text in rows.order_by("-is_leading", "pk"):
        texts[text.statement_id].append(text)
    notices = notices_of([some[0] for some in texts.values()])
    return [
        Tombstone(
            id=id_of("statement", one.pk),
            url=_page(one, texts[one.pk][0]),
            api=api_address("tombstone", str(one.pk)),
            standing=one.standing,
            at=_at(notices[one.pk], texts[one.pk]),
            texts=[id_of("text", text.pk) for text in texts[one.pk]],
            authors=[author.name for author in notices[one.pk].authors],
            corrections=corrections_of(notices[one.pk].corrections, []),
        )
        for one in found
    ]


def _at(notice: Notice, texts: list[Text]) -> datetime:
    """When it was taken back, as the register says; an import of older records may lack that."""
    entries = (one.at for one in notice.corrections if one.kind in TAKING_BACK)
    return next(entries, max(text.changed_at for text in texts))


def _page(statement: Statement, text: Text) -> str:
    """Of what was taken down the address could tell something: the register says why."""
    is_down = statement.standing == Statement.Standing.TAKEN_DOWN
    return here(reverse("pages:correction_list") if is_down else text.get_absolute_url())
