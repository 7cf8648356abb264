"""Sealing a former version: its number and day stay, its words go."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone

from statements import erasures
from statements.auditing import workflow as auditing
from statements.data import workflow as dumps
from statements.models import Correction, Revision, Statement, Text


class NotSealable(Exception):
    """It is no version, or sealed already, or its words are still those that are read or edited."""


def can_be_sealed(revision: Revision, text: Text) -> bool:
    """Whether nobody reads, edits or waits for these words any more."""
    in_use = {text.live_revision_id, text.working_revision_id, text.approved_revision_id}
    return bool(revision.number and not revision.sealed_at) and revision.pk not in in_use


@transaction.atomic
def seal(
    revision: Revision,
    *,
    by: AbstractBaseUser | None,
    reason: str,
    note: str = "",
    language: str = "en",
) -> None:
    """Take the words of a former version away for good, also from drafts that led to it.

    The register says that a version was sealed, and why. Its fingerprints go too: of a short text
    they could confirm a guess. Raises NotSealable.
    """
    # The statement before its texts, as everywhere: the entry in the register holds it too.
    Statement.objects.select_for_update(of=("self",)).get(texts=revision.text_id)
    text = Text.objects.select_for_update().get(pk=revision.text_id)
    revision.refresh_from_db()
    if not can_be_sealed(revision, text):
        raise NotSealable
    nothing = dict.fromkeys([*Revision.FIELDS, "why", "fingerprint", "own_fingerprint"], "")
    gone = [revision.pk, *_drafts_of(revision, text).values_list("pk", flat=True)]
    Revision.objects.filter(pk__in=gone).update(sealed_at=timezone.now(), **nothing)
    Correction.objects.create(
        statement_id=text.statement_id,
        kind=Correction.Kind.SEALING,
        reason=reason,
        note=note,
        language=language,
    )
    # It may have been the live one when the dump was made.
    dumps.drop()
    erasures.note(erasures.Kind.SEALED, revision, value=reason)
    auditing.decide("seal", text, by=by, before=f"revision-{revision.pk}", code=reason)


def _drafts_of(revision: Revision, text: Text) -> models.QuerySet[Revision]:
    """What was saved between the version before and this one: the same words, or nearly."""
    in_use = [text.live_revision_id, text.working_revision_id, text.approved_revision_id]
    last = text.revisions.filter(number__lt=revision.number).order_by("-number").first()
    drafts = text.revisions.filter(number__isnull=True, pk__lt=revision.pk)
    if last:
        drafts = drafts.filter(pk__gt=last.pk)
    return drafts.exclude(pk__in=[one for one in in_use if one])
