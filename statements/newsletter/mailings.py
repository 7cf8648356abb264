"""That each follower is sent each mail once, whoever is stopped when.

A mail is claimed before it leaves and settled after: the claim moves on what its follower was told,
so nobody claims that again. Whoever is stopped in between leaves it claimed, and nobody here can
say then whether it left: it is shown as unsettled and never sent by itself. So none comes twice;
the price is that one may not come, which an operator who looks into the mail server's log can mend.
What a mail server refused before it took the mail is given back, and sent later.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import F, Subquery
from django.utils import timezone

from statements.auditing import workflow as auditing
from statements.models import AuditHead, Follower, Following, Mailing
from statements.newsletter import workflow

State = Mailing.State
# A mailbox that refused so many mails for good is gone, if the first was within MAILINGS_KEPT.
MOST_BOUNCES = 3
# A mail server that puts off is asked again after this, then twice as much, at most a day.
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=15), timedelta(days=1)

# What changes whenever something that readers see does.
Moment = tuple[int, int | None]


class Taken(Exception):
    """Somebody else sends it, or what the follower wants has changed since it was written."""


class Outdated(Exception):
    """Something here has changed since the mail was written: it could say what is not public."""


def moment() -> Moment:
    """Where the log of acts, and the admin's of changes, end now.

    Whatever takes words or names away from readers is in one of the two, written with it.
    """
    changes = LogEntry.objects.order_by("-pk").values("pk")[:1]
    heads = AuditHead.objects.filter(pk=1).values_list("number", Subquery(changes))
    return heads.first() or (0, changes.values_list("pk", flat=True).first())


@transaction.atomic
def claim(mailing: Mailing, followings: Iterable[Following], written_at: Moment) -> None:
    """From now on the mail may have left. Raises Taken, Outdated: then it has not, and will not."""
    followers = Follower.objects.select_for_update(skip_locked=True)
    if not followers.filter(pk=mailing.follower_id).values_list("pk"):
        raise Taken
    ids = [one.pk for one in followings]
    due = Following.objects.due(mailing.rhythm, mailing.told_until)
    if due.filter(pk__in=ids).update(told_until=mailing.told_until) != len(ids):
        raise Taken
    if moment() != written_at:
        raise Outdated
    mailing.claimed_at = timezone.now()
    mailing.save(force_insert=True)


def sent(mailing: Mailing) -> None:
    """The mail server took it."""
    _settle(mailing, State.SENT)
    if mailing.follower.tries:
        Follower.objects.filter(pk=mailing.follower_id).update(tries=0, wait_until=None)


def refused(mailing: Mailing, *, is_gone: bool) -> None:
    """A mail server refused it for good: because there is no such mailbox, or for what it is."""
    if is_gone:
        came_back(mailing.handle)
    else:
        _settle(mailing, State.REFUSED)


@transaction.atomic
def give_back(mailing: Mailing, followings: Iterable[Following], *, waits: bool) -> None:
    """It did not leave: it is as if it had not been written. With `waits` it is for this follower
    that their mail server puts off."""
    mailing.delete()
    for one in followings:
        there = Following.objects.filter(pk=one.pk, told_until=mailing.told_until)
        there.update(told_until=one.told_until)
    if waits:
        wait_for(mailing.follower)


def wait_for(follower: Follower) -> None:
    """Do not write to them for a while, and longer each time."""
    wait = min(FIRST_WAIT * 2 ** min(follower.tries, 10), LONGEST_WAIT)
    Follower.objects.filter(pk=follower.pk).update(
        tries=F("tries") + 1, wait_until=timezone.now() + wait
    )


@transaction.atomic
def nothing_new(followings: Iterable[Following], rhythm: str, until: datetime) -> None:
    """Until then there was nothing to tell of these. Whoever is being written to is left alone."""
    due = Following.objects.due(rhythm, until).filter(pk__in=[one.pk for one in followings])
    locked = due.order_by("pk").select_for_update(skip_locked=True)
    ids = list(locked.values_list("pk", flat=True))
    Following.objects.due(rhythm, until).filter(pk__in=ids).update(told_until=until)


@transaction.atomic
def came_back(handle: str) -> bool:
    """A mail came back because there is no such mailbox: counted once, and with the third they go.

    False where no such mail is known.
    """
    mailing = Mailing.objects.select_related("follower").filter(handle=handle).first()
    follower = workflow.locked(mailing.follower) if mailing else None
    if not follower:
        return False
    Mailing.objects.filter(pk=mailing.pk).exclude(state=State.BOUNCED).update(
        state=State.BOUNCED, settled_at=timezone.now()
    )
    if follower.mailings.filter(state=State.BOUNCED).count() >= MOST_BOUNCES:
        workflow.leave(follower)
        auditing.record("end-following", follower, code="bounces")
    return True


@transaction.atomic
def did_not_leave(handle: str) -> bool:
    """An operator saw that an unsettled mail never left: what it told is told with the next.

    False where none of that number is unsettled.
    """
    mailing = Mailing.objects.unsettled().filter(handle=handle).first()
    if not mailing:
        return False
    told = Following.objects.filter(
        follower=mailing.follower_id, rhythm=mailing.rhythm, told_until=mailing.told_until
    )
    for one in told:
        one.told_until = max(mailing.told_from, one.since)
        one.save(update_fields=["told_until"])
    auditing.record("mail-did-not-leave", mailing)
    mailing.delete()
    return True


@transaction.atomic
def did_leave(handle: str) -> bool:
    """An operator saw that an unsettled mail left. False where none of that number is unsettled."""
    mailing = Mailing.objects.unsettled().filter(handle=handle).first()
    if not mailing:
        return False
    _settle(mailing, State.SENT)
    auditing.record("mail-left", mailing)
    return True


def _settle(mailing: Mailing, state: str) -> None:
    claimed = Mailing.objects.filter(pk=mailing.pk, state=State.CLAIMED)
    claimed.update(state=state, settled_at=timezone.now())
