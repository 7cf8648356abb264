"""From a draft, whatever its format was, to records."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from django.db import IntegrityError, transaction

from statements.importers import text as plain_text
from statements.importers.decoding import MOST_BYTES
from statements.importers.draft import Draft, NotReadable, Seen
from statements.markup import MarkupRefused, paragraphs, plain
from statements.models import (
    Authorship,
    Organisation,
    OrganisationName,
    SiteText,
    Statement,
    Suggestion,
    Text,
)
from statements.publishing import workflow

__all__ = [
    "AlreadyImported",
    "Draft",
    "NotReadable",
    "authors",
    "import_draft",
    "imported",
    "read_file",
    "words_of",
]
IN_BRACKETS = re.compile(r"\(([^()]*)\)")


class AlreadyImported(Exception):
    """The same words were imported before; nothing is written."""

    def __init__(self, statement: Statement) -> None:
        super().__init__(f"statement {statement.pk}")
        self.statement = statement


@dataclass
class Author:
    """A name under a text, and the organisation that bears it, where exactly one does."""

    name: str
    organisation: Organisation | None = None
    notes: list[Seen] = field(default_factory=list)


def read_file(path: Path, *, language: str = "") -> Draft:
    """The draft that a file holds. Raises NotReadable, or OSError."""
    with path.open("rb") as file:
        # One byte more than can be read shows that the file is too large.
        data = file.read(MOST_BYTES + 1)
    appeals = [plain(one) for one in SiteText.objects.values_list("appeal", flat=True)]
    return plain_text.read(data, language=language, appeals=[one for one in appeals if one])


def words_of(draft: Draft) -> dict[str, str]:
    """The fields of a revision. Raises NotReadable for more than a text may hold."""
    try:
        return {
            "title": draft.title,
            "introduction": paragraphs("\n\n".join(draft.introduction)),
            "original_title": draft.original_title,
            "body": paragraphs("\n\n".join(draft.body)),
            "postscript": paragraphs("\n\n".join(draft.postscript)),
        }
    except MarkupRefused as error:
        raise NotReadable(" ".join(error.messages)) from error


def import_draft(draft: Draft, **fields: object) -> Text:
    """Make an unpublished statement of a draft, with its authors, suggestions and notes.

    Raises AlreadyImported, also when another import of the same words was a moment faster.
    """
    if known := imported(draft):
        raise AlreadyImported(known)
    words = words_of(draft) | fields.pop("words", {})  # type: ignore[operator]
    try:
        with transaction.atomic():
            text = workflow.create_statement(
                language=draft.language,
                words=words,
                import_fingerprint=draft.fingerprint,
                why="Imported from a file",
                **fields,
            )
            notes = _add_authors(text.statement, authors(draft))
            Suggestion.objects.bulk_create(
                Suggestion(
                    statement=text.statement,
                    kind=seen.kind,
                    words=seen.words,
                    field=seen.field,
                    voice=seen.voice,
                )
                for seen in chain(notes, draft.seen)
            )
            return text
    except IntegrityError:
        if known := imported(draft):
            raise AlreadyImported(known) from None
        raise


def imported(draft: Draft) -> Statement | None:
    """The statement that the same words have made before."""
    return Statement.objects.filter(import_fingerprint=draft.fingerprint).first()


def authors(draft: Draft) -> list[Author]:
    """Who signed a draft, matched by name or acronym in any language and script."""
    names = [line for line in draft.signature if plain_text.is_author(line)]
    bearers = _bearers({key for name in names for key in _keys(name)})
    return [_author(name, bearers) for name in dict.fromkeys(names)]


def _add_authors(statement: Statement, found: Iterable[Author]) -> list[Seen]:
    seen: set[Organisation] = set()
    notes: list[Seen] = []
    for position, author in enumerate(found):
        notes += author.notes
        if author.organisation in seen:
            continue
        if author.organisation:
            seen.add(author.organisation)
        Authorship.objects.create(
            statement=statement,
            organisation=author.organisation,
            name_as_printed=author.name,
            position=position,
        )
    return notes


def _author(name: str, bearers: dict[str, set[int]]) -> Author:
    ids = next((bearers[key] for key in _keys(name) if key in bearers), set())
    if len(ids) == 1:
        return Author(name, Organisation.objects.get(pk=next(iter(ids))))
    kind = Suggestion.Kind.SHARED_NAME if ids else Suggestion.Kind.UNKNOWN_AUTHOR
    return Author(name, notes=[Seen(kind, name)])


def _bearers(keys: set[str]) -> dict[str, set[int]]:
    """The organisations that bear each of some folded names."""
    found: dict[str, set[int]] = {}
    rows = chain(
        Organisation.objects.values_list("pk", "name", "acronym").iterator(),
        OrganisationName.objects.values_list("organisation", "name", "acronym").iterator(),
    )
    for pk, *names in rows if keys else ():
        for name in filter(None, names):
            if (key := fold(name)) in keys:
                found.setdefault(key, set()).add(pk)
    return found


def _keys(name: str) -> list[str]:
    """What a printed name is looked for by: whole, without what is in brackets, that alone."""
    forms = [name, IN_BRACKETS.sub("", name), *IN_BRACKETS.findall(name)]
    return list(dict.fromkeys(key for form in forms if (key := fold(form))))


def fold(name: str) -> str:
    """A name in the form in which names are compared: letters and figures alone, no case."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    words = re.findall(r"\w+", re.sub(r"[.'’]", "", folded))
    return " ".join(words)
