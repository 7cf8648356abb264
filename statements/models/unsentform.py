"""Forms of strangers that are not sent yet: sealed with what only their browser has."""

from __future__ import annotations

from django.db import models


class UnsentForm(models.Model):
    """What one was given so far. Its key is nowhere here: statements/submissions/unsent.py."""

    # In its address; it opens nothing.
    handle = models.CharField(max_length=12, unique=True, editable=False)
    token_digest = models.CharField(max_length=64, editable=False)
    content = models.BinaryField()
    kept_at = models.DateTimeField(db_index=True, editable=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.handle
