"""A text as passages: its blocks, each with the demands that its words make beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from statements.models import Demand, Person, Revision
from statements.naming import Concealed, conceal
from statements.prose import Block, Prose, Span
from statements.reading.claims import words_anchor

# A card stands beside the words: its place follows from the third of the block they are in.
MIDDLE, END = "at-middle", "at-end"
# Letters in one line of words.
LINE = 62
HEADINGS = {"h2", "h3", "h4"}


@dataclass
class Made:
    """A demand as this statement makes it, and the words of this text that do."""

    demand: Demand
    voice: str
    voice_label: str
    others: int = 0
    people: list[Person] = field(default_factory=list)
    # How many persons the demand is about, those who are not named here too.
    concerned: int = 0
    released: int = 0
    # (its id, field, words) of each quotation that the live version contains.
    quotations: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass
class Card:
    """What stands beside words that make a demand, or at the end for one without any."""

    made: Made
    number: int = 0
    words: str = ""
    # The demand has its whole card further up, beside other words.
    is_again: bool = False

    @property
    def demand(self) -> Demand:
        return self.made.demand

    @property
    def voice(self) -> str:
        return self.made.voice

    @property
    def voice_label(self) -> str:
        return self.made.voice_label

    @property
    def people(self) -> list[Person]:
        return self.made.people

    @property
    def concerned(self) -> int:
        return self.made.concerned

    @property
    def released(self) -> int:
        return self.made.released

    @property
    def others(self) -> int:
        return self.made.others


@dataclass
class Passage:
    """Words that stand together, and the cards beside them."""

    html: SafeString
    cards: list[Card] = field(default_factory=list)
    place: str = ""
    length: int = 0

    @property
    def has_room(self) -> bool:
        """Whether the cards are taller than the words, by an estimate in lines of words."""
        height = sum(2 if card.is_again else 5 for card in self.cards)
        return height > 1 + self.length / LINE


@dataclass
class Page:
    """The seven fields of a version as a page shows them."""

    surtitle: str
    title: SafeString
    plain_title: str
    subtitle: SafeString
    introduction: Passage | None
    own: list[Passage]
    postscript: list[Passage]
    # Cards of words in the page's title and subtitle, and of demands without words here.
    head_cards: list[Card]
    unquoted: list[Card]
    # The first words of the text, for those who only see a preview.
    summary: str


def lay_out(
    revision: Revision, demands: Sequence[Made], concealed: Sequence[Concealed] = ()
) -> Page:
    """Cut a version's words into passages and put the demands beside them."""
    prose = {
        name: Prose(words, concealed) if Revision.FIELDS[name] else Prose.of_line(words, concealed)
        for name, words in revision.words.items()
    }
    claims, cards = _claims(prose, demands, concealed)
    introduction = _together(prose["introduction"], claims["introduction"], cards)
    own = [_passage(block, cards) for block in prose["body"].blocks(claims["body"])]
    own = _with_headings(own, prose["body"])
    if revision.original_title:
        own = _titled(own, prose["original_title"], claims["original_title"], cards)
    own = _filled(own)
    return Page(
        surtitle=prose["surtitle"].text,
        title=prose["title"].marked(claims["title"]),
        plain_title=prose["title"].text,
        subtitle=prose["subtitle"].marked(claims["subtitle"]),
        introduction=introduction,
        own=own,
        postscript=[
            _passage(block, cards) for block in prose["postscript"].blocks(claims["postscript"])
        ],
        head_cards=_beside([*claims["title"], *claims["subtitle"]], cards),
        unquoted=_unquoted(demands, cards.values()),
        summary=summary(prose["body"].text or prose["introduction"].text),
    )


