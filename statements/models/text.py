"""Texts: a statement in one language, and the revisions that hold its words."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from statements import languages
from statements.markup import HTMLField
from statements.models.base import Guarded, LanguageField, Listed, SlugField
from statements.models.demandasmade import DemandAsMade
from statements.models.refusal import Refusal
from statements.models.releaseset import ReleaseSet
from statements.models.statement import Statement
from statements.paths import path_of
from statements.plain import LineField


class TextQuerySet(models.QuerySet):
    def published(self) -> TextQuerySet:
        """Texts whose address answers: pages, feeds, API and mirror all start here."""
        return self.filter(live_revision__isnull=False)

    def readable(self) -> TextQuerySet:
        """Published texts whose words may be shown."""
        return self.published().filter(statement__is_readable=True)

    def quoted(self) -> TextQuerySet:
        """Those that words of demands are quoted from."""
        return self.filter(models.Exists(Quotation.objects.filter(text=models.OuterRef("pk"))))

    def dated(self) -> TextQuerySet:
        """Annotate `public_since`: when the first version was published here."""
        first = Revision.objects.filter(text=models.OuterRef("pk"), number=1)
        return self.annotate(public_since=models.Subquery(first.values("published_at")[:1]))

    def scheduled(self) -> TextQuerySet:
        """Those that are published at an hour to come, the next one first."""
        return self.filter(scheduled_for__isnull=False).order_by("scheduled_for", "pk")

    def newest_first(self) -> TextQuerySet:
        return self.order_by("-statement__sort_on", "-statement_id", "pk")


class Text(Guarded):
    """A statement in one language. Public exactly when `live_revision` is set."""

    class Authority(models.TextChoices):
        ORIGINAL = "original", _("original")
        EQUAL = "equal", _("equally authentic")
        ORGANISATION = "organisation", _("translation by the organisation")
        AUTHORISED = "authorised", _("authorised translation")
        UNOFFICIAL = "unofficial", _("unofficial translation")
        MACHINE = "machine", _("machine draft")
        UNKNOWN = "unknown", _("not known")

    class State(models.TextChoices):
        """What is being done with the working revision; empty where that is the live one."""

        DRAFT = "draft", _("draft")
        IN_REVIEW = "in-review", _("in review")
        APPROVED = "approved", _("approved")
        SCHEDULED = "scheduled", _("scheduled")

    SETTLED = (State.APPROVED, State.SCHEDULED)

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="texts")
    language = LanguageField()
    is_leading = models.BooleanField(_("leading text"), default=False)
    authority = models.CharField(
        _("authority"), max_length=12, choices=Authority, default=Authority.UNKNOWN
    )
    translator = LineField(_("translator"), max_length=200, blank=True)
    slug = SlugField()
    translated_from = models.ForeignKey(
        "Revision",
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="translations",
        verbose_name=_("translated from"),
    )
    # RESTRICT, because a draft goes with its own revisions, and no revision goes alone.
    working_revision = models.ForeignKey(
        "Revision", models.RESTRICT, null=True, related_name="+", editable=False
    )
    live_revision = models.ForeignKey(
        "Revision", models.RESTRICT, null=True, related_name="+", editable=False
    )
    # When what visitors see of it last changed: its version, its standing, how a name is shown.
    changed_at = models.DateTimeField(null=True, editable=False)
    # No gate reads these: statements/publishing/states.py says which state leads to which.
    state = models.CharField(
        _("working state"),
        max_length=10,
        choices=State,
        default=State.DRAFT,
        blank=True,
        editable=False,
    )
    # The words that were approved, which are those that a schedule publishes.
    approved_revision = models.ForeignKey(
        "Revision", models.RESTRICT, null=True, related_name="+", editable=False
    )
    scheduled_for = models.DateTimeField(_("scheduled for"), null=True, editable=False)
    # What readers will be told of the version that is scheduled.
    scheduled_change = models.CharField(max_length=16, blank=True, editable=False)
    scheduled_note = models.TextField(max_length=1000, blank=True, editable=False)
    scheduled_note_language = LanguageField(default="en", editable=False)
    # Why it was not published at its hour; empty again as soon as something is done about it.
    refusal = models.CharField(max_length=10, choices=Refusal, blank=True, editable=False)
    # The open set that it goes out with: one at most, and then not at an hour of its own.
    release = models.ForeignKey(
        ReleaseSet, models.PROTECT, null=True, related_name="texts", editable=False
    )

    objects = TextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["-is_leading", "language"]
        indexes = [
            models.Index(
                fields=["language", "statement"],
                name="public_text_by_language",
                condition=models.Q(live_revision__isnull=False),
            ),
            models.Index(
                fields=["-changed_at", "-id"],
                name="public_text_by_change",
                condition=models.Q(live_revision__isnull=False),
            ),
            models.Index(
                fields=["scheduled_for"],
                name="scheduled_text",
                condition=models.Q(scheduled_for__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["statement", "language"], name="text_once_a_language"),
            models.UniqueConstraint(
                fields=["statement"],
                condition=models.Q(is_leading=True),
                name="one_leading_text",
            ),
            models.CheckConstraint(
                condition=models.Q(live_revision__isnull=True) | models.Q(changed_at__isnull=False),
                name="public_text_has_its_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state="",
                    live_revision__isnull=False,
                    working_revision=models.F("live_revision"),
                )
                | (
                    ~models.Q(state="")
                    & (
                        models.Q(working_revision__isnull=True)
                        | models.Q(live_revision__isnull=True)
                        | ~models.Q(working_revision=models.F("live_revision"))
                    )
                ),
                name="text_state_of_what_is_not_live",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=("approved", "scheduled"),
                    approved_revision__isnull=False,
                    approved_revision=models.F("working_revision"),
                )
                | (
                    ~models.Q(state__in=("approved", "scheduled"))
                    & models.Q(approved_revision__isnull=True)
                ),
                name="text_approval_names_its_words",
            ),
            models.CheckConstraint(
                condition=models.Q(state="scheduled", scheduled_for__isnull=False)
                | (~models.Q(state="scheduled") & models.Q(scheduled_for__isnull=True)),
                name="text_schedule_names_its_hour",
            ),
            models.CheckConstraint(
                condition=models.Q(release__isnull=True) | ~models.Q(state="scheduled"),
                name="text_goes_out_alone_or_in_a_set",
            ),
        ]

    def __str__(self) -> str:
        revision = self.working_revision
        return revision.title if revision else self.slug

    def get_absolute_url(self) -> str:
        return path_of("pages:statement", self.slug)

    @property
    def is_public(self) -> bool:
        return self.live_revision_id is not None

    @property
    def is_draft(self) -> bool:
        """Whether the working words differ from what visitors see."""
        return self.working_revision_id != self.live_revision_id

    @property
    def direction(self) -> str:
        return languages.direction(self.language)


class Revision(Listed):
    """One saved state of a text's words; the words live nowhere else.

    Once published it has a version number, and its words never change; a former version can be
    sealed.
    """

    # Name and whether it is rich text, in reading order.
    FIELDS = {
        "surtitle": False,
        "title": False,
        "subtitle": False,
        "introduction": True,
        "original_title": False,
        "body": True,
        "postscript": True,
    }

    class Change(models.TextChoices):
        """What a version after the first did to the one before."""

        CORRECTION = "correction", _("correction: something was wrong")
        CLARIFICATION = "clarification", _("clarification: something was not clear")
        UPDATE = "update", _("update: something happened since")
        TYPOGRAPHICAL = "typographical", _("typographical: no word means anything else")

    text = models.ForeignKey(Text, models.CASCADE, related_name="revisions")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    why = LineField(_("why"), max_length=300, blank=True)

    surtitle = LineField(_("surtitle"), max_length=200, blank=True)
    title = LineField(_("title"), max_length=300)
    subtitle = LineField(_("subtitle"), max_length=300, blank=True)
    introduction = HTMLField(
        _("introduction"), blank=True, help_text=_("The editors' note before the text.")
    )
    original_title = LineField(
        _("original title"),
        max_length=300,
        blank=True,
        help_text=_("The organisation's own title, where the page's title is the editors'."),
    )
    body = HTMLField(_("body"), blank=True, help_text=_("The organisation's own words."))
    postscript = HTMLField(_("postscript"), blank=True, help_text=_("What follows the signature."))

    number = models.PositiveIntegerField(_("version"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    change = models.CharField(
        _("kind of change"), max_length=16, choices=Change, blank=True, editable=False
    )
    # SHA-256 over the plain words: of everything, and of the organisation's own part. Of a text
    # that conceals a name neither is shown, nor answered for: guesses at the name could be tried.
    fingerprint = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    own_fingerprint = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    # Its number and day stay, its words are gone.
    sealed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["text", "number"], name="version_number_once"),
            models.CheckConstraint(
                condition=models.Q(number__isnull=True, published_at__isnull=True)
                | models.Q(number__isnull=False, published_at__isnull=False),
                name="version_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def words(self) -> dict[str, str]:
        """The fields that make the text, by name, in reading order."""
        return {name: getattr(self, name) for name in self.FIELDS}


class QuotationQuerySet(models.QuerySet):
    def readable(self) -> QuotationQuerySet:
        """Quotations that the live version of a public text contains."""
        return self.filter(in_live=True, text__live_revision__isnull=False)

    def broken(self) -> QuotationQuerySet:
        """Quotations that the working words no longer contain, and nobody has settled."""
        return self.filter(in_working=False, is_gone=False)


class Quotation(Listed):
    """The exact words in one text that make a demand.

    `in_working` and `in_live` are kept by workflow: whether the working and the live revision
    contain the words (NFC, white space collapsed).
    """

    class Field(models.TextChoices):
        TITLE = "title", _("title")
        SUBTITLE = "subtitle", _("subtitle")
        INTRODUCTION = "introduction", _("introduction")
        ORIGINAL_TITLE = "original_title", _("original title")
        BODY = "body", _("body")
        POSTSCRIPT = "postscript", _("postscript")

    made = models.ForeignKey(
        DemandAsMade, models.CASCADE, related_name="quotations", verbose_name=_("demand made")
    )
    text = models.ForeignKey(Text, models.CASCADE, related_name="quotations")
    field = models.CharField(_("part"), max_length=14, choices=Field, default=Field.BODY)
    words = models.TextField(_("words"), max_length=2000)
    in_working = models.BooleanField(default=True, editable=False)
    in_live = models.BooleanField(default=False, editable=False)
    is_gone = models.BooleanField(
        _("not in this version"),
        default=False,
        help_text=_("The words were taken out of the text, and that is meant so."),
    )

    objects = QuotationQuerySet.as_manager()

    class Meta:
        verbose_name = _("quotation")
        verbose_name_plural = _("quotations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["made", "text", "field", "words"], name="quotation_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["text"],
                name="broken_quotation",
                condition=models.Q(in_working=False, is_gone=False),
            )
        ]

    def __str__(self) -> str:
        return self.words
