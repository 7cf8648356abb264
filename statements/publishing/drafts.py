"""A statement made of what a stranger sent: a draft, for an editor to check and publish."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from statements.markup import paragraphs
from statements.models import (
    Authorship,
    DemandAsMade,
    Source,
    Submission,
    Suggestion,
    Text,
)
from statements.plain import pasted
from statements.publishing import workflow


@transaction.atomic
def of_submission(submission: Submission, *, by: workflow.User) -> Text:
    """Its words, its organisation, its event; its demands as suggestions for an editor to settle.

    How to reach the sender stays where it is.
    """
    is_own = submission.sender == Submission.Sender.ORGANISATION
    text = workflow.create_statement(
        language=submission.language,
        words={"title": submission.title, "body": paragraphs(pasted(submission.text))},
        by=by,
        authority=Text.Authority.ORIGINAL if is_own else Text.Authority.UNKNOWN,
        why="Sent through the public form",
        issued=submission.issued,
        source=_source(submission),
    )
    statement = text.statement
    Authorship.objects.create(
        statement=statement,
        organisation=submission.organisation,
        name_as_printed=submission.organisation_name,
    )
    if submission.event:
        statement.events.add(submission.event)
    Suggestion.objects.bulk_create(_suggestions(submission, text))
    workflow.links_changed(statement)
    return text


def _source(submission: Submission) -> Source | None:
    if not submission.url:
        return None
    return Source.objects.create(
        publication=submission.organisation_name[:200],
        title=submission.title,
        url=submission.url,
        published=submission.issued,
    )


def _suggestions(submission: Submission, text: Text) -> Iterator[Suggestion]:
    """Demands that stand in the text are offered for quoting; of the others a note is left."""
    for words in submission.demand_lines:
        field = next(
            (
                name
                for name in ("body", "title")
                if workflow.contains(text.working_revision, name, words)
            ),
            "",
        )
        yield Suggestion(
            statement=text.statement,
            kind=Suggestion.Kind.DEMAND if field else Suggestion.Kind.DEMAND_NOT_IN_TEXT,
            words=words,
            field=field,
            voice=DemandAsMade.Voice.ORGANISATION,
        )
    if submission.new_event:
        yield Suggestion(
            statement=text.statement, kind=Suggestion.Kind.NEW_EVENT, words=submission.new_event
        )
    if not submission.organisation:
        yield Suggestion(
            statement=text.statement,
            kind=Suggestion.Kind.UNKNOWN_AUTHOR,
            words=submission.organisation_name,
        )