def _claims(
    prose: dict[str, Prose], demands: Sequence[Made], concealed: Sequence[Concealed]
) -> tuple[dict[str, list[Span]], dict[str, Card]]:
    """The spans of each field, numbered in reading order, and the card of each by its anchor."""
    order = list(Revision.FIELDS)
    found = []
    for made in demands:
        for pk, name, words in made.quotations:
            if place := prose[name].find(conceal(words, concealed)):
                found.append((order.index(name), place, made, pk))
    found.sort(key=lambda entry: entry[:2])
    claims: dict[str, list[Span]] = {name: [] for name in order}
    cards: dict[str, Card] = {}
    numbers: dict[int, int] = {}
    for position, (start, end), made, quotation in found:
        pk = made.demand.pk
        is_again = pk in numbers
        number = numbers.setdefault(pk, len(numbers) + 1)
        anchor = words_anchor(quotation)
        label = _("Demand %(number)d") % {"number": number}
        card = f"demand-{number}"
        claims[order[position]].append(Span(start, end, number, anchor, card, made.voice, label))
        cards[anchor] = Card(made, number, anchor, is_again)
    return claims, cards


def _beside(spans: Iterable[Span], cards: dict[str, Card]) -> list[Card]:
    return [cards[span.anchor] for span in spans]


def _passage(block: Block, cards: dict[str, Card]) -> Passage:
    return Passage(
        block.html,
        _beside(block.spans, cards),
        _place(block.spans, block.start, block.length),
        block.length,
    )


def _place(spans: Sequence[Span], start: int, length: int) -> str:
    """Where the first quotation lies in its block, in thirds."""
    if not spans or not length:
        return ""
    third = 3 * (spans[0].start - start) // length
    return ("", MIDDLE, END)[min(third, 2)]


def _together(prose: Prose, claims: Sequence[Span], cards: dict[str, Card]) -> Passage | None:
    """All blocks as one passage: the editors' introduction is one slip."""
    blocks = prose.blocks(claims)
    if not blocks:
        return None
    html = format_html_join("\n", "{}", ((block.html,) for block in blocks))
    return Passage(html, _beside(claims, cards), _place(claims, 0, len(prose.text)))


def _with_headings(passages: list[Passage], prose: Prose) -> list[Passage]:
    """Keep a heading with the block that it stands over."""
    tags = [block.tag for block in prose.blocks()]
    found: list[Passage] = []
    heading: Passage | None = None
    for passage, tag in zip(passages, tags, strict=True):
        if heading:
            passage = _joined(heading, passage)
        heading = passage if tag in HEADINGS else None
        if not heading:
            found.append(passage)
    return [*found, heading] if heading else found


def _filled(passages: list[Passage]) -> list[Passage]:
    """Let words without demands go on beside cards that are taller than their own words."""
    found: list[Passage] = []
    for passage in passages:
        if found and found[-1].has_room and not passage.cards:
            found[-1] = _joined(found[-1], passage)
        else:
            found.append(passage)
    return found


def _titled(
    own: list[Passage], prose: Prose, claims: Sequence[Span], cards: dict[str, Card]
) -> list[Passage]:
    """The organisation's own title, over the first block of its words."""
    title = Passage(
        format_html('<h2 class="own-title">{}</h2>', prose.marked(claims)), _beside(claims, cards)
    )
    return [_joined(title, own[0]), *own[1:]] if own else [title]


def _joined(one: Passage, other: Passage) -> Passage:
    place = "" if one.cards else other.place
    return Passage(format_html("{}\n{}", one.html, other.html), [*one.cards, *other.cards], place)


def _unquoted(demands: Sequence[Made], cards: Iterable[Card]) -> list[Card]:
    """Demands that the statement makes, though no words of this text are marked for them."""
    quoted = {card.demand.pk for card in cards}
    found: dict[int, Card] = {}
    for made in demands:
        if made.demand.pk not in quoted:
            found.setdefault(made.demand.pk, Card(made))
    return list(found.values())


def summary(words: str, length: int = 200) -> str:
    """The first words of a text, for those who only see a preview."""
    words = " ".join(words.split())
    if len(words) <= length:
        return words
    return words[:length].rsplit(" ", 1)[0] + "…"
