"""What was taken back, so that no backup brings it back: numbers and kinds, and nothing personal.

`statements/erasures.py` alone writes and reads them, and keeps them in a file outside the database.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone


class Erasure(models.Model):
    class Kind(models.TextChoices):
        # A name is shown otherwise.
        NAME = "name"
        # Somebody is at risk.
        RISK = "risk"
        # Spellings are concealed in it.
        CONCEALED = "concealed"
        # A statement has another standing.
        STANDING = "standing"
        # Search engines are asked to leave it out.
        UNLISTED = "unlisted"
        # A version was sealed.
        SEALED = "sealed"
        # A record is gone.
        GONE = "gone"
        # An attached file is gone.
        FILE = "file"
        # How a sender was reached is gone.
        CONTACT = "contact"
        # What strangers attached is gone.
        ATTACHMENTS = "attachments"
        # A sender took it back.
        WITHDRAWN = "withdrawn"
        # A right was taken from an account.
        RIGHT = "right"
        # An account has another password or factor.
        CREDENTIALS = "credentials"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=16, choices=Kind)
    # The name of a model, and the number of a row of it.
    noun = models.CharField(max_length=40)
    object_id = models.PositiveBigIntegerField(null=True)
    # A code, the random name of a file, or digests that only the site's key makes.
    value = models.TextField(blank=True)
    # When it was in the file.
    written_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["at"],
                condition=models.Q(written_at__isnull=True),
                name="erasure_not_written",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.noun} {self.object_id}"
