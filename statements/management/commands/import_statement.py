"""Make a draft of a plain-text document."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from statements import languages
from statements.importers import workflow
from statements.importers.workflow import Draft, NotReadable
from statements.models import Statement, Suggestion
from statements.plain import line


class Command(BaseCommand):
    help = (
        "Read a plain-text document and make an unpublished statement of it, with suggestions"
        " for an editor to confirm. The same words again make no second statement."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="UTF-8, or UTF-16 with a byte order mark")
        parser.add_argument(
            "--language",
            default="",
            help="of the text, like en or sr-Latn; without it, the commonest of its script",
        )
        parser.add_argument("--dry-run", action="store_true", help="read and say, write nothing")

    def handle(
        self, *, file: Path, language: str = "", dry_run: bool = False, **options: object
    ) -> None:
        draft = self.read(file, language)
        for row in report(draft):
            self.stdout.write(row)
        if not language:
            self.stdout.write("The language is a guess from the script; --language gives it.")
        if known := workflow.imported(draft):
            self.stdout.write(f"Imported already: {where(known)}. Nothing was written.")
        elif dry_run:
            self.stdout.write("Nothing was written.")
        else:
            self.write(draft, file)

    def read(self, file: Path, language: str) -> Draft:
        try:
            draft = workflow.read_file(
                file, language=languages.canonical(language) if language else ""
            )
            workflow.words_of(draft)
        except ValidationError as error:
            raise CommandError(line(" ".join(error.messages))) from error
        except NotReadable as error:
            raise CommandError(line(f"{file}: {error}")) from error
        except (OSError, ValueError) as error:
            # ValueError: the path itself holds a NUL.
            reason = getattr(error, "strerror", None) or error
            raise CommandError(line(f"{file}: {reason}.")) from error
        return draft

    def write(self, draft: Draft, file: Path) -> None:
        try:
            text = workflow.import_draft(draft)
        except workflow.AlreadyImported as known:
            self.stdout.write(f"Imported already: {where(known.statement)}. Nothing was written.")
        else:
            self.stdout.write(f"Draft made: {where(text.statement)}")


def report(draft: Draft) -> Iterator[str]:
    """What was read, for whoever started the import: a line each."""
    yield f"Title: {draft.title}"
    yield f"Language: {draft.language}"
    if draft.original_title:
        yield f"The organisation's own title: {draft.original_title}"
    yield (
        f"Paragraphs: {len(draft.introduction)} of the editors' introduction,"
        f" {len(draft.body)} of the text"
    )
    for author in workflow.authors(draft):
        if author.organisation:
            yield f"Signed: {author.name} (the organisation {author.organisation.slug})"
        else:
            yield f"Signed: {author.name} (by name alone)"
        for note in author.notes:
            yield f"Note: {note.kind.label}: {note.words}"
    for seen in draft.seen:
        if seen.kind is Suggestion.Kind.DEMAND:
            yield f"A demand? ({seen.voice}) {seen.words}"
        else:
            yield line(f"Note: {seen.kind.label}: {seen.words}").removesuffix(":")


def where(statement: Statement) -> str:
    return f"{statement.texts.get(is_leading=True)} (statement {statement.pk})"
