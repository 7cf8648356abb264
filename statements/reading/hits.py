"""What a search shows of a text or a record that was found, with the words that were looked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from statements.dates import PartialDate
from statements.models import Authorship, Revision, Text
from statements.naming import Concealed
from statements.prepared import Prepared
from statements.prose import public_text
from statements.reading.filters import Filters
from statements.reading.rows import (
    Author,
    authors_named,
    authorships_of,
    concealed_in_statements,
    day_of,
    text_for_reader,
)
from statements.search.highlighting import Piece, Wanted, marked, passage


@dataclass(frozen=True)
class Hit:
    """A text that was found, with the passage that shows why."""

    url: str
    language: str
    title: list[Piece]
    passage: list[Piece]
    day: PartialDate
    authors: list[Author]
    more_authors: int
    needs_mark: bool


@dataclass(frozen=True)
class RecordHit:
    """An event, an organisation, a demand or a person that was found."""

    url: str
    language: str
    name: list[Piece]
    acronym: str
    is_example: bool


def hits(statements: Sequence[int], filters: Filters, wanted: Wanted) -> list[Hit]:
    """One of each that is readable, in this order; three queries, or four where texts are chosen
    from."""
    texts = _texts(statements, filters)
    keys = [text.statement_id for text in texts]
    authorships, names = authorships_of(keys), concealed_in_statements(keys)
    return [
        _hit(text, authorships[text.statement_id], names.get(text.statement_id, []), wanted)
        for text in texts
    ]


def _texts(statements: Sequence[int], filters: Filters) -> list[Text]:
    """Of the texts that were found, or else of all, the one of each that fits the language."""
    known = filters.found.texts if filters.is_searched else {}
    texts = [text for pk in statements for text in known.get(pk, ())]
    if len(texts) != len(statements):
        candidates = defaultdict(list)
        for text in CANDIDATES.records(texts, [] if texts else statements):
            candidates[text.statement_id].append(text)
        texts = [text_for_reader(some, filters.language).pk for some in candidates.values()]
    found = {text.statement_id: text for text in READABLE.records(texts)}
    return [found[pk] for pk in statements if pk in found]


def _columns(date: str) -> list[str]:
    """Those of a partial date."""
    return [f"{date}_{part}" for part in ("earliest", "latest", "precision")]


# Texts of which one is shown of each statement; and with all that is shown of them.
CANDIDATES = Prepared(
    lambda texts, statements: (
        Text.objects.readable()
        .filter(Q(pk__in=texts) | Q(statement__in=statements))
        .only("statement", "language", "is_leading")
    ),
    lists=2,
)
READABLE = Prepared(
    lambda texts: (
        Text.objects.readable()
        .select_related("live_revision", "statement__source")
        .filter(pk__in=texts)
        .only(
            *("language", "slug"),
            *(f"live_revision__{name}" for name in Revision.FIELDS),
            *(f"statement__{name}" for name in ("is_example", "sort_on", *_columns("issued"))),
            *(f"statement__source__{name}" for name in _columns("published")),
        )
        .order_by()
    ),
    lists=1,
)


def _hit(
    text: Text, authorships: Sequence[Authorship], names: list[Concealed], wanted: Wanted
) -> Hit:
    words = public_text(text.live_revision, names)
    title = words.pop("title", "")
    authors, more = authors_named(authorships, names)
    is_marked = any(author.is_example for author in authors)
    return Hit(
        url=text.get_absolute_url(),
        language=text.language,
        title=marked(title, wanted, text.language),
        passage=passage(words.values(), wanted, text.language),
        day=day_of(text.statement),
        authors=authors,
        more_authors=more,
        needs_mark=text.statement.is_example and not is_marked,
    )
