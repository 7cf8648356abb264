"""An event to carry away: all that its pages show, with the words of the statements about it.

How much a file holds is bounded, so that making one costs about the same however much is said: the
newest statements are in it with all their words, and the others in a list with their addresses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, prefetch_related_objects
from django.db.models.functions import Length
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from statements import languages
from statements.absolute import absolute
from statements.exports.document import (
    Document,
    Fact,
    Line,
    author_line,
    facts_of,
    imprint_of,
    named_line,
    parts_of,
)
from statements.models import (
    Authorship,
    DemandUpdate,
    Person,
    PersonUpdate,
    Revision,
    SiteText,
    Statement,
    Text,
)
from statements.naming import conceal
from statements.prose import public_words
from statements.reading.claims import Claim, leading_text
from statements.reading.comparison import Comparison
from statements.reading.comparison import Line as Compared
from statements.reading.coverage import sentences
from statements.reading.event import Gathered, comparison_of, timeline_about
from statements.reading.persons import persons_among
from statements.reading.rows import Author, author_of, day_of, demands_of, may_be_named
from statements.reading.statement import authorships_of, conceal_lines, conceal_source
from statements.reading.timeline import Entry, Timeline

MOST_PEOPLE = 200
# What has to be laid out, beside its words, for every statement.
AROUND = 500


@dataclass(frozen=True)
class Bounds:
    """How much there is room for: letters of statements, and what the event's pages have all of."""

    letters: int
    entries: int
    claims: int
    claims_of_a_demand: int


@dataclass(frozen=True)
class Listed:
    """A statement in the list of all of them; `document` where its words are in the file."""

    text: Text
    title: str
    day: object
    authors: list[Author]
    is_example: bool
    document: Document | None = None

    @property
    def address(self) -> str:
        return absolute(self.text.get_absolute_url())


@dataclass(frozen=True)
class Saying:
    """A demand of the comparison with as many of its claims as the file holds."""

    line: Compared
    claims: list[Claim]

    @property
    def more(self) -> int:
        return len(self.line.all_claims) - len(self.claims)


@dataclass(frozen=True)
class Sayings:
    label: str
    demands: list[Saying]


@dataclass
class Dossier:
    found: Gathered
    site: str
    # The language of all that is not quoted: the interface's.
    language: str
    modified: datetime
    sentences: list[str]
    timeline: Timeline
    # The newest of its entries, and the demands as far as there is room for them.
    entries: list[Entry]
    comparison: Comparison
    groups: list[Sayings]
    people: list[Person]
    has_more_people: bool
    statements: list[Listed]
    sources: list[Line]

    @property
    def title(self) -> Line:
        return named_line(self.found.event)

    @property
    def direction(self) -> str:
        return languages.direction(self.language)

    @property
    def has_more_entries(self) -> bool:
        return self.timeline.has_more_updates or len(self.timeline.table) > len(self.entries)

    @property
    def documents(self) -> list[Document]:
        return [one.document for one in self.statements if one.document]

    @property
    def demands_left_out(self) -> int:
        return len(self.comparison.lines) - sum(len(group.demands) for group in self.groups)

    @property
    def statements_left_out(self) -> int:
        return sum(not one.document for one in self.statements)


def dossier_of(found: Gathered, bounds: Bounds) -> Dossier:
    """Gather an event that came with its quotations, in a fixed number of queries."""
    comparison, timeline = comparison_of(found), timeline_about(found)
    prefetch_related_objects([found.event, *found.parts], "places")
    site = SiteText.objects.for_language()
    statements = [one for one in found.statements if one.texts_shown]
    demands = [line.demand.pk for line in comparison.lines]
    people = persons_among([leading_text(one).pk for one in statements], demands)[: MOST_PEOPLE + 1]
    return Dossier(
        found=found,
        site=site.name,
        language=get_language(),
        modified=_modified(found, demands),
        sentences=sentences(found.statements, comparison),
        timeline=timeline,
        entries=[*timeline.events, *timeline.entries[-bounds.entries :]],
        comparison=comparison,
        groups=list(_groups(comparison, bounds)),
        people=people[:MOST_PEOPLE],
        has_more_people=len(people) > MOST_PEOPLE,
        sources=_sources(timeline.entries),
        statements=_statements(found, statements, site, bounds.letters),
    )


def _modified(found: Gathered, demands: list[int]) -> datetime:
    """When the newest of what is in it was published or entered here."""
    texts = Text.objects.readable().filter(statement__in=found.statements).order_by()
    of_demands = DemandUpdate.objects.filter(demand__in=demands).order_by()
    of_people = PersonUpdate.objects.filter(person__demand_people__demand__in=demands).order_by()
    moments = [
        found.event.public_since,
        texts.aggregate(newest=Max("changed_at"))["newest"],
        of_demands.aggregate(newest=Max("entered_at"))["newest"],
        of_people.aggregate(newest=Max("entered_at"))["newest"],
    ]
    return max(filter(None, moments))


