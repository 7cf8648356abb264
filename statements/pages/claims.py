"""Demands as statements make them: by whom, when, and in which exact words.

statements = with_links(statements, more=[QUOTATIONS])
claims = claims_of(statements, names_concealed(statements))
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Prefetch

from statements.dates import PartialDate
from statements.models import Demand, DemandAsMade, Quotation, Statement, Text
from statements.naming import conceal
from statements.pages.rows import MOST_AUTHORS, Author, Names, author_of, day_of, may_be_named

# One query more for `with_links`: the exact words of every demand as made.
QUOTATIONS = Prefetch(
    "demands_shown__quotations", Quotation.objects.readable(), to_attr="quotations_shown"
)


@dataclass(frozen=True)
class Words:
    """One quotation: the exact words, the language they are in, and where they stand."""

    words: str
    language: str
    part: str
    version: int
    url: str


@dataclass
class Claim:
    """One statement making one demand in one voice."""

    demand: Demand
    statement: Statement
    text: Text
    title: str
    day: PartialDate
    voice: str
    voice_label: str
    # Its statement's authors, by the organisation's id or, without one, by the name as printed.
    speakers: dict[int | str, Author] = field(default_factory=dict)
    # Empty where no public text has the words: the demand is made, its quotation is not public.
    words: list[Words] = field(default_factory=list)

    @property
    def first_speakers(self) -> list[Author]:
        return list(self.speakers.values())[:MOST_AUTHORS]

    @property
    def url(self) -> str:
        return self.text.get_absolute_url()

    @property
    def needs_mark(self) -> bool:
        """Whether its statement is invented, and no author beside it is marked so already."""
        marked = not self.is_of_editors and any(one.is_example for one in self.first_speakers)
        return self.statement.is_example and not marked

    @property
    def is_of_editors(self) -> bool:
        """The editors' demand counts for no organisation."""
        return self.voice == DemandAsMade.Voice.EDITORS


def words_anchor(quotation: int) -> str:
    """Where a quotation's words stand on their text's page: the same after every new version."""
    return f"words-{quotation}"


def claims_of(
    statements: list[Statement], names: Names, demands: Collection[int] | None = None
) -> list[Claim]:
    """What statements demand, in their order; with `demands` only those, by their ids."""
    return [
        _claim(statement, made, names)
        for statement in statements
        if statement.texts_shown
        for made in statement.demands_shown
        if demands is None or made.demand_id in demands
    ]


def leading_text(statement: Statement) -> Text:
    """The text whose words are quoted: the leading one."""
    return next(
        (text for text in statement.texts_shown if text.is_leading), statement.texts_shown[0]
    )


def _claim(statement: Statement, made: DemandAsMade, names: Names) -> Claim:
    text = leading_text(statement)
    in_texts = names["text"].get(text.pk, [])
    demand = made.demand
    demand.shown, demand.shown_language = made.shown, made.shown_language
    demand.concealed = names["demand"].get(demand.pk, [])
    authorships = [one for one in statement.authors_shown if may_be_named(one)]
    return Claim(
        demand=demand,
        statement=statement,
        text=text,
        title=conceal(text.live_revision.title, in_texts),
        day=made.raised or day_of(statement),
        voice=made.voice,
        voice_label=made.get_voice_display(),
        speakers={
            one.organisation_id or one.name_as_printed: author_of(one, in_texts)
            for one in authorships
        },
        words=_words(statement, made, names),
    )


def _words(statement: Statement, made: DemandAsMade, names: Names) -> list[Words]:
    """The quotations in the leading text; where it has none, those in the first text that has."""
    texts = {text.pk: text for text in statement.texts_shown}
    quotations = [one for one in made.quotations_shown if one.text_id in texts]
    if not quotations:
        return []
    chosen = min({one.text_id for one in quotations}, key=lambda pk: (not texts[pk].is_leading, pk))
    text = texts[chosen]
    return [
        Words(
            words=conceal(one.words, names["text"].get(chosen, [])),
            language=text.language,
            part=one.get_field_display(),
            version=text.live_revision.number,
            url=f"{text.get_absolute_url()}#{words_anchor(one.pk)}",
        )
        for one in quotations
        if one.text_id == chosen
    ]
