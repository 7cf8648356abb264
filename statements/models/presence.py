"""Who has a page of the admin open, for the others who do."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

# A page that has said nothing for so long is closed.
SILENCE = timedelta(minutes=2)


class PresenceQuerySet(models.QuerySet):
    def here(self) -> PresenceQuerySet:
        return self.filter(seen_at__gte=timezone.now() - SILENCE)


class Presence(models.Model):
    class Noun(models.TextChoices):
        STATEMENT = "statement"
        TEXT = "text"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    noun = models.CharField(max_length=9, choices=Noun)
    object_id = models.PositiveBigIntegerField()
    seen_at = models.DateTimeField()

    objects = PresenceQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["noun", "object_id", "user"], name="presence_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.noun} {self.object_id}"
