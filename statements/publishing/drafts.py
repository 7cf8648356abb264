"""A statement made of what a stranger sent: a draft, for an editor to check and publish."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction

from statements import naming
from statements.markup import paragraphs
from statements.models import (
    Authorship,
    DemandAsMade,
    Event,
    Naming,
    Organisation,
    Person,
    PersonName,
    Source,
    Statement,
    Submission,
    Suggestion,
    Text,
)
from statements.plain import pasted
from statements.publishing import wording, workflow
from statements.publishing.links import links_changed

# What the editors are told of what the sender says about risk.
OF_RISK = {
    Submission.Risk.YES: Suggestion.Kind.RISK,
    Submission.Risk.UNSURE: Suggestion.Kind.RISK_UNKNOWN,
}


class LanguageTaken(Exception):
    """The statement has a text in this language."""


@dataclass(frozen=True)
class Links:
    """Records of the site that a statement is to be linked to. The organisations issued it."""

    organisations: Sequence[Organisation] = ()
    events: Sequence[Event] = ()
    persons: Sequence[Person] = ()

    @classmethod
    def named_by_sender(cls, submission: Submission) -> Links:
        """What the sender named, as far as it is known here."""
        return cls(
            organisations=[submission.organisation] if submission.organisation else [],
            events=[submission.event] if submission.event else [],
        )


@transaction.atomic
def of_submission(
    submission: Submission,
    *,
    by: workflow.User,
    language: str = "",
    links: Links | None = None,
) -> Text:
    """Its words, its organisation, its event; its demands as suggestions for an editor to settle.

    How to reach the sender stays where it is.
    """
    links = links or Links.named_by_sender(submission)
    is_own = submission.sender == Submission.Sender.ORGANISATION
    text = workflow.create_statement(
        language=language or submission.language,
        words=_words(submission),
        by=by,
        authority=Text.Authority.ORIGINAL if is_own else Text.Authority.UNKNOWN,
        why="Sent through the public form",
        issued=submission.issued,
        source=_source(submission),
        is_from_submission=True,
    )
    statement = text.statement
    Authorship.objects.bulk_create(_authorships(submission, statement, links.organisations))
    statement.events.add(*links.events)
    _name_persons(text, links.persons)
    Suggestion.objects.bulk_create(_suggestions(submission, text, links))
    links_changed(statement)
    return text


@transaction.atomic
def translation(
    submission: Submission,
    statement: Statement,
    *,
    by: workflow.User,
    language: str = "",
    links: Links | None = None,
) -> Text:
    """Its words as one more text of a statement; what that one is linked to stays as it is.

    Raises LanguageTaken.
    """
    language = language or submission.language
    statement = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    if statement.texts.filter(language=language).exists():
        raise LanguageTaken
    statement.is_from_submission = True
    statement.save(update_fields=["is_from_submission"])
    is_own = submission.sender == Submission.Sender.ORGANISATION
    text = workflow.add_text(
        statement,
        language=language,
        words=_words(submission),
        by=by,
        authority=Text.Authority.ORGANISATION if is_own else Text.Authority.UNKNOWN,
        why="Sent through the public form",
    )
    _name_persons(text, links.persons if links else ())
    Suggestion.objects.bulk_create(_warnings(submission, statement))
    links_changed(statement)
    return text


def _words(submission: Submission) -> dict[str, str]:
    return {"title": submission.title, "body": paragraphs(pasted(submission.text))}


def _authorships(
    submission: Submission, statement: Statement, organisations: Sequence[Organisation]
) -> Iterator[Authorship]:
    """One organisation is printed as the sender wrote it; of several that names none."""
    printed = submission.organisation_name if len(organisations) <= 1 else ""
    for position, organisation in enumerate(organisations or [None]):
        yield Authorship(
            statement=statement,
            organisation=organisation,
            name_as_printed=printed,
            position=position,
        )


def _name_persons(text: Text, persons: Sequence[Person]) -> None:
    """Enter the spellings in which the text names them: whoever is withheld is withheld there."""
    words = "\n".join(wording.words_of_all(text.working_revision).values())
    spellings = [(person, person.name) for person in persons]
    others = PersonName.objects.filter(person__in=persons).select_related("person")
    spellings += [(other.person, other.name) for other in others]
    Naming.objects.bulk_create(
        Naming(text=text, person=person, spelling=spelling)
        for person, spelling in dict.fromkeys(spellings)
        if naming.stands_in(words, spelling)
    )


def _source(submission: Submission) -> Source | None:
    if not submission.url:
        return None
    return Source.objects.create(
        publication=submission.organisation_name[:200],
        title=submission.title,
        url=submission.url,
        published=submission.issued,
    )


def _suggestions(submission: Submission, text: Text, links: Links) -> Iterator[Suggestion]:
    """Demands that stand in the text are offered for quoting; of the others a note is left."""
    for words in submission.demand_lines:
        field = next(
            (
                name
                for name in ("body", "title")
                if wording.contains(text.working_revision, name, words)
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
    if not links.organisations:
        yield Suggestion(
            statement=text.statement,
            kind=Suggestion.Kind.UNKNOWN_AUTHOR,
            words=submission.organisation_name,
        )
    yield from _warnings(submission, text.statement)


def _warnings(submission: Submission, statement: Statement) -> Iterator[Suggestion]:
    """Editors do not see submissions: what the sender says about risk goes with the draft."""
    if kind := OF_RISK.get(submission.risk):
        yield Suggestion(statement=statement, kind=kind)
