"""What a dry run of a release set found, for people: what goes out, and what stops it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from statements import naming
from statements.models import (
    Demand,
    Event,
    Naming,
    Organisation,
    Person,
    Refusal,
    ReleaseMember,
    ReleaseSet,
)
from statements.models.base import Linked
from statements.models.safety import persons_concerned
from statements.publishing import outgoing, releases


@dataclass
class Row:
    """A text as readers will see it in a list."""

    member: ReleaseMember
    title: str
    address: str
    number: int | None
    change: str
    blockers: list[str | Promise] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class DryRun:
    def __init__(self, release: ReleaseSet, outcome: outgoing.Outcome) -> None:
        self.release, self.outcome = release, outcome
        self.key = releases.key(release, outcome)
        self.concealed = Naming.objects.concealed_in([one.text for one in outcome.members])
        self.rows = [self._row(one) for one in outcome.members]
        self.records = [
            (model._meta.verbose_name_plural, shown)
            for model in (Event, Demand, Organisation, Person)
            if (shown := list(self._shown(model)))
        ]

    @property
    def blockers(self) -> list[str]:
        """What speaks against the set itself."""
        found = []
        if not self.rows:
            found.append(_("There is no text in it."))
        if not self.release.at:
            found.append(_("It has no moment yet."))
        elif self.release.at <= timezone.now():
            found.append(_("Its moment has passed."))
        return found

    @property
    def is_possible(self) -> bool:
        return self.outcome.is_possible and not self.blockers

    def _row(self, member: ReleaseMember) -> Row:
        text, revision = member.text, member.revision
        row = Row(
            member,
            title=naming.conceal(revision.title, self.concealed.get(text.pk, [])),
            address=unquote(text.get_absolute_url()),
            number=revision.number,
            change=member.change_words,
            warnings=list(self._warnings(member)),
        )
        if member.refusal:
            row.blockers.append(Refusal(member.refusal).label)
        if member in self.outcome.own:
            row.blockers.append(_("You wrote these words: somebody else schedules the set."))
        return row

    def _warnings(self, member: ReleaseMember) -> Iterator[str]:
        statement = member.text.statement
        if statement.standing not in statement.READABLE:
            standing = statement.get_standing_display()
            yield _("Readers see a notice in its place: %(standing)s.") % {"standing": standing}
        at = self.release.at
        if at and statement.next_standing_at and statement.next_standing_at <= at:
            yield _("The standing of its statement changes before.")
        if statement.attachments.unfinished().exists():
            yield _("An attachment is not shown: nobody has said who made it, or its licence.")
        shown = [one.name_shown for one in persons_concerned(statement.pk)]
        if shown:
            names = pgettext("between the entries of a short list", ", ").join(shown)
            yield _("Shows people whom it could harm to be named: %(names)s.") % {"names": names}

    def _shown(self, model: type[Linked]) -> Iterator[tuple[str, str]]:
        """Names as readers will see them; whoever is withheld is not seen."""
        rows = model.objects.filter(pk__in=self.outcome.with_them.get(model, ())).named()
        if model is Person:
            rows = rows.exclude(shown_as=Person.Shown.WITHHELD)
        for record in rows:
            yield record.name_shown, record.name_language