# The demands


def _groups(comparison: Comparison, bounds: Bounds) -> Iterable[Sayings]:
    """Demands with some of those who make them, the oldest first, until there is no more room."""
    room = bounds.claims
    for group in comparison.groups(comparison.lines):
        taken = []
        for line in group.lines:
            claims = line.all_claims[: bounds.claims_of_a_demand]
            if room < len(claims):
                break
            room -= len(claims)
            taken.append(Saying(line, claims))
        if taken:
            yield Sayings(group.label, taken)


# The statements


def _statements(
    found: Gathered, statements: list[Statement], site: SiteText, letters: int
) -> list[Listed]:
    """Every statement, the newest first; those in full for whose words there is room."""
    texts = _in_full([leading_text(one).pk for one in statements], letters)
    signatories = _signatories(texts)
    listed = []
    for statement in statements:
        text = texts.get(leading_text(statement).pk)
        document = None
        if text:
            text.statement = statement
            document = _document(text, found, site, signatories.get(statement.pk, []))
        listed.append(_listed(statement, found, document))
    return listed


def _in_full(keys: list[int], letters: int) -> dict[int, Text]:
    """Of texts, the newest first, those whose words there is room for."""
    length = sum(
        (Length(f"live_revision__{name}") for name in ("introduction", "body", "postscript")),
        start=Length("live_revision__title"),
    )
    # nosemgrep: past-the-gates - the keys are those of readable texts
    lengths = dict(Text.objects.filter(pk__in=keys).order_by().values_list("pk", length))
    chosen = []
    for key in keys:
        needed = lengths.get(key, letters) + AROUND
        if needed <= letters:
            letters -= needed
            chosen.append(key)
    texts = (
        Text.objects.readable()
        .select_related("live_revision", "translated_from__text")
        .defer(*(f"translated_from__{name}" for name in Revision.FIELDS))
    )
    return texts.in_bulk(chosen)


def _signatories(texts: dict[int, Text]) -> dict[int, list[Authorship]]:
    found: dict[int, list[Authorship]] = {}
    for row in authorships_of([text.statement_id for text in texts.values()]):
        if row.role == Authorship.Role.SIGNATORY:
            found.setdefault(row.statement_id, []).append(row)
    return found


def _listed(statement: Statement, found: Gathered, document: Document | None) -> Listed:
    text = leading_text(statement)
    hidden = found.names["text"].get(text.pk, [])
    return Listed(
        text=text,
        title=conceal(text.live_revision.title, hidden),
        day=day_of(statement),
        authors=[author_of(one, hidden) for one in statement.authors_shown if may_be_named(one)],
        is_example=statement.is_example,
        document=document,
    )


def _document(
    text: Text, found: Gathered, site: SiteText, signatories: list[Authorship]
) -> Document:
    """A statement as its own file has it, with its demands by their names alone."""
    statement, hidden = text.statement, found.names["text"].get(text.pk, [])
    conceal_source(statement.source, hidden)
    conceal_lines(text, ("translator",), hidden)
    conceal_lines(statement, ("licence",), hidden)
    words = public_words(text.live_revision, hidden)
    authors = [author_of(one, hidden) for one in statement.authors_shown if may_be_named(one)]
    licence = statement.licence or site.site.licence
    source = text.translated_from
    facts = facts_of(
        text, authors, licence, translated_from=source if source and source.number else None
    )
    return Document(
        text=text,
        title=words["title"],
        surtitle=words["surtitle"],
        subtitle=words["subtitle"],
        address=absolute(text.get_absolute_url()),
        site=site.name,
        language=get_language(),
        authors=[author_line(one) for one in authors],
        facts=[*facts, *_further(statement, found, licence)],
        parts=list(parts_of(text, words)),
        signatories=[
            author_line(author_of(one, hidden)) for one in signatories if may_be_named(one)
        ],
        imprint=imprint_of(text.live_revision, hidden),
        licence=licence,
        is_example=statement.is_example,
        hidden=hidden,
    )


def _further(statement: Statement, found: Gathered, licence: str) -> Iterator[Fact]:
    """What a collection says beside each: where its licence is not known, and its demands."""
    if not licence:
        unknown = _("No licence is known: ask the organisation that issued the text.")
        yield Fact(_("Licence"), [Line(unknown)])
    if demands := [named_line(one) for one in demands_of(statement, found.names)]:
        yield Fact(_("Demands"), demands)


# The sources


def _sources(entries: Iterable[Entry]) -> list[Line]:
    """Each once, as the timeline shows it: what was published where and when."""
    between = pgettext("between the entries of a short list", ", ")
    found: dict[Line, None] = {}
    for told in (entry.told for entry in entries):
        if told.source and told.publication:
            published = str(told.source.published or "")
            parts = filter(None, [told.publication, told.source_title, published])
            found.setdefault(Line(between.join(parts), address=told.source_url))
    return sorted(found, key=lambda line: languages.sort_key(line.words))
