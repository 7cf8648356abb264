"""Files that strangers send beside a statement: sealed, and shown to moderators alone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from statements.models.attachment import Attachment
from statements.models.submission import Submission
from statements.uploads import TYPES


class SubmissionAttachmentQuerySet(models.QuerySet):
    def unsent(self) -> SubmissionAttachmentQuerySet:
        """Those of forms that were not sent yet."""
        return self.filter(submission=None)

    def listed(self) -> SubmissionAttachmentQuerySet:
        """Without what is in them, which is large."""
        return self.defer("content").order_by("pk")


class SubmissionAttachment(models.Model):
    """A picture or PDF as it would be stored, sealed in the database, so that it goes with its row.

    Before it is sent it is sealed under the token of the form that brought it, which is kept
    nowhere here: nobody but its sender can open it. Afterwards the site can.
    """

    submission = models.ForeignKey(
        Submission, models.CASCADE, null=True, related_name="attachments", editable=False
    )
    # Of the token that the form carries; empty once it is sent.
    token_digest = models.CharField(max_length=64, blank=True, editable=False)
    extension = models.CharField(
        max_length=4, choices=[(one, one) for one in TYPES], editable=False
    )
    width = models.PositiveIntegerField(null=True, editable=False)
    height = models.PositiveIntegerField(null=True, editable=False)
    size = models.PositiveIntegerField(_("bytes"), editable=False)
    # What its sender called it, which can say whose it is: shown to nobody else.
    name_sealed = models.TextField(editable=False)
    content = models.BinaryField()
    kept_at = models.DateTimeField(editable=False)

    objects = SubmissionAttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment of a submission")
        verbose_name_plural = _("attachments of submissions")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["token_digest"],
                condition=~models.Q(token_digest=""),
                name="submission_attachment_by_token",
            ),
            models.CheckConstraint(
                condition=models.Q(submission=None) ^ models.Q(token_digest=""),
                name="submission_attachment_sent_or_held",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kept_at"],
                name="submission_attachment_unsent",
                condition=models.Q(submission=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.extension} {self.pk}"

    @property
    def type(self) -> str:
        return Attachment.Type.PDF if self.extension == "pdf" else Attachment.Type.IMAGE
