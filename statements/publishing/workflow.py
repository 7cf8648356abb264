"""What changes a statement's words and what is public: one function for each act.

Views, admin, importers and commands call these; nothing else writes `working_revision`,
`live_revision`, `public_since`, `sort_on` or a quotation's places.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from statements import rights
from statements.auditing import workflow as auditing
from statements.markup import clean, plain
from statements.models import (
    Correction,
    Demand,
    DemandAsMade,
    Event,
    Organisation,
    Person,
    Quotation,
    Revision,
    Source,
    Statement,
    Text,
)
from statements.models.base import Guarded, Linked
from statements.plain import collapse, line
from statements.publishing import slugs
from statements.publishing.addresses import (
    concealed_persons_in,
    concealed_persons_of,
    forget_former_addresses,
)
from statements.safety import workflow as safety

User = AbstractBaseUser | None
Words = Mapping[str, str]


class EditedMeanwhile(Exception):
    """Somebody else saved the record after this form was opened."""


class LeadingTextNotPublished(Exception):
    """A translation cannot be public before the text that leads the statement."""


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


def sort_day(statement: Statement) -> date:
    """The last day of issued, the first where the last is open, else the source's, else ours."""
    source = statement.source
    known = statement.issued or (source.published if source else None)
    if known:
        return known.sort_day
    return timezone.localdate(statement.created_at or timezone.now())


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
    another one is the working revision by now. Unchanged words make no new revision.
    """
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
    Text.objects.filter(pk=text.pk).update(working_revision=revision)
    place_quotations(text)
    return revision


def same_words(one: Revision, other: Revision) -> bool:
    """Whether two revisions would be stored with the same words."""
    for name, is_rich in Revision.FIELDS.items():
        stored = clean if is_rich else line
        if stored(getattr(one, name) or "") != stored(getattr(other, name) or ""):
            return False
    return True


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

    Raises NothingToPublish, LeadingTextNotPublished, QuotationsBroken, ChangeNotNamed;
    rights.OwnWords where another publisher has to look first; and safety.NotPassed where nobody
    has asked about those whom it could harm.
    """
    # The statement before its texts, as whoever saves one of them does: nobody waits in a circle.
    statement = Statement.objects.select_for_update(of=("self",)).get(texts=revision.text_id)
    text = Text.objects.select_for_update().get(pk=revision.text_id)
    # Read under the lock: it may have got its number since the caller read it.
    revision.refresh_from_db()
    if text.live_revision_id == revision.pk or not any(words_of_all(revision).values()):
        raise NothingToPublish
    if by and rights.needs_other_eyes(by, revision):
        raise rights.OwnWords
    safety.require_passed(statement)
    if not (text.is_leading or statement.is_public):
        raise LeadingTextNotPublished
    quotations = list(text.quotations.select_related("made"))
    missing = [q for q in quotations if not q.is_gone and not contains(revision, q.field, q.words)]
    if missing:
        raise QuotationsBroken(missing)
    now = timezone.now()
    before = text.live_revision_id
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
    Text.objects.filter(pk=text.pk).update(live_revision=revision)
    if not statement.public_since:
        Statement.objects.filter(pk=statement.pk).update(public_since=now)
    place_quotations(text)
    links_changed(statement)
    revision.refresh_from_db()
    auditing.decide(
        "publish",
        text,
        by=by,
        before=f"revision-{before}" if before else "",
        after=f"revision-{revision.pk}",
        code=revision.change,
    )
    return revision


def _describe_change(
    revision: Revision, statement: Statement, change: str, note: str, language: str
) -> None:
    """Enter what a further version changes in the public register."""
    note = collapse(note)
    is_typographical = change == Revision.Change.TYPOGRAPHICAL
    if change not in Revision.Change.values or not (note or is_typographical):
        raise ChangeNotNamed
    if not is_typographical:
        Correction.objects.create(
            statement=statement, version=revision, kind=change, note=note, language=language
        )


def fingerprints(revision: Revision) -> tuple[str, str]:
    """SHA-256, in hex, of the whole and of the organisation's own words.

    Taken over the plain words (NFC, white space collapsed) of each part, one part a line, so
    that a copy in another layout has the same fingerprint.
    """
    return fingerprints_of(words_of_all(revision))


def fingerprints_of(parts: Words) -> tuple[str, str]:
    """The same, from the plain words of each part."""
    own = [parts["original_title"] or parts["title"], parts["body"]]
    return _digest(parts.values()), _digest(own)


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


# Quotations


def words_of(revision: Revision, field: str) -> str:
    """The plain words of one part of a revision, white space collapsed."""
    value = getattr(revision, field)
    return plain(value) if Revision.FIELDS[field] else collapse(value)


def words_of_all(revision: Revision) -> dict[str, str]:
    """The plain words of every part of a revision, in reading order."""
    return {name: words_of(revision, name) for name in Revision.FIELDS}


