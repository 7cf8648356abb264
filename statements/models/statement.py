"""Statements: what one or more organisations said, whatever the language."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import ItemBase, Tag

from statements.dates import PartialDateColumns, partial_date_constraint
from statements.models.base import Guarded, LanguageField, Listed
from statements.models.demand import Demand
from statements.models.demandasmade import DemandAsMade
from statements.models.event import Event
from statements.models.organisation import Organisation
from statements.models.place import Place
from statements.models.refusal import Refusal
from statements.models.source import Source
from statements.plain import LineField


class Tagging(ItemBase):
    """A statement's tag: a plain foreign key, so that a list by tag is served by an index."""

    # The index that starts with it is below.
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="taggings", db_index=False)
    content_object = models.ForeignKey("Statement", models.CASCADE, related_name="taggings")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="tagged_once")
        ]
        indexes = [models.Index(fields=["tag", "content_object"], name="statements_by_tag")]


class StatementQuerySet(models.QuerySet):
    def published(self) -> StatementQuerySet:
        """Statements with at least one text that is public: their address answers."""
        return self.filter(public_since__isnull=False)

    def readable(self) -> StatementQuerySet:
        """Published statements whose words may be shown: lists, feeds and counts start here."""
        return self.filter(is_readable=True)

    def taken_back(self) -> StatementQuerySet:
        """Published ones whose words are no longer shown: their address gives a notice."""
        return self.published().filter(is_readable=False)

    def current(self) -> StatementQuerySet:
        """Those that are not archived: the home page shows no others."""
        return self.readable().filter(standing=Statement.Standing.CURRENT)

    def newest_first(self) -> StatementQuerySet:
        return self.order_by("-sort_on", "-pk")

    def titled(self) -> StatementQuerySet:
        """Annotate `working_title`, which names a statement to its editors, drafts included."""
        leading = self.model.texts.rel.related_model.objects.filter(
            statement=models.OuterRef("pk"), is_leading=True
        )
        return self.annotate(
            working_title=models.Subquery(leading.values("working_revision__title")[:1])
        )


