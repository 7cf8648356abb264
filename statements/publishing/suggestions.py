"""Demands with the words that make them, and what becomes of an import's suggestions."""

from __future__ import annotations

from django.db import transaction

from statements.models import Demand, DemandAsMade, Quotation, Suggestion, Text
from statements.publishing import links, wording


class NotInText(Exception):
    """A quotation's words do not stand in the text."""


@transaction.atomic
def make_demand(
    text: Text, demand: Demand, *, voice: str, field: str, words: str, position: int = 0
) -> DemandAsMade:
    """A text's statement makes a demand in a voice, in these very words. Raises NotInText."""
    if not wording.contains(text.working_revision, field, words):
        raise NotInText(words)
    made, _created = DemandAsMade.objects.get_or_create(
        statement=text.statement, demand=demand, voice=voice, defaults={"position": position}
    )
    Quotation.objects.get_or_create(made=made, text=text, field=field, words=words)
    return made


@transaction.atomic
def take_over(suggestion: Suggestion, demand: Demand, *, voice: str = "") -> DemandAsMade:
    """An editor says which demand a suggestion is; it is settled with that.

    Raises NotInText where the words were edited in between.
    """
    statement = suggestion.statement
    text = statement.texts.select_related("working_revision").get(is_leading=True)
    made = make_demand(
        text,
        demand,
        voice=voice or suggestion.voice,
        field=suggestion.field,
        words=suggestion.words,
        position=statement.demands_made.count(),
    )
    suggestion.delete()
    links.links_changed(statement)
    return made
