"""Who would be shown at once by a form, and is asked about first: what the form says of it."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from statements.models import Authorship, Organisation, Person, Statement
from statements.safety import workflow

# So many statements are named at once whose questions come first.
MOST_TO_ASK = 5


def ask_first(statement: Statement, *whom: Person | Organisation) -> ValidationError:
    """The way to the questions of a statement, which are then for these too."""
    also = " ".join(f"{one._meta.model_name}-{one.pk}" for one in whom)
    page = reverse("admin:statements_statement_safety", args=[statement.pk])
    words = _("Readers would see it at once. Answer the safety questions first.")
    words = format_html('<a href="{}?also={}">{}</a>', page, also.replace(" ", "+"), words)
    return ValidationError(words, code="unasked")


def refuse_unasked(
    statement: Statement, *, persons: Iterable[int] = (), organisations: Iterable[int] = ()
) -> None:
    """Raise what leads to the questions, where somebody is to be shown and nobody has asked."""
    found = workflow.unasked(statement, persons=persons, organisations=organisations)
    if found:
        raise ask_first(statement, *found.persons, *found.organisations)


def ask_authors_first(authors: QuerySet[Authorship]) -> list[ValidationError]:
    """The ways to the questions of the first statements, for those of their authors."""
    return [ask_first(one.statement, one.organisation) for one in authors[:MOST_TO_ASK]]
