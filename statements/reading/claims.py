"""Demands as statements make them: by whom, when, and in which exact words.

statements = with_links(statements, more=[QUOTATIONS])
claims = claims_of(statements, names_concealed(statements))
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from django.db.models import Prefetch

from statements.dates import PartialDate
from statements.models import Demand, DemandAsMade, Quotation, Statement, Text
from statements.naming import Concealed, conceal
from statements.reading.rows import MOST_AUTHORS, Author, Names, author_of, day_of, may_be_named

Speakers = dict[int | str, Author]

# One query more for `with_links`: the exact words of every demand as made.
QUOTATIONS = Prefetch(
    "demands_shown__quotations", Quotation.objects.readable(), to_attr="quotations_shown"
)


@dataclass(frozen=True)
class Words:
    """One quotation: the exact words, the language they are in, and where they stand."""

    words: str
    text: Text
    quotation: Quotation

    @property
    def language(self) -> str:
        return self.text.language

    @property
    def part(self) -> str:
        return self.quotation.get_field_display()

    @property
    def version(self) -> int:
        return self.text.live_revision.number

    @property
    def url(self) -> str:
        return f"{self.text.get_absolute_url()}#{words_anchor(self.quotation.pk)}"


@dataclass
class Claim:
    """One statement making one demand in one voice."""

    demand: Demand
    statement: Statement
    text: Text
    day: PartialDate
    voice: str
    # Its statement's authors, by the organisation's id or, without one, by the name as printed.
    speakers: Speakers = field(default_factory=dict)
    # Empty where no public text has the words: the demand is made, its quotation is not public.
    words: list[Words] = field(default_factory=list)
    # What the title must not show.
    concealed: list[Concealed] = field(default_factory=list)

    @property
    def title(self) -> str:
        return conceal(self.text.live_revision.title, self.concealed)

    @property
    def voice_label(self) -> str:
        return DemandAsMade.Voice(self.voice).label

    @property
    def first_speakers(self) -> list[Author]:
        return list(self.speakers.values())[:MOST_AUTHORS]

    @property
    def more_speakers(self) -> int:
        return max(len(self.speakers) - MOST_AUTHORS, 0)

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
    known: Speakers = {}
    return [
        claim
        for statement in statements
        if statement.texts_shown
        for claim in _claims(statement, speakers_of(statement, names, known), names, demands)
    ]


def leading_text(statement: Statement) -> Text:
    """The text whose words are quoted: the leading one."""
    return next(
        (text for text in statement.texts_shown if text.is_leading), statement.texts_shown[0]
    )


def speakers_of(statement: Statement, names: Names, known: Speakers | None = None) -> Speakers:
    """Who issued a statement, as far as they may be named.

    `known` keeps organisations that several statements of a page are by.
    """
    in_texts = names["text"].get(leading_text(statement).pk, [])
    known = {} if known is None else known
    found: Speakers = {}
    for one in filter(may_be_named, statement.authors_shown):
        key = one.organisation_id or one.name_as_printed
        if one.name_as_printed:
            found[key] = author_of(one, in_texts)
        else:
            found[key] = known.get(key) or known.setdefault(key, author_of(one, in_texts))
    return found


def _claims(
    statement: Statement, speakers: Speakers, names: Names, demands: Collection[int] | None
) -> Iterator[Claim]:
    text = leading_text(statement)
    for made in statement.demands_shown:
        if demands is not None and made.demand_id not in demands:
            continue
        demand = made.demand
        demand.shown, demand.shown_language = made.shown, made.shown_language
        demand.concealed = names["demand"].get(demand.pk, [])
        yield Claim(
            demand=demand,
            statement=statement,
            text=text,
            day=made.raised or day_of(statement),
            voice=made.voice,
            speakers=speakers,
            words=_words(statement, made, names),
            concealed=names["text"].get(text.pk, []),
        )


def _words(statement: Statement, made: DemandAsMade, names: Names) -> list[Words]:
    """The quotations in the leading text; where it has none, those in the first text that has.

    A page that shows no words has not fetched them.
    """
    texts = {text.pk: text for text in statement.texts_shown}
    fetched = getattr(made, "quotations_shown", ())
    quotations = [one for one in fetched if one.text_id in texts]
    if not quotations:
        return []
    chosen = min({one.text_id for one in quotations}, key=lambda pk: (not texts[pk].is_leading, pk))
    hidden = names["text"].get(chosen, [])
    return [
        Words(conceal(one.words, hidden), texts[chosen], one)
        for one in quotations
        if one.text_id == chosen
    ]
