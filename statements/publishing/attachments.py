"""Attached files go when nothing points at them any more: after the commit, never before."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from statements.models import Attachment, Statement


def forget_files(names: Iterable[str]) -> None:
    """Delete stored files once the change that let go of them is in the database."""
    storage = Attachment._meta.get_field("file").storage
    for name in filter(None, names):
        transaction.on_commit(lambda name=name: storage.delete(name), robust=True)


@transaction.atomic
def delete_statement(statement: Statement) -> None:
    """Delete a statement with its files. Its texts, demands made and links go with it."""
    forget_files(statement.attachments.values_list("file", flat=True))
    statement.delete()
