"""Release sets: several texts that go out together, or not at all."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from statements.models.base import LanguageField
from statements.models.refusal import Refusal
from statements.plain import LineField


class ReleaseSetQuerySet(models.QuerySet):
    def prepared(self) -> ReleaseSetQuerySet:
        """Those that texts can be put into."""
        return self.filter(state=ReleaseSet.State.PREPARED)

    def scheduled(self) -> ReleaseSetQuerySet:
        """Those that go out at an hour to come, the next one first."""
        return self.filter(state=ReleaseSet.State.SCHEDULED).order_by("at", "pk")

    def refused(self) -> ReleaseSetQuerySet:
        """Those that could not go out, and nobody has settled."""
        return self.filter(state=ReleaseSet.State.REFUSED).order_by("at", "pk")


class ReleaseSet(models.Model):
    """A name, a moment, and texts. statements/publishing/states.py says what leads to what."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("being prepared")
        SCHEDULED = "scheduled", _("scheduled")
        RELEASED = "released", _("released")
        REFUSED = "refused", _("refused at its hour")
        CANCELLED = "cancelled", _("cancelled")

    name = LineField(_("name"), max_length=200, help_text=_("For colleagues. Never public."))
    at = models.DateTimeField(_("goes out at"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=9, choices=State, default=State.PREPARED, editable=False
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = ReleaseSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("release set")
        verbose_name_plural = _("release sets")
        # Who may publish may do all of it: statements/rights.py.
        default_permissions = ()
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["at"],
                name="scheduled_release_set",
                condition=models.Q(state="scheduled"),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=("prepared", "cancelled"))
                | models.Q(at__isnull=False),
                name="release_set_has_its_hour",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page for publishers; the public has none."""
        return reverse("admin:statements_releaseset_change", args=[self.pk])

    @property
    def is_prepared(self) -> bool:
        return self.state == self.State.PREPARED


class ReleaseMemberQuerySet(models.QuerySet):
    def not_as_approved(self) -> ReleaseMemberQuerySet:
        """Those that hold back their set: their words were changed, or sent back."""
        return self.exclude(text__approved_revision=models.F("revision"))


class ReleaseMember(models.Model):
    """One text of a set, with the very words that go out and what readers are told of them.

    While its set is open the text's own `release` points at the set, so that it is in one alone.
    """

    release = models.ForeignKey(ReleaseSet, models.CASCADE, related_name="members")
    # A draft that waits in a set is not thrown away: without it the set would go out in part.
    text = models.ForeignKey(
        "Text", models.PROTECT, related_name="memberships", verbose_name=_("text")
    )
    revision = models.ForeignKey("Revision", models.PROTECT, related_name="+")
    change = models.CharField(max_length=16, blank=True, editable=False)
    note = models.TextField(max_length=1000, blank=True, editable=False)
    note_language = LanguageField(default="en", editable=False)
    # Why it held back the set, once the hour has passed.
    refusal = models.CharField(max_length=10, choices=Refusal, blank=True, editable=False)

    objects = ReleaseMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of a release set")
        verbose_name_plural = _("texts of release sets")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["release", "text"], name="release_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.text_id} in {self.release_id}"

    @property
    def change_words(self) -> str:
        return self.revision.Change(self.change).label if self.change else ""

    @property
    def is_as_approved(self) -> bool:
        """Whether the words are still those that were put into the set."""
        return self.text.approved_revision_id == self.revision_id