def contains(revision: Revision | None, field: str, words: str) -> bool:
    return bool(revision) and collapse(words) in words_of(revision, field)


def place_quotations(text: Text) -> None:
    """Note which of a text's quotations its working and its live revision contain."""
    text = Text.objects.select_related("working_revision", "live_revision").get(pk=text.pk)
    changed = []
    for quotation in text.quotations.all():
        places = (
            contains(text.working_revision, quotation.field, quotation.words),
            contains(text.live_revision, quotation.field, quotation.words),
        )
        if places != (quotation.in_working, quotation.in_live):
            quotation.in_working, quotation.in_live = places
            changed.append(quotation)
    Quotation.objects.bulk_update(changed, ["in_working", "in_live"])


# What is public


@transaction.atomic
def links_changed(statement: Statement, *, demands_before: Iterable[int] = ()) -> None:
    """Bring what follows from a statement's links up to date: call it after they were saved.

    The statement's place in lists; and, once it is public, the public existence of what it
    is linked to and the day on which its demands were first raised. `demands_before` are the ids
    of those that it made until now: one that it makes no more may have been raised by others.
    """
    statement = Statement.objects.select_related("source").get(pk=statement.pk)
    Statement.objects.filter(pk=statement.pk).update(sort_on=sort_day(statement))
    for text in statement.texts.all():
        place_quotations(text)
    # Who is named by now may not have been when an address was changed.
    for person in concealed_persons_in(statement):
        forget_former_addresses(person)
    if not statement.is_public:
        return
    demands = Demand.objects.filter(made__statement=statement)
    make_public(Event.objects.filter(statements=statement))
    make_public(Organisation.objects.filter(authorships__statement=statement))
    make_public(demands)
    make_public(Person.objects.filter(demands__in=demands))
    make_public(Person.objects.filter(namings__text__in=statement.texts.readable()))
    # In the order of their keys, so that two publications cannot wait for each other.
    ids = {*demands_before, *demands.values_list("pk", flat=True)}
    for demand in Demand.objects.filter(pk__in=ids).order_by("pk"):
        date_demand(demand)


@transaction.atomic
def source_changed(source: Source) -> None:
    """A source's date is the day of statements without one, and of the editors' demands."""
    for statement in source.statements.all():
        links_changed(statement)


@transaction.atomic
def date_demand(demand: Demand) -> None:
    """Store when a demand was first raised by a published statement."""
    # Whoever publishes another statement that makes it reads after we have written.
    Demand.objects.select_for_update().order_by("pk").get(pk=demand.pk)
    made = DemandAsMade.objects.filter(
        demand=demand, statement__in=Statement.objects.readable()
    ).select_related("statement__source")
    dates = [date for date in (one.raised for one in made) if date]
    demand.raised = min(dates, key=lambda one: one.sort_day, default=None)
    demand.raised_on = demand.raised.sort_day if demand.raised else None
    demand.save(update_fields=["raised_earliest", "raised_latest", "raised_precision", "raised_on"])


def make_public(records: models.QuerySet) -> None:
    """Give records, and for those in a tree their parents and parts, a public address."""
    model = records.model
    ids = set(records.filter(public_since__isnull=True).values_list("pk", flat=True))
    if not ids:
        return
    hidden = model.objects.filter(pk__in=ids, public_since__isnull=True)
    locked = list(hidden.select_for_update().order_by("pk").values_list("pk", flat=True))
    model.objects.filter(pk__in=locked).update(public_since=timezone.now())
    if hasattr(model, "parent"):
        make_public(model.objects.filter(models.Q(children__in=ids) | models.Q(parent__in=ids)))
    if model is Demand:
        make_public(Person.objects.filter(demands__in=ids))


@transaction.atomic
def record_saved(record: Linked) -> None:
    """A linked record was saved: it is public as soon as a parent or a part of it is."""
    model = type(record)
    if hasattr(model, "parent"):
        near = models.Q(children=record.pk) | models.Q(parent=record.pk)
        if record.parent_id:
            near |= models.Q(pk=record.parent_id)
        relatives = model.objects.filter(near)
        if record.is_public:
            make_public(relatives)
        elif relatives.published().exists():
            make_public(model.objects.filter(pk=record.pk))
    if isinstance(record, Demand) and record.is_public:
        make_public(Person.objects.filter(demands=record))
    for person in concealed_persons_of(record):
        forget_former_addresses(person)


# Editions


def take_edition(record: Guarded, edition: int) -> None:
    """Count one more save of a record, if nobody else saved it since `edition`."""
    taken = (
        type(record).objects.filter(pk=record.pk, edition=edition).update(edition=F("edition") + 1)
    )
    if not taken:
        raise EditedMeanwhile
    record.edition = edition + 1
