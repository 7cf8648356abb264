"""Attached files go when nothing points at them any more: after the commit, never before."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models, transaction

from statements.models import Attachment, Statement, Submission


def forget_files(names: Iterable[str]) -> None:
    """Delete stored files once the change that let go of them is in the database."""
    storage = Attachment._meta.get_field("file").storage
    for name in filter(None, names):
        transaction.on_commit(lambda name=name: storage.delete(name), robust=True)


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
    statement.delete()