class Statement(Guarded):
    class Kind(models.TextChoices):
        STATEMENT = "statement", _("statement")
        JOINT = "joint", _("joint statement")
        OPEN_LETTER = "open-letter", _("open letter")
        APPEAL = "appeal", _("appeal")
        URGENT_APPEAL = "urgent-appeal", _("urgent appeal")
        DECLARATION = "declaration", _("declaration")
        RESOLUTION = "resolution", _("resolution")
        MESSAGE = "message", _("message")
        CALL = "call", _("call to action")

    class Standing(models.TextChoices):
        CURRENT = "current", _("current")
        ARCHIVED = "archived", _("archived")
        WITHDRAWN = "withdrawn", _("withdrawn by its organisation")
        RETRACTED = "retracted", _("retracted by the editors")
        TAKEN_DOWN = "taken-down", _("taken down")

    READABLE = (Standing.CURRENT, Standing.ARCHIVED)

    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.STATEMENT)
    issued = PartialDateColumns(_("issued"))
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        verbose_name=_("source"),
    )
    places = models.ManyToManyField(
        Place, related_name="statements", blank=True, verbose_name=_("places it is about")
    )
    events = models.ManyToManyField(
        Event, related_name="statements", blank=True, verbose_name=_("events")
    )
    organisations = models.ManyToManyField(
        Organisation, through="Authorship", related_name="statements"
    )
    demands = models.ManyToManyField(Demand, through=DemandAsMade, related_name="statements")
    tags = TaggableManager(through=Tagging, blank=True, verbose_name=_("tags"))
    is_example = models.BooleanField(
        _("invented example"),
        default=False,
        help_text=_("Shown with a visible mark wherever the statement is named."),
    )
    licence = LineField(
        _("licence"),
        max_length=100,
        blank=True,
        help_text=_("Where its issuers said so, for example: CC BY-SA 4.0. Empty: the site's own."),
    )
    # Whether words of it came through the public form. It outlives the submission, of which
    # nothing else is kept: such words need four eyes for ever.
    is_from_submission = models.BooleanField(
        _("words of it came through the public form"), default=False, editable=False
    )
    import_fingerprint = models.CharField(
        max_length=64, unique=True, null=True, blank=True, editable=False
    )
    # Last day of issued, first where the last is open, else the source's date, else ours.
    sort_on = models.DateField(_("day"), editable=False)
    public_since = models.DateTimeField(_("public since"), null=True, blank=True, editable=False)
    standing = models.CharField(
        _("standing"), max_length=10, choices=Standing, default=Standing.CURRENT, editable=False
    )
    # What a schedule will move the standing to, and when.
    next_standing = models.CharField(
        _("next standing"), max_length=10, choices=Standing, blank=True, editable=False
    )
    next_standing_at = models.DateTimeField(null=True, editable=False)
    # Why something is going to be taken down: a code of Correction.Reason.
    next_reason = models.CharField(max_length=16, blank=True, editable=False)
    # What readers will be told of it.
    next_note = models.TextField(max_length=1000, blank=True, editable=False)
    next_note_language = LanguageField(default="en", editable=False)
    # Why it did not happen at its hour; empty again as soon as something is done about it.
    next_refusal = models.CharField(max_length=10, choices=Refusal, blank=True, editable=False)
    # Both gates in one column, so that one index serves every list.
    is_readable = models.GeneratedField(
        expression=models.Q(public_since__isnull=False, standing__in=("current", "archived")),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    # Whether search engines may list its pages: as the safety check in force says.
    may_be_indexed = models.BooleanField(default=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        default_permissions = ("add", "change", "delete", "view", "publish")
        ordering = ["-sort_on", "-pk"]
        indexes = [
            models.Index(fields=["-sort_on", "-id"], name="statement_by_day"),
            models.Index(
                fields=["-sort_on", "-id"],
                name="readable_statement_by_day",
                condition=models.Q(is_readable=True),
            ),
            models.Index(
                fields=["kind", "-sort_on", "-id"],
                name="readable_statement_by_kind",
                condition=models.Q(is_readable=True),
            ),
            models.Index(
                fields=["-id"],
                name="statement_taken_back",
                condition=models.Q(is_readable=False, public_since__isnull=False),
            ),
            models.Index(
                fields=["next_standing_at"],
                name="scheduled_standing",
                condition=models.Q(next_standing_at__isnull=False),
            ),
        ]
        constraints = [
            partial_date_constraint("statement", "issued"),
            models.CheckConstraint(
                condition=models.Q(next_standing="", next_standing_at__isnull=True)
                | (~models.Q(next_standing="") & models.Q(next_standing_at__isnull=False)),
                name="next_standing_has_its_hour",
            ),
        ]

    def __str__(self) -> str:
        return getattr(self, "working_title", None) or f"{self.get_kind_display()} {self.pk}"

    @property
    def is_public(self) -> bool:
        return self.public_since is not None


class Authorship(Listed):
    """Who issued a statement, in the order printed: an organisation, or a name as printed alone."""

    class Role(models.TextChoices):
        AUTHOR = "author", _("author")
        SIGNATORY = "signatory", _("signatory as printed")

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="authorships")
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="authorships",
        verbose_name=_("organisation"),
    )
    name_as_printed = LineField(_("name as printed"), max_length=300, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.AUTHOR)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("author or signatory")
        verbose_name_plural = _("authors and signatories")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=False) | ~models.Q(name_as_printed=""),
                name="authorship_names_somebody",
            ),
            models.UniqueConstraint(
                fields=["statement", "organisation", "role"], name="authorship_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name_as_printed or str(self.organisation)


class StatementRelation(models.Model):
    """What a statement says of another one."""

    class Kind(models.TextChoices):
        RESPONDS = "responds", _("responds to")
        UPDATES = "updates", _("updates")
        REPLACES = "replaces", _("replaces")
        DISTANCES = "distances", _("distances itself from")

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="relations")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    other = models.ForeignKey(
        Statement, models.CASCADE, related_name="related_from", verbose_name=_("other statement")
    )

    class Meta:
        verbose_name = _("relation to another statement")
        verbose_name_plural = _("relations to other statements")
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "kind", "other"], name="statement_relation_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(statement=models.F("other")), name="statement_relates_to_other"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.other_id}"
