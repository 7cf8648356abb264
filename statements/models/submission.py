"""Submissions: what strangers sent. Nothing of them is public; contact details are nowhere else."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxLengthValidator, URLValidator
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from statements import languages
from statements.dates import PartialDateColumns, partial_date_constraint
from statements.markup import PUBLIC_LENGTH
from statements.models.base import LanguageField
from statements.models.event import Event
from statements.models.organisation import Organisation
from statements.models.statement import Statement
from statements.models.text import Text
from statements.plain import LineField

MOST_DEMANDS = 5_000
MOST_NOTE = 5_000
# BCP 47 for a language that nobody has named.
UNDETERMINED = "und"
HANDLE_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def new_handle() -> str:
    """A name for a submission that can be read aloud; it opens nothing."""
    return get_random_string(12, HANDLE_LETTERS)


def at_most(field: str, length: int) -> models.CheckConstraint:
    """The database refuses more than the form does, whoever writes."""
    return models.CheckConstraint(
        condition=LessThanOrEqual(Length(field), length), name=f"%(class)s_{field}_length"
    )


class SubmissionQuerySet(models.QuerySet):
    def waiting(self) -> SubmissionQuerySet:
        """Those that nobody has taken up, the oldest first."""
        return self.filter(state=Submission.State.RECEIVED).order_by("received_at", "pk")

    def open(self) -> SubmissionQuerySet:
        return self.filter(state__in=Submission.OPEN)

    def quarantined(self) -> SubmissionQuerySet:
        """Those in doubt, the oldest first."""
        return self.filter(state=Submission.State.QUARANTINED).order_by("received_at", "pk")

    def in_review(self) -> SubmissionQuerySet:
        return self.filter(state=Submission.State.IN_REVIEW).order_by("taken_up_at", "pk")

    def waiting_for_sender(self) -> SubmissionQuerySet:
        return self.filter(state=Submission.State.CHANGES_REQUESTED).order_by("taken_up_at", "pk")

    def to_be_taken_back(self) -> SubmissionQuerySet:
        """Accepted ones whose sender asks for their withdrawal."""
        asked = self.filter(withdrawal_asked_at__isnull=False, state=Submission.State.ACCEPTED)
        return asked.order_by("withdrawal_asked_at", "pk")

    def decided(self) -> SubmissionQuerySet:
        """Accepted, declined, withdrawn and spam, the last one first."""
        return self.filter(closed_at__isnull=False).order_by("-closed_at", "-pk")

    def with_last_word(self) -> SubmissionQuerySet:
        """Annotate `is_answered`: whether the sender wrote the last message."""
        messages = SubmissionMessage.objects.filter(submission=models.OuterRef("pk"))
        last = messages.order_by("-pk").values("is_from_sender")[:1]
        return self.annotate(is_answered=models.Subquery(last))


class Submission(models.Model):
    class State(models.TextChoices):
        QUARANTINED = "quarantined", _("quarantined")
        RECEIVED = "received", _("received")
        IN_REVIEW = "in-review", _("in review")
        CHANGES_REQUESTED = "changes-requested", _("changes requested")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")
        SPAM = "spam", _("spam")

    OPEN = (State.QUARANTINED, State.RECEIVED, State.IN_REVIEW, State.CHANGES_REQUESTED)

    class Sender(models.TextChoices):
        ORGANISATION = "organisation", _("the organisation that issued it")
        OTHER = "other", _("somebody else who passes it on")

    class Risk(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")
        UNSURE = "unsure", _("I am not sure")

    class Doubt(models.TextChoices):
        """Why it is not among the others at once."""

        HONEYPOT = "honeypot", _("filled in a field that people do not see")
        STAMP = "stamp", _("the form was not ours, or was sent twice")
        FAST = "fast", _("sent within two seconds")
        OLD = "old", _("sent more than a day after the form was opened")
        PROOF = "proof", _("no proof of work: often a browser without JavaScript")
        LIMIT = "limit", _("many came from this network")
        LINKS = "links", _("many links")
        DUPLICATE = "duplicate", _("the same text was sent before")

    handle = models.CharField(
        _("handle"), max_length=12, unique=True, default=new_handle, editable=False
    )
    state = models.CharField(_("state"), max_length=18, choices=State, default=State.RECEIVED)
    # Codes of Doubt, with spaces between them.
    doubts = models.CharField(_("doubts"), max_length=100, blank=True, editable=False)

    # What the sender claims.
    sender = models.CharField(_("sent by"), max_length=12, choices=Sender)
    organisation_name = LineField(_("organisation"), max_length=300)
    organisation_website = models.URLField(
        _("website"), max_length=500, blank=True, validators=[URLValidator(["http", "https"])]
    )
    sender_role = LineField(_("capacity of the sender"), max_length=200, blank=True)
    risk = models.CharField(_("could somebody be put at risk"), max_length=6, choices=Risk)
    note = models.TextField(_("note to the editors"), blank=True)

    # What was sent, to the letter.
    title = LineField(_("title"), max_length=300)
    language = LanguageField()
    text = models.TextField(_("text"), validators=[MaxLengthValidator(PUBLIC_LENGTH)])
    issued = PartialDateColumns(_("issued"))
    url = models.URLField(
        _("address of the original"),
        max_length=1000,
        blank=True,
        validators=[URLValidator(["http", "https"])],
    )
    demands = models.TextField(_("demands, one a line"), blank=True)
    event = models.ForeignKey(
        Event, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("event")
    )
    new_event = LineField(_("new event"), max_length=300, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation on this site"),
    )

    # How the sender can be reached: sealed, and erased when its purpose ends.
    email_sealed = models.TextField(_("e-mail address, sealed"), blank=True, editable=False)
    email_digest = models.CharField(
        _("digest of the e-mail address"), max_length=64, blank=True, editable=False
    )
    reply_language = models.CharField(
        _("language of our messages"), max_length=10, default=settings.LANGUAGE_CODE
    )

    consent = models.BooleanField(_("consent"), default=False, editable=False)
    consent_version = models.CharField(_("version of the consent"), max_length=20, editable=False)
    consented_at = models.DateTimeField(_("consented"), editable=False)

    # What the form that was sent, and its words, are recognised by when they come again.
    stamp_digest = models.CharField(_("digest of the form"), max_length=64, unique=True)
    text_digest = models.CharField(_("digest of the text"), max_length=64, db_index=True)

    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="submissions",
        verbose_name=_("moderator"),
    )
    statement = models.ForeignKey(
        Statement,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="submissions",
        verbose_name=_("statement"),
    )
    # The text that it became: the statement's leading one, or one more of an older statement.
    accepted_text = models.ForeignKey(
        Text,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="submissions",
        verbose_name=_("text"),
    )
    # The code of a DeclineReason.
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    received_at = models.DateTimeField(_("received"))
    taken_up_at = models.DateTimeField(_("taken up"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    # Why its sender asks for that: for moderators alone.
    withdrawal_words = models.TextField(max_length=2000, blank=True)
    withdrawal_asked_at = models.DateTimeField(_("withdrawal asked for"), null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        # "moderate": see it and decide on it.
        default_permissions = ("view", "moderate")
        ordering = ["received_at", "pk"]
        indexes = [
            models.Index(fields=["state", "received_at", "id"], name="submission_by_state"),
            models.Index(fields=["moderator", "state"], name="submission_by_moderator"),
            models.Index(
                fields=["-closed_at", "-id"],
                name="submission_by_decision",
                condition=models.Q(closed_at__isnull=False),
            ),
            models.Index(
                fields=["withdrawal_asked_at", "id"],
                name="submission_to_be_taken_back",
                condition=models.Q(withdrawal_asked_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(consent=True) & ~models.Q(consent_version=""),
                name="submission_with_consent",
            ),
            models.CheckConstraint(
                condition=models.Q(email_sealed="", email_digest="")
                | (~models.Q(email_sealed="") & ~models.Q(email_digest="")),
                name="submission_email_with_its_digest",
            ),
            partial_date_constraint("submission", "issued"),
            at_most("text", PUBLIC_LENGTH),
            at_most("demands", MOST_DEMANDS),
            at_most("note", MOST_NOTE),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def has_email(self) -> bool:
        return bool(self.email_sealed)

    @property
    def known_language(self) -> str:
        """The language of its words; empty where the sender found it in no list."""
        return "" if self.language == UNDETERMINED else self.language

    @property
    def direction(self) -> str:
        """For the attribute of that name."""
        return languages.direction(self.language) if self.known_language else "auto"

    @property
    def demand_lines(self) -> list[str]:
        lines = (" ".join(line.split()) for line in self.demands.splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    @property
    def doubt_words(self) -> list[str]:
        return [str(self.Doubt(code).label) for code in self.doubts.split()]


class SubmissionMessage(models.Model):
    """One message between sender and moderators. Both read it."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="messages")
    # Empty for the sender's own, and when the account is gone: is_from_sender tells.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("moderator"),
    )
    is_from_sender = models.BooleanField(_("from the sender"), default=False)
    words = models.TextField(_("words"))
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)

    class Meta:
        verbose_name = _("message about a submission")
        verbose_name_plural = _("messages about submissions")
        ordering = ["pk"]
        constraints = [at_most("words", MOST_NOTE)]

    def __str__(self) -> str:
        return self.words[:80]


