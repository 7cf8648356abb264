"""A release set going out, whole: for good, or to see what would go out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from statements import rights
from statements.models import Refusal, ReleaseMember, ReleaseSet, Statement, Text
from statements.publishing import refusals, workflow
from statements.publishing.links import Keys, links_changed

User = workflow.User


@dataclass
class Outcome:
    """The texts of a set, with what held them back; and what becomes public with them."""

    members: list[ReleaseMember]
    with_them: Keys = field(default_factory=dict)
    # Those whose words whoever asks wrote: somebody else schedules the set.
    own: list[ReleaseMember] = field(default_factory=list)

    @property
    def refused(self) -> list[ReleaseMember]:
        return [one for one in self.members if one.refusal]

    @property
    def is_possible(self) -> bool:
        return bool(self.members) and not self.refused and not self.own

    @property
    def key(self) -> str:
        """The same for the same words, and for what readers are told of them."""
        return " ".join(
            f"{one.text_id}-{one.revision_id}-{one.change}-{one.pk}" for one in self.members
        )


class HeldBack(Exception):
    """Something speaks against a text, so nothing of its set goes out."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(f"{len(outcome.refused)} texts are held back")
        self.outcome = outcome


@transaction.atomic
def go_out(release: ReleaseSet, *, now: datetime) -> Outcome:
    """Publish every text of a set that the caller has locked. Raises HeldBack."""
    members = locked_members(release)
    before = {one.pk: one.text.live_revision_id for one in members}
    outcome = _make_all_live(release, members, by=None, now=now)
    if not outcome.is_possible:
        raise HeldBack(outcome)
    # All links at once, then the log: nobody waits in a circle.
    for one in members:
        workflow.record_published(one.revision, one.text, before[one.pk], by=None)
    return outcome


@transaction.atomic
def rehearse(release: ReleaseSet, *, by: User) -> Outcome:
    """What would go out, found out by letting it go out and taking that back."""
    release = ReleaseSet.objects.select_for_update().get(pk=release.pk)
    with transaction.atomic():
        on = timezone.localdate(release.at) if release.at else None
        members = locked_members(release)
        outcome = _make_all_live(release, members, by=by, now=timezone.now(), on=on)
        transaction.set_rollback(True)
    return outcome


def locked_members(release: ReleaseSet) -> list[ReleaseMember]:
    """The texts of a set, those that lead before translations: the set is locked, then its
    statements, then its texts. Texts of one statement share it."""
    rows = ReleaseMember.objects.filter(release=release)
    statements = Statement.objects.filter(texts__in=rows.values("text")).distinct()
    locked = Statement.objects.select_for_update(of=("self",)).order_by("pk")
    by_key = {one.pk: one for one in locked.filter(pk__in=statements.values("pk"))}
    texts = Text.objects.select_for_update(of=("self",)).order_by("pk")
    texts = {one.pk: one for one in texts.filter(pk__in=rows.values("text"))}
    for text in texts.values():
        text.statement = by_key[text.statement_id]
    members = list(rows.select_related("revision"))
    for member in members:
        member.text = member.revision.text = texts[member.text_id]
    return sorted(members, key=lambda one: (not one.text.is_leading, one.pk))


def _make_all_live(
    release: ReleaseSet,
    members: list[ReleaseMember],
    *,
    by: User,
    now: datetime,
    on: date | None = None,
) -> Outcome:
    own = []
    for one in members:
        one.refusal = ""
        if not one.is_as_approved:
            one.refusal = Refusal.WORDS
            continue
        if by and rights.needs_other_eyes(by, one.revision):
            own.append(one)
        told = {"change": one.change, "note": one.note, "note_language": one.note_language}
        try:
            workflow.make_live(
                one.revision,
                one.text,
                one.text.statement,
                by=None,
                now=now,
                on=on,
                release=release.pk,
                **told,
            )
        except refusals.OF_TEXTS as refused:
            one.refusal = refusals.code(refused)
    statements = {one.text.statement_id: one.text.statement for one in members}
    return Outcome(members, links_changed(*statements.values()), own)
