"""Editors are told where a name that is not shown in full can still be read."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from statements.admin.followup import where_address_is_changed
from statements.models import Demand, Person, Statement, Text
from statements.models.update import Update
from statements.publishing import remaining

# So many are listed, and the rest is counted.
MOST = 10


def tell_what_is_left(
    request: HttpRequest, person: Person, statement: Statement | None = None
) -> None:
    """Everywhere after a name was concealed; in a statement after that was changed."""
    found = [
        record
        for record in remaining.left_of(person)
        if statement is None or _is_in(record, statement)
    ]
    if not found:
        return
    told = _(
        "{person} is not shown in full, and the name, or a part of it, can still be read:"
        " {records}. Concealed are the spellings that are entered, in texts that name the person"
        " and in demands about them: enter this one too, add the person to the demand, or change"
        " the words."
    )
    messages.warning(request, format_html(told, person=_listed([person]), records=_listed(found)))


def _is_in(record: Model, statement: Statement) -> bool:
    if isinstance(record, Demand):
        return record.made.filter(statement=statement).exists()
    return isinstance(record, Text) and record.statement_id == statement.pk


def tell_who_is_told(request: HttpRequest, words: Iterable[str], about: Iterable[Model]) -> None:
    """After words were stored that somebody's name may stand in; in what is about them it is
    concealed."""
    records = list(about)
    persons = [
        person
        for person in remaining.told_in(words)
        if not all(_is_about(record, person) for record in records)
    ]
    if not persons:
        return
    told = ngettext(
        "The name of somebody who is not shown in full stands in it, and will be read: {persons}."
        " Add the person to the demand, or change the words.",
        "Names of persons who are not shown in full stand in it, and will be read: {persons}. Add"
        " the persons to the demand, or change the words.",
        len(persons),
    )
    messages.warning(request, format_html(told, persons=_listed(persons)))


def _is_about(record: Model, person: Person) -> bool:
    if isinstance(record, Demand):
        return record.people.filter(pk=person.pk).exists()
    return record == person


def _listed(records: Collection[Model]) -> SafeString:
    leads = [(_where_changed(record), str(record)) for record in list(records)[:MOST]]
    listed = format_html_join(" · ", '<a href="{}"><bdi>{}</bdi></a>', leads)
    more = len(records) - len(leads)
    return format_html("{} · +{}", listed, more) if more else listed


def _where_changed(record: Model) -> str:
    if isinstance(record, Update):
        about = record.ABOUT
        return reverse(f"admin:statements_{about}_updates", args=[getattr(record, f"{about}_id")])
    return where_address_is_changed(record).partition("#")[0]
