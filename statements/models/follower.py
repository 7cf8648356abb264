"""Followers by e-mail: an address, sealed, and what it is told of. Nothing of them is public."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from statements.models.base import Linked
from statements.models.demand import Demand
from statements.models.event import Event
from statements.models.organisation import Organisation
from statements.models.person import Person
from statements.models.submission import HANDLE_LETTERS, new_handle

# The records that can be followed, what is nearest to somebody first; without any it is the site.
MODELS: dict[str, type[Linked]] = {
    "person": Person,
    "demand": Demand,
    "event": Event,
    "organisation": Organisation,
}
KINDS = tuple(MODELS)
SITE = "site"
# A kind, and the record's id: none for the site.
Key = tuple[str, int]
# Nobody is at one mail for so long: whoever began it was stopped.
STOPPED = timedelta(minutes=5)
# What has a state that can change.
WITH_STATE = ("person", "demand")


def new_seed() -> str:
    """256 random bits."""
    return get_random_string(52, HANDLE_LETTERS)


def new_mailing_handle() -> str:
    """130 random bits, in letters that every mail server leaves as they are."""
    return get_random_string(26, HANDLE_LETTERS)


class Rhythm(models.TextChoices):
    DAILY = "daily", _("once a day")
    WEEKLY = "weekly", _("once a week")
    CHANGE = "change", _("only when its state changes")


def rhythms_of(kind: str) -> list[tuple[str, str]]:
    """What can be chosen for what is followed."""
    return [one for one in Rhythm.choices if one[0] != Rhythm.CHANGE or kind in WITH_STATE]


def nothing_but(*kinds: str) -> models.Q:
    """A condition: of the records only these may be set."""
    return models.Q(**{f"{one}__isnull": True for one in KINDS if one not in kinds})


def constraints(table: str) -> list[models.CheckConstraint]:
    one_at_most = nothing_but()
    for kind in KINDS:
        one_at_most |= nothing_but(kind)
    has_state = models.Q(person__isnull=False) | models.Q(demand__isnull=False)
    return [
        models.CheckConstraint(condition=one_at_most, name=f"{table}_of_one_thing"),
        models.CheckConstraint(
            condition=~models.Q(rhythm=Rhythm.CHANGE) | has_state,
            name=f"{table}_changes_have_a_state",
        ),
        models.CheckConstraint(
            condition=models.Q(rhythm__in=Rhythm.values), name=f"{table}_has_a_rhythm"
        ),
    ]


class Followed(models.Model):
    """What is followed, and how often somebody wants to be told of it."""

    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="%(class)ss")
    demand = models.ForeignKey(Demand, models.CASCADE, null=True, related_name="%(class)ss")
    event = models.ForeignKey(Event, models.CASCADE, null=True, related_name="%(class)ss")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, related_name="%(class)ss"
    )
    rhythm = models.CharField(_("how often"), max_length=6, choices=Rhythm)

    class Meta:
        abstract = True
        default_permissions = ()

    def __str__(self) -> str:
        kind, pk = self.key
        return f"{kind} {pk}" if pk else kind

    @property
    def kind(self) -> str:
        return next((one for one in KINDS if getattr(self, f"{one}_id")), SITE)

    @property
    def key(self) -> Key:
        return self.kind, getattr(self, f"{self.kind}_id", 0)


def readable_records(keys: Iterable[Key]) -> dict[Key, Linked]:
    """What is followed, as it may be named; a query for each kind.

    What may not be shown any more is not among them.
    """
    wanted: dict[str, set[int]] = {}
    for kind, pk in keys:
        if kind in MODELS:
            wanted.setdefault(kind, set()).add(pk)
    return {
        (kind, record.pk): record
        for kind, ids in wanted.items()
        for record in MODELS[kind].objects.readable().named().filter(pk__in=ids)
    }


def columns_of(record: Linked | None) -> dict[str, Linked | None]:
    """The columns that say what is followed; none of them for the site."""
    return {one: record if record and record._meta.model_name == one else None for one in KINDS}


class FollowRequest(Followed):
    """Somebody gave an address, and nobody has confirmed it yet: it is kept for some days."""

    # In the address of its page; it opens nothing.
    handle = models.CharField(max_length=12, unique=True, default=new_handle, editable=False)
    email_sealed = models.TextField(editable=False)
    email_digest = models.CharField(max_length=64, db_index=True, editable=False)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    asked_at = models.DateTimeField(db_index=True)

    class Meta(Followed.Meta):
        verbose_name = _("wish to follow")
        verbose_name_plural = _("wishes to follow")
        constraints = constraints("followrequest")


class Follower(models.Model):
    """A confirmed address. It is erased, with all that hangs on it, when its owner leaves."""

    handle = models.CharField(max_length=12, unique=True, default=new_handle, editable=False)
    email_sealed = models.TextField(editable=False)
    email_digest = models.CharField(max_length=64, unique=True, editable=False)
    # The private links are made from it with a key that is not in the database.
    seed = models.CharField(max_length=52, default=new_seed, editable=False)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    since = models.DateTimeField(auto_now_add=True)
    # Their mail server put a mail off: how often in a row, and when it is asked again.
    tries = models.PositiveSmallIntegerField(default=0)
    wait_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        default_permissions = ()

    def __str__(self) -> str:
        return self.handle


class FollowingQuerySet(models.QuerySet):
    def due(self, rhythm: str, until: datetime) -> FollowingQuerySet:
        """Those that were not told yet what there was until then."""
        return self.filter(rhythm=rhythm, told_until__lt=until)

    def of(self, record: Linked | None) -> FollowingQuerySet:
        return self.filter(**columns_of(record))


class Following(Followed):
    """One thing that somebody follows."""

    follower = models.ForeignKey(Follower, models.CASCADE, related_name="followings")
    since = models.DateTimeField()
    # Which version of the words beside the button they agreed to.
    consent_version = models.CharField(max_length=20)
    # What was new until then was told, or there was nothing.
    told_until = models.DateTimeField()

    objects = FollowingQuerySet.as_manager()

    class Meta(Followed.Meta):
        verbose_name = _("following")
        verbose_name_plural = _("followings")
        indexes = [models.Index(fields=["rhythm", "told_until"], name="following_that_is_due")]
        constraints = [
            *constraints("following"),
            models.CheckConstraint(
                condition=~models.Q(consent_version=""), name="following_with_consent"
            ),
            models.UniqueConstraint(
                fields=["follower"], condition=nothing_but(), name="site_followed_once"
            ),
            *(
                models.UniqueConstraint(fields=["follower", kind], name=f"{kind}_followed_once")
                for kind in KINDS
            ),
        ]


class MailingQuerySet(models.QuerySet):
    def unsettled(self) -> MailingQuerySet:
        """Of which nobody can say here whether they left: whoever was sending them was stopped."""
        begun = self.filter(state=Mailing.State.CLAIMED, claimed_at__lte=timezone.now() - STOPPED)
        return begun.order_by("claimed_at", "pk")


class Mailing(models.Model):
    """One mail to one follower. It is written before the mail leaves, so that none leaves twice."""

    class State(models.TextChoices):
        CLAIMED = "claimed", _("begun")
        SENT = "sent", _("sent")
        REFUSED = "refused", _("refused by a mail server")
        BOUNCED = "bounced", _("came back: there is no such mailbox")

    # The mail's own number, in its Message-ID and its return path.
    handle = models.CharField(
        max_length=26, unique=True, default=new_mailing_handle, editable=False
    )
    follower = models.ForeignKey(Follower, models.CASCADE, related_name="mailings")
    rhythm = models.CharField(max_length=6, choices=Rhythm)
    # What it tells: from the first of these moments, for some of what is followed later, to the
    # second.
    told_from = models.DateTimeField()
    told_until = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State, default=State.CLAIMED)
    claimed_at = models.DateTimeField(db_index=True)
    settled_at = models.DateTimeField(null=True)

    objects = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail to a follower")
        verbose_name_plural = _("mails to followers")
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["claimed_at"],
                name="mailing_unsettled",
                condition=models.Q(state="claimed"),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="claimed", settled_at__isnull=True)
                | (~models.Q(state="claimed") & models.Q(settled_at__isnull=False)),
                name="mailing_settled_when_known",
            ),
        ]

    def __str__(self) -> str:
        return self.handle
