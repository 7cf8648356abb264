"""What changes a statement's words and publishes them: one function for each act.

Views, admin, importers and commands call these; nothing else writes `working_revision`,
`live_revision` or a statement's `public_since`. What follows from its links is in `links.py`.
"""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from statements import rights
from statements.auditing import workflow as auditing
from statements.models import (
    Correction,
    Quotation,
    Revision,
    Statement,
    Text,
)
from statements.models.base import Guarded
from statements.plain import collapse
from statements.publishing import slugs, states
from statements.publishing.links import links_changed, sort_day
from statements.publishing.wording import (
    Words,
    contains,
    fingerprints,
    place_quotations,
    same_words,
    words_of_all,
)
from statements.safety import workflow as safety

User = AbstractBaseUser | None


class EditedMeanwhile(Exception):
    """Somebody else saved the record after this form was opened."""


class LeadingTextNotPublished(Exception):
    """A translation cannot be public before the text that leads the statement."""


class InReleaseSet(Exception):
    """The text goes out with others: it is taken out of their set first."""


class ChangeNotNamed(Exception):
    """A version after the first says what kind of change it is, and in words what changed."""


class NothingToPublish(Exception):
    """The revision is the published one already, or has no words."""


class QuotationsBroken(Exception):
    """Quotations are not in the revision, and nobody has said that this is meant so."""

    def __init__(self, quotations: list[Quotation]) -> None:
        super().__init__(f"{len(quotations)} quotations are not in the text")
        self.quotations = quotations


# Statements and their texts


@transaction.atomic
def create_statement(
    *,
    language: str,
    words: Words,
    by: User = None,
    slug: str = "",
    authority: str = Text.Authority.UNKNOWN,
    why: str = "",
    **fields: object,
) -> Text:
    """Make a draft statement with its leading text and the first revision of its words."""
    text = Text(
        statement=Statement(**fields),
        is_leading=True,
        language=language,
        slug=slug,
        authority=authority,
    )
    save_new(text, words, by=by, why=why)
    return text


@transaction.atomic
def add_text(
    statement: Statement,
    *,
    language: str,
    words: Words,
    by: User = None,
    slug: str = "",
    is_leading: bool = False,
    authority: str = Text.Authority.UNKNOWN,
    translator: str = "",
    translated_from: Revision | None = None,
    why: str = "",
) -> Text:
    """Add a draft text in one more language to a statement."""
    text = Text(
        statement=statement,
        language=language,
        is_leading=is_leading,
        authority=authority,
        translator=translator,
        translated_from=translated_from,
        slug=slug,
    )
    save_new(text, words, by=by, why=why)
    return text


@transaction.atomic
def save_new(text: Text, words: Words, *, by: User = None, why: str = "") -> Revision:
    """Save a text that was just made, with its first words; its statement too, if that is new."""
    statement = text.statement
    if statement.pk is None:
        statement.sort_on = sort_day(statement)
        statement.save()
    text.statement = statement
    slugs.save_with_address(text, words.get("title", ""))
    return save_words(text, words, by=by, based_on=None, why=why)


@transaction.atomic
def save_words(
    text: Text, words: Words, *, by: User = None, based_on: int | None, why: str = ""
) -> Revision:
    """Save a text's words as its new working revision; visitors see nothing of it.

    `based_on` is the id of the revision that the editor started from; EditedMeanwhile when
    another one is the working revision by now. Unchanged words make no new revision; changed
    ones are a draft, whatever was approved or scheduled before.
    """
    # The statement before its texts, as everywhere: nobody waits in a circle.
    Statement.objects.select_for_update(of=("self",)).get(texts=text.pk)
    locked = (
        Text.objects.select_for_update(of=("self",))
        .select_related("working_revision")
        .get(pk=text.pk)
    )
    if locked.working_revision_id != based_on:
        raise EditedMeanwhile
    revision = Revision(text=text, by=by, why=why, **words)
    current = locked.working_revision
    if current and same_words(current, revision):
        text.working_revision = current
        return current
    revision.save()
    text.working_revision = revision
    following = without_approval(Text.State.DRAFT)
    Text.objects.filter(pk=text.pk).update(working_revision=revision, **following)
    for name, value in following.items():
        setattr(text, name, value)
    place_quotations(text)
    return revision


@transaction.atomic
def publish(
    revision: Revision,
    *,
    by: User = None,
    change: str = "",
    note: str = "",
    note_language: str = "en",
) -> Revision:
    """Make this very revision what visitors see, as the text's next version.

    A version after the first names its kind of change, and all but a typographical one enter
    the public register with a note.

    Raises what `make_live` raises.
    """
    # The statement before its texts.
    statement = Statement.objects.select_for_update(of=("self",)).get(texts=revision.text_id)
    text = Text.objects.select_for_update().get(pk=revision.text_id)
    before = text.live_revision_id
    told = {"change": change, "note": note, "note_language": note_language}
    make_live(revision, text, statement, by=by, now=timezone.now(), **told)
    links_changed(statement)
    record_published(revision, text, before, by=by)
    return revision


