"""Following by e-mail: what becomes of an address from the first form until it is erased.

    ask(record, email=…, …)      # a mail with a link; nothing else is sent to the address
    confirm(request, token)      # the button behind that link: now it is followed, and the first
                                 # time a mail has the links with which to change it and to leave
    change(…), stop(…), leave(…) # on the private page, or by the link in every mail

What is sent to followers, and that none gets it twice, is in mailing.py and sending.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from statements import erasures, mail, sealing, tokens
from statements.models import Follower, Following, FollowRequest, Mailing, Rhythm, SiteText, Token
from statements.models.base import Linked
from statements.models.follower import KINDS, columns_of

# What the tokens of links are for.
CONFIRM, PRIVATE, LEAVE = "follow-confirm", "follower", "follower-leave"
# An address that nobody confirms is kept for so long, as long as its link is good.
UNCONFIRMED = timedelta(days=7)
# Whoever sends one form twice within so long gets one mail.
SAME_FORM = timedelta(minutes=2)
# What is known of mails that left, so that one that comes back is known again.
MAILINGS_KEPT = timedelta(days=60)
# Whoever follows agrees to this version of the words beside the button.
CONSENT_VERSION = "2026-11"
# The longest time for which a change of state waits to be told.
LATEST_CHANGE = timedelta(hours=1)


class LinkNoLongerValid(Exception):
    """The link was used, is too old, or what was to be followed is gone."""


@transaction.atomic
def ask(record: Linked | None, *, email: str, rhythm: str, language: str) -> None:
    """Send a link to an address, with which its owner can begin to follow a record or the site.

    The same for an address that follows already: nobody learns from it who does. Nor from the
    time that it takes, whether a mail leaves: another process sends it.
    """
    now = timezone.now()
    fields = {
        **columns_of(record),
        "email_digest": sealing.address_digest(email),
        "rhythm": rhythm,
        "language": language,
    }
    if FollowRequest.objects.filter(asked_at__gt=now - SAME_FORM, **fields).exists():
        return
    request = FollowRequest.objects.create(email_sealed=sealing.seal(email), asked_at=now, **fields)
    token = tokens.issue(CONFIRM, request.pk, lifetime=UNCONFIRMED)
    site = SiteText.objects.for_language(language)
    context = {
        # No record's name: a letter that waits for days would tell one that was withheld meanwhile,
        # and it may go to somebody whose address others typed.
        "site": site.name,
        "what": record._meta.verbose_name if record else site.name,
        "rhythm": Rhythm(rhythm).label,
        "link": mail.Link(link("confirm_link", token, language)),
    }
    mail.send(
        "newsletter/email/confirm", to=email, context=context, language=language, at_once=False
    )


def link(page: str, token: str, language: str) -> str:
    """The whole address of a page that a token opens, in a language of the interface."""
    with translation.override(language):
        return settings.SITE_URL + reverse(f"newsletter:{page}", args=[token])


@transaction.atomic
def confirm(request: FollowRequest, token: str) -> Follower:
    """The owner of the address wants it. Whoever follows it already has the rhythm changed.

    Who follows nothing else yet is sent the links with which to change that and to leave: for news
    one may wait for years. Raises LinkNoLongerValid.
    """
    waiting = _locked(FollowRequest.objects.filter(email_digest=request.email_digest))
    if request.pk not in waiting or tokens.use(CONFIRM, token) != request.pk:
        raise LinkNoLongerValid
    follower = _follower(request)
    columns = {f"{kind}_id": getattr(request, f"{kind}_id") for kind in KINDS}
    here = Following.objects.filter(follower=follower, **columns).first()
    is_first = not follower.followings.exists()
    try:
        with transaction.atomic():
            if here:
                _set_rhythm(here, request.rhythm)
            else:
                follow(follower, columns, request.rhythm)
    except IntegrityError as error:
        # Deleted, or made one with another, since the page was opened.
        raise LinkNoLongerValid from error
    forget_requests(FollowRequest.objects.filter(email_digest=request.email_digest, **columns))
    if is_first:
        _send_links(follower)
    return follower


def _send_links(follower: Follower) -> None:
    language = follower.language
    context = {
        "site": SiteText.objects.for_language(language).name,
        "private": mail.Link(link("link", token_of(follower, PRIVATE), language)),
        "leave": mail.Link(link("leave", token_of(follower, LEAVE), language)),
    }
    email = sealing.open_sealed(follower.email_sealed)
    mail.send("newsletter/email/began", to=email, context=context, language=language, at_once=False)


def _follower(request: FollowRequest) -> Follower:
    """Who has the address; locked, so that of two links opened at once each is followed."""
    Follower.objects.bulk_create(
        [
            Follower(
                email_sealed=request.email_sealed,
                email_digest=request.email_digest,
                language=request.language,
            )
        ],
        ignore_conflicts=True,
    )
    rows = Follower.objects.select_for_update().filter(email_digest=request.email_digest)
    follower = rows.first()
    if not follower:
        # They left, at this very moment.
        raise LinkNoLongerValid
    for purpose in (PRIVATE, LEAVE):
        if not Token.objects.filter(purpose=purpose, object_id=follower.pk).exists():
            tokens.issue(purpose, follower.pk, token=token_of(follower, purpose))
    return follower


def follow(follower: Follower, columns: Mapping[str, object], rhythm: str) -> None:
    now = timezone.now()
    Following.objects.create(
        follower=follower,
        rhythm=rhythm,
        since=now,
        told_until=now,
        consent_version=CONSENT_VERSION,
        **columns,
    )


@transaction.atomic
def change(
    follower: Follower, *, language: str, rhythms: Mapping[int, str], stopped: list[int]
) -> Follower | None:
    """Set the language and how often; stop following some. None where nothing is left: they left.

    `rhythms` and `stopped` go by the followings' ids; of others' nothing is changed.
    """
    follower = locked(follower)
    if not follower:
        return None
    follower.language = language
    follower.save(update_fields=["language"])
    for following in follower.followings.all():
        if following.pk in stopped:
            erasures.note(erasures.Kind.GONE, following)
            following.delete()
        elif following.pk in rhythms:
            _set_rhythm(following, rhythms[following.pk])
    if not follower.followings.exists():
        leave(follower)
        return None
    return follower


def _set_rhythm(following: Following, rhythm: str) -> None:
    """What was not told yet will be, in the new rhythm.

    While nothing happens to it, what is followed for its changes is told of nothing for months: in
    another rhythm that would be news.
    """
    if following.rhythm == rhythm:
        return
    if following.rhythm == Rhythm.CHANGE:
        following.told_until = max(following.told_until, timezone.now() - LATEST_CHANGE)
    following.rhythm = rhythm
    following.save(update_fields=["rhythm", "told_until"])


@transaction.atomic
def leave(follower: Follower) -> None:
    """Erase an address with all that hangs on it; its links open nothing any more."""
    # Whoever is about to write to them waits, and then finds nobody.
    locked(follower)
    forget_requests(FollowRequest.objects.filter(email_digest=follower.email_digest))
    for purpose in (PRIVATE, LEAVE):
        tokens.revoke(purpose, follower.pk)
    erasures.note(erasures.Kind.GONE, follower)
    Follower.objects.filter(pk=follower.pk).delete()
    mail.forget([follower.email_digest])


def leave_by(token: str) -> None:
    """The same by the link that is in every mail; for one that is over it is done already."""
    follower = Follower.objects.filter(pk=tokens.find(LEAVE, token)).first()
    if follower:
        leave(follower)


def token_of(follower: Follower, purpose: str) -> str:
    """The secret part of one of their links, always the same."""
    return tokens.derived(purpose, follower.seed)


def lead_to(gone: Linked, into: Linked) -> None:
    """Two records become one: who followed either follows the one that stays, once."""
    moving = Following.objects.of(gone)
    there = Following.objects.of(into).values("follower")
    moving.filter(follower__in=there).delete()
    moving.update(**columns_of(into))
    FollowRequest.objects.filter(**columns_of(gone)).update(**columns_of(into))


def erase_due() -> dict[str, int]:
    """What was kept long enough: addresses that nobody confirmed, and what mails there were."""
    now = timezone.now()
    old = FollowRequest.objects.filter(asked_at__lte=now - UNCONFIRMED)
    mailings = Mailing.objects.filter(claimed_at__lte=now - MAILINGS_KEPT)
    return {"requests": forget_requests(old), "mailings": mailings.delete()[0]}


@transaction.atomic
def forget_requests(requests: QuerySet[FollowRequest]) -> int:
    """Erase what nobody has to confirm any more, with the letters that asked for it."""
    ids = _locked(requests)
    Token.objects.filter(purpose=CONFIRM, object_id__in=ids).delete()
    erasures.note_all(erasures.Kind.GONE, FollowRequest, ids)
    rows = FollowRequest.objects.filter(pk__in=ids)
    askers = list(rows.values_list("email_digest", flat=True))
    erased = rows.delete()[0]
    mail.forget(askers)
    return erased


def locked(follower: Follower) -> Follower | None:
    """The follower as they are now, if they have not left, for this transaction alone."""
    _locked(FollowRequest.objects.filter(email_digest=follower.email_digest))
    return Follower.objects.select_for_update().filter(pk=follower.pk).first()


def _locked(requests: QuerySet[FollowRequest]) -> list[int]:
    """Their ids. Of one address these are locked first and in this order, its follower after."""
    return list(requests.select_for_update().order_by("pk").values_list("pk", flat=True))
