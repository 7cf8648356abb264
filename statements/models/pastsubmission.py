"""What is left of a submission that was erased: numbers."""

from __future__ import annotations

from django.db import models

from statements.models.submission import Submission


class PastSubmission(models.Model):
    """How one ended that was received in a year, and after how many days. Nothing else of it."""

    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=18, choices=Submission.State)
    reason = models.CharField(max_length=40, blank=True)
    days = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["year", "state", "reason"], name="past_submission_by_year")]

    def __str__(self) -> str:
        return f"{self.year}: {self.state}"