def make_live(
    revision: Revision,
    text: Text,
    statement: Statement,
    *,
    by: User,
    now: datetime,
    change: str,
    note: str,
    note_language: str,
    release: int | None = None,
    on: date | None = None,
) -> None:
    """Let a revision be what visitors see; the caller has locked its statement and its text.

    What follows from the links, and the log, are the caller's too, who may publish several at
    once: `links_changed`, then `record_published`. `release` is the set that the text goes out
    with, `on` the day of it. Raises what `refuse_unready` raises, LeadingTextNotPublished, and
    InReleaseSet.
    """
    # Read under the lock: it may have got its number since the caller read it.
    revision.refresh_from_db()
    if text.release_id != release:
        raise InReleaseSet
    refuse_unready(revision, text, statement, by=by, change=change, note=note, on=on)
    if not (text.is_leading or statement.is_public):
        raise LeadingTextNotPublished
    if revision.number is None:
        last = text.revisions.aggregate(last=models.Max("number"))["last"] or 0
        whole, own = fingerprints(revision)
        if last:
            _describe_change(revision, statement, change, note, note_language)
        Revision.objects.filter(pk=revision.pk).update(
            number=last + 1,
            published_at=now,
            change=change if last else "",
            fingerprint=whole,
            own_fingerprint=own,
        )
    if not text.is_public:
        slugs.leave_names_out(text)
    is_working = text.working_revision_id == revision.pk
    told = {"scheduled_change": "", "scheduled_note": ""}
    following = without_approval(states.LIVE) | told if is_working else {}
    if not is_working and text.state == states.LIVE:
        following = without_approval(Text.State.DRAFT)
    Text.objects.filter(pk=text.pk).update(
        live_revision=revision, changed_at=now, release=None, **following
    )
    if not statement.public_since:
        Statement.objects.filter(pk=statement.pk).update(public_since=now)
        statement.public_since = now
    place_quotations(text)
    revision.refresh_from_db()


def record_published(revision: Revision, text: Text, before: int | None, *, by: User) -> None:
    """Write into the log which revision took the place of which: call it last."""
    auditing.decide(
        "publish",
        text,
        by=by,
        before=f"revision-{before}" if before else "",
        after=f"revision-{revision.pk}",
        code=revision.change,
    )


def refuse_unready(
    revision: Revision,
    text: Text,
    statement: Statement,
    *,
    by: User,
    change: str,
    note: str,
    on: date | None = None,
) -> None:
    """Raise what speaks against making a revision the next version of its text, today or `on`.

    NothingToPublish; rights.OwnWords where another publisher has to look first; safety.NotPassed
    where nobody has asked about those whom it could harm; QuotationsBroken; ChangeNotNamed.
    """
    if text.live_revision_id == revision.pk or not any(words_of_all(revision).values()):
        raise NothingToPublish
    if by and rights.needs_other_eyes(by, revision):
        raise rights.OwnWords
    safety.require_passed(statement, on=on)
    quotations = list(text.quotations.select_related("made"))
    missing = [q for q in quotations if not q.is_gone and not contains(revision, q.field, q.words)]
    if missing:
        raise QuotationsBroken(missing)
    is_further = revision.number is None and text.revisions.exclude(number=None).exists()
    is_typographical = change == Revision.Change.TYPOGRAPHICAL
    if is_further and not (
        change in Revision.Change.values and (collapse(note) or is_typographical)
    ):
        raise ChangeNotNamed


def without_approval(state: str) -> dict[str, object]:
    """The columns of a text in another working state, with no approval and no schedule.

    What readers are to be told of its next version stays, until that is published.
    """
    return {"state": state, "approved_revision": None, "scheduled_for": None, "refusal": ""}


def _describe_change(
    revision: Revision, statement: Statement, change: str, note: str, language: str
) -> None:
    """Enter what a further version changes in the public register."""
    if change != Revision.Change.TYPOGRAPHICAL:
        Correction.objects.create(
            statement=statement,
            version=revision,
            kind=change,
            note=collapse(note),
            language=language,
        )


# Editions


def take_edition(record: Guarded, edition: int) -> None:
    """Count one more save of a record, if nobody else saved it since `edition`."""
    taken = (
        type(record).objects.filter(pk=record.pk, edition=edition).update(edition=F("edition") + 1)
    )
    if not taken:
        raise EditedMeanwhile
    record.edition = edition + 1
