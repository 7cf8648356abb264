"""Entries of the public register of corrections, with what may be said of their statements."""

from __future__ import annotations

from dataclasses import dataclass

from statements.models import Correction, Naming, Statement, Text
from statements.naming import Concealed
from statements.reading.register import noted
from statements.reading.rows import Author, author_of, may_be_named, statement_rows
from statements.reading.statement import authorships_of

# What a notice says of its statement's history.
MOST_ENTRIES = 10


@dataclass
class Notice:
    """What may be said of a statement whose words are no longer shown."""

    authors: list[Author]
    corrections: list[Correction]


@dataclass(frozen=True)
class Entry:
    """One entry of the register; `text` is empty where no address is shown."""

    correction: Correction
    text: Text | None = None
    title: str = ""
    authors: tuple[Author, ...] = ()


def entries_of(corrections: list[Correction]) -> list[Entry]:
    """Entries with what may be said of their statements.

    A readable one has its title; one that was withdrawn or retracted, who issued it; one that was
    taken down, nothing: its address alone could tell what was taken down.
    """
    statements = {one.statement_id for one in corrections}
    rows = {row.statement.pk: row for row in statement_rows(list(statements))}
    leading = _leading_texts(statements - rows.keys())
    hidden = _hidden_in(statements)
    authors = _authors(leading, hidden)
    entries = []
    for one in corrections:
        noted([one], hidden.get(one.statement_id, []))
        row = rows.get(one.statement_id)
        if row:
            text = one.version.text if one.version else row.text
            entries.append(Entry(one, text, row.title, tuple(row.authors)))
        else:
            text = leading.get(one.statement_id)
            entries.append(Entry(one, text, authors=tuple(authors.get(one.statement_id, ()))))
    return entries


def _leading_texts(statements: set[int]) -> dict[int, Text]:
    """Texts whose address gives a notice that may be pointed at."""
    texts = Text.objects.published().filter(statement__in=statements, is_leading=True)
    texts = texts.exclude(statement__standing=Statement.Standing.TAKEN_DOWN)
    return {text.statement_id: text for text in texts}


def _hidden_in(statements: set[int]) -> dict[int, list[Concealed]]:
    """What any text of each statement hides."""
    owners = dict(Text.objects.filter(statement__in=statements).values_list("pk", "statement"))
    hidden: dict[int, list[Concealed]] = {}
    for text, concealed in Naming.objects.concealed_in(owners).items():
        hidden.setdefault(owners[text], []).extend(concealed)
    return hidden


def _authors(
    statements: dict[int, Text], hidden: dict[int, list[Concealed]]
) -> dict[int, list[Author]]:
    authors: dict[int, list[Author]] = {}
    for one in authorships_of(list(statements)):
        if one.role == one.Role.AUTHOR and may_be_named(one):
            authors.setdefault(one.statement_id, []).append(
                author_of(one, hidden.get(one.statement_id, []))
            )
    return authors


def notice_of(text: Text) -> Notice:
    return notices_of([text])[text.statement_id]


def notices_of(texts: list[Text]) -> dict[int, Notice]:
    """By statement: who issued it, unless it was taken down, and what became of it."""
    if not texts:
        return {}
    named = {
        text.statement_id: text
        for text in texts
        if text.statement.standing != Statement.Standing.TAKEN_DOWN
    }
    statements = {text.statement_id for text in texts}
    hidden = _hidden_in(statements)
    authors = _authors(named, hidden)
    entries: dict[int, list[Correction]] = {pk: [] for pk in statements}
    corrections = Correction.objects.filter(statement__in=statements, version__isnull=True)
    for one in corrections.newest_first():
        entries[one.statement_id].append(one)
    return {
        pk: Notice(authors.get(pk, []), noted(found[:MOST_ENTRIES], hidden.get(pk, [])))
        for pk, found in entries.items()
    }
