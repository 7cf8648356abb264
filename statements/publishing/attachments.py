"""Attached files go when nothing points at them any more: after the commit, never before."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone

from statements import erasures, limits
from statements.models import Attachment, Statement, Submission

# So old is a file that no change which is under way can still name.
DAY = timedelta(days=1)


def forget_files(names: Iterable[str]) -> None:
    """Delete stored files once the change that let go of them is in the database."""
    storage = Attachment._meta.get_field("file").storage
    for name in filter(None, names):
        erasures.note_file(name)
        transaction.on_commit(lambda name=name: storage.delete(name), robust=True)


def forget_unattached() -> int:
    """Delete files that no row names: a change was refused at its end, or a process ended in it.

    They are looked for once a day. Returns how many are gone.
    """
    if limits.hit("files that no row names", "", most=1, seconds=int(DAY.total_seconds())):
        return 0
    field = Attachment._meta.get_field("file")
    storage, folder, gone = field.storage, field.upload_to.rstrip("/"), 0
    with suppress(FileNotFoundError):
        names = [f"{folder}/{name}" for name in storage.listdir(folder)[1]]
        attached = set(Attachment.objects.values_list("file", flat=True))
        for name in names:
            if name in attached or storage.get_modified_time(name) > timezone.now() - DAY:
                continue
            storage.delete(name)
            gone += 1
    return gone


def lock_for_deletion(statements: models.QuerySet[Statement]) -> None:
    """What came through the form and became of it is let go of: submissions before statements, as
    whoever moderates locks them."""
    sent = Submission.objects.filter(
        models.Q(statement__in=statements) | models.Q(accepted_text__statement__in=statements)
    )
    for rows in (Submission.objects.filter(pk__in=sent.values("pk")), statements):
        list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk"))


@transaction.atomic
def delete_statement(statement: Statement) -> None:
    """Delete a statement with its files. Its texts, demands made and links go with it."""
    lock_for_deletion(Statement.objects.filter(pk=statement.pk))
    forget_files(statement.attachments.values_list("file", flat=True))
    erasures.note(erasures.Kind.GONE, statement)
    statement.delete()
