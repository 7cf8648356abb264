"""Who is due to be told what: by how often they want to be, and in which language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import F, Min, Q, QuerySet
from django.utils import timezone, translation

from statements.models import Follower, Following, Rhythm
from statements.models.follower import KINDS, SITE, Key
from statements.newsletter import mailings
from statements.newsletter.composing import Composer
from statements.newsletter.news import News

# A change is told once the transaction that made it is over for certain: it has its moment from
# while it was going on.
AFTER_CHANGES = timedelta(minutes=5)
# Changes of states are told together that fall into one quarter of an hour.
QUICKLY = 15
# So many followers are looked at together.
BATCH = 200


def is_due() -> bool:
    now = timezone.now()
    return any(_due(rhythm, due_until(rhythm, now), now).exists() for rhythm in Rhythm.values)


def due_until(rhythm: str, now: datetime) -> datetime:
    """The end of the last day, week or quarter of an hour that can be told of."""
    end = (now - AFTER_CHANGES).astimezone(UTC)
    if rhythm == Rhythm.CHANGE:
        past = timedelta(minutes=end.minute % QUICKLY, seconds=end.second)
        return (end - past).replace(microsecond=0)
    at = end.replace(hour=settings.NEWSLETTER_HOUR, minute=0, second=0, microsecond=0)
    if at > end:
        at -= timedelta(days=1)
    return at - timedelta(days=at.weekday()) if rhythm == Rhythm.WEEKLY else at


def _due(rhythm: str, until: datetime, now: datetime) -> QuerySet[Following]:
    """What may have something new, of those who are not being waited for."""
    ready = Q(follower__wait_until=None) | Q(follower__wait_until__lte=now)
    due = Following.objects.due(rhythm, until).filter(ready)
    return due.filter(pk__in=_moved(until)) if rhythm == Rhythm.CHANGE else due


def _moved(until: datetime) -> QuerySet:
    """Of those who are told of changes: where something was entered since they were told."""
    followed = Following.objects.filter(rhythm=Rhythm.CHANGE)
    found = [
        followed.filter(
            **{f"{path}__entered_at__gt": F("told_until"), f"{path}__entered_at__lte": until}
        ).values("pk")
        for path in ("person__updates", "demand__updates", "demand__people__updates")
    ]
    return found[0].union(*found[1:])


class Telling:
    """All who chose one rhythm and the language that is active, and what there is to tell them."""

    def __init__(self, rhythm: str, now: datetime) -> None:
        self.rhythm, self.until = rhythm, due_until(rhythm, now)
        due = _due(rhythm, self.until, now)
        self.due = due.filter(follower__language=translation.get_language()).order_by()
        self.quiet: list[Following] = []

    def followers(self) -> Iterator[tuple[Follower, list[Following]]]:
        """Each once, whatever others do meanwhile. At the first one it is gathered what is new."""
        after = 0
        while batch := self._batch(after):
            if not after:
                self.gather()
            yield from batch.items()
            after = max(follower.pk for follower in batch)
            self.note_quiet()

    def _batch(self, after: int) -> dict[Follower, list[Following]]:
        those = self.due.filter(follower__gt=after).order_by("follower").values("follower")
        ids = list(those.distinct().values_list("follower", flat=True)[:BATCH])
        batch: dict[Follower, list[Following]] = {}
        rows = self.due.filter(follower__in=ids).select_related("follower")
        for row in rows.order_by("follower", "pk"):
            batch.setdefault(row.follower, []).append(row)
        return batch

    def gather(self) -> None:
        """What is new, as it may be told at this moment."""
        self.written_at = mailings.moment()
        since = self.due.aggregate(Min("told_until"))["told_until__min"] or self.until
        quickly = self.rhythm == Rhythm.CHANGE
        news = News(since, self.until, self._keys(), only_changes=quickly)
        self.composer = Composer(news, self.rhythm, self.until)

    def _keys(self) -> set[Key]:
        rows = self.due.values_list(*(f"{kind}_id" for kind in KINDS)).distinct()
        return {
            next(((kind, pk) for kind, pk in zip(KINDS, row, strict=True) if pk), (SITE, 0))
            for row in rows
        }

    def note_quiet(self) -> None:
        """They are told: that there is nothing to tell."""
        if self.quiet:
            mailings.nothing_new(self.quiet, self.rhythm, self.until)
        self.quiet = []