class EarlierWords(models.Model):
    """What a submission said before its sender corrected it, to the letter."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="earlier")
    title = LineField(_("title"), max_length=300)
    text = models.TextField(_("text"))
    demands = models.TextField(_("demands, one a line"), blank=True)
    replaced_at = models.DateTimeField(_("replaced"), auto_now_add=True)

    class Meta:
        verbose_name = _("earlier words of a submission")
        verbose_name_plural = _("earlier words of submissions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class ProposedWordsQuerySet(models.QuerySet):
    def open(self) -> ProposedWordsQuerySet:
        """Those that wait for an answer."""
        return self.filter(answer="")

    def overtake(self) -> None:
        """Something else is asked of the sender now."""
        self.open().update(answer=ProposedWords.Answer.OVERTAKEN, answered_at=timezone.now())


class ProposedWords(models.Model):
    """Words that a moderator proposes in place of the sender's, to be accepted or refused."""

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("accepted by the sender")
        REFUSED = "refused", _("refused by the sender")
        OVERTAKEN = "overtaken", _("overtaken by another question")

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="proposals")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("moderator"),
    )
    title = LineField(_("title"), max_length=300)
    text = models.TextField(_("text"))
    proposed_at = models.DateTimeField(_("proposed"), auto_now_add=True)
    answer = models.CharField(_("answer"), max_length=9, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = ProposedWordsQuerySet.as_manager()

    class Meta:
        verbose_name = _("words proposed for a submission")
        verbose_name_plural = _("words proposed for submissions")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [at_most("text", PUBLIC_LENGTH)]

    def __str__(self) -> str:
        return self.title


class Digest(models.Model):
    """When a moderator was last told by mail how much waits."""

    moderator = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="digest", verbose_name=_("moderator")
    )
    sent_on = models.DateField(_("sent on"), null=True)

    class Meta:
        verbose_name = _("digest of a moderator")
        verbose_name_plural = _("digests of moderators")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.moderator)
