from __future__ import annotations

from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from statements import erasures, rights
from statements.admin.base import LinkedAdmin, LinkedForm, RowsInline, counted
from statements.admin.confirmed import ConfirmsDeletion
from statements.admin.followup import where_address_is_changed
from statements.admin.lookups import IsPublicFilter
from statements.admin.remaining import tell_what_is_left
from statements.admin.unasked import MOST_TO_ASK, ask_first
from statements.admin.untold import TellsNobody
from statements.admin.updates import PersonUpdates
from statements.auditing import workflow as auditing
from statements.models import Demand, DemandPerson, Naming, Person, PersonName
from statements.publishing import links, slugs, telling
from statements.publishing.addresses import addresses_that_name, texts_about
from statements.safety import workflow as safety


class PersonNameInline(RowsInline):
    model = PersonName
    fields = ("language", "name")


# What protects somebody: recorded when it changes.
PROTECTING = ("is_at_risk", "shown_as")


class PersonForm(LinkedForm):
    """What protects somebody is taken away by those alone who may publish."""

    # Who fills the form in: the admin says it when it makes the form.
    editor: rights.User

    def clean(self) -> dict:
        data = super().clean()
        if not self.instance.pk:
            return data
        is_opened = self._is_opened(data)
        if not rights.can_second_safety(self.editor):
            refused = _("Somebody who may publish decides that: it can put a person at risk.")
            if self.initial.get("is_at_risk") and not data.get("is_at_risk"):
                self.add_error("is_at_risk", ValidationError(refused))
            if is_opened:
                self.add_error("shown_as", ValidationError(refused))
        elif is_opened and data.get("is_at_risk"):
            # What is public shows the name at once: so its questions are answered before.
            for statement in safety.statements_to_ask(self.instance)[:MOST_TO_ASK]:
                self.add_error("shown_as", ask_first(statement, self.instance))
        return data

    def _is_opened(self, data: dict) -> bool:
        """Whether more of the name is to be seen than before."""
        was, openness = self.initial.get("shown_as"), Person.Shown.values.index
        return bool(was) and openness(data.get("shown_as") or was) < openness(was)


@admin.register(Person)
class PersonAdmin(TellsNobody, ConfirmsDeletion, PersonUpdates, LinkedAdmin):
    form = PersonForm
    search_help_text = _("Name, in any spelling")
    inlines = (PersonNameInline,)
    list_display = (
        *("own_name", "shown_as", "state", "in_demands", "in_statements", "public", "missing"),
    )
    list_filter = (IsPublicFilter, "shown_as", "state", "is_example")
    actions = ["make_public", "enter_updates"]
    fieldsets = (
        (None, {"fields": ("name", "language", "shown_as", "is_at_risk", "is_example")}),
        (_("Address"), {"fields": ("slug",)}),
    )

    def for_list(self, records: models.QuerySet) -> models.QuerySet:
        return records.annotate(
            statement_count=counted(Naming.objects.all(), "person", "text__statement"),
            demand_count=counted(DemandPerson.objects.all(), "person"),
        )

    @admin.display(description=_("public"), boolean=True)
    def public(self, record: Person) -> bool:
        """A withheld name has no page, whatever else is true."""
        return record.is_public and record.shown_as != Person.Shown.WITHHELD

    @admin.display(description=_("demands"))
    def in_demands(self, record: Person) -> int:
        return record.demand_count

    def gaps(self, record: Person) -> list:
        if record.statement_count or record.demand_count:
            return []
        return [_("a demand or a text that names them")]

    def get_form(self, request: HttpRequest, *args: object, **kwargs: object) -> type[PersonForm]:
        form = super().get_form(request, *args, **kwargs)
        form.editor = request.user
        return form

    def save_model(self, request: HttpRequest, obj: Person, form: PersonForm, change: bool) -> None:
        """A spelling that is taken away conceals no more what it stands in."""
        is_concealed = change and obj.shown_as != Person.Shown.FULL
        request.concealed = telling.spellings_of(obj) if is_concealed else {}
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: PersonForm, formsets: list, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        telling.refuse_told(request.concealed)
        if change and "shown_as" in form.changed_data:
            links.name_shown_otherwise(form.instance)
        for name in PROTECTING if change else ():
            if name in form.changed_data:
                self._note(form.instance, name)
                auditing.record(
                    "change-person",
                    form.instance,
                    by=request.user,
                    before=str(form.initial[name]),
                    after=str(form.cleaned_data[name]),
                    code=name,
                )

    def _note(self, person: Person, name: str) -> None:
        """No backup that is restored takes it back."""
        if name == "shown_as":
            erasures.note(erasures.Kind.NAME, person, value=person.shown_as)
        elif person.is_at_risk:
            erasures.note(erasures.Kind.RISK, person)

    def view_on_site(self, obj: Person) -> str | None:
        return obj.get_absolute_url() if self.public(obj) else None

    def saved(self, request: HttpRequest, record: Person) -> None:
        super().saved(request, record)
        if record.shown_as == Person.Shown.FULL:
            return
        transaction.on_commit(partial(slugs.leave_name_out, record), robust=True)
        at_its_name = addresses_that_name(record)
        about = {*texts_about(record), *Demand.objects.filter(people=record)}
        if changed := sum(one in about for one in at_its_name):
            told = ngettext(
                "An address contained this name. It is another one now, and the old one is gone.",
                "%(count)s addresses contained this name. They are others now, and the old ones"
                " are gone.",
                changed,
            )
            self.message_user(request, told % {"count": changed}, messages.WARNING)
        left = [one for one in at_its_name if one not in about]
        leads = ((where_address_is_changed(one), one.slug) for one in left)
        if left:
            told = ngettext(
                "An address in use still contains this name: {slugs}. Change it there.",
                "Addresses in use still contain this name: {slugs}. Change them there.",
                len(left),
            )
            listed = format_html_join(" · ", '<a href="{}"><bdi>{}</bdi></a>', leads)
            self.message_user(request, format_html(told, slugs=listed), messages.WARNING)
        tell_what_is_left(request, record)
