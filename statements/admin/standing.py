"""A statement's standing: taken back, archived, or put back, with what the public is told."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements import rights
from statements.admin import publishing
from statements.admin.languages import NoteLanguage
from statements.admin.safety import to_questions
from statements.models import Correction, Statement
from statements.publishing import standing
from statements.publishing.states import STANDINGS, HourPassed, IllegalMove
from statements.safety import workflow as safety

Standing = Statement.Standing
ACTS = {
    Standing.CURRENT: gettext_lazy("Put it back: it is read and listed again"),
    Standing.ARCHIVED: gettext_lazy("Archive: readable, and no longer on the home page"),
    Standing.WITHDRAWN: gettext_lazy("Withdraw: its organisation no longer stands by it"),
    Standing.RETRACTED: gettext_lazy("Retract: we should not have published it"),
    Standing.TAKEN_DOWN: gettext_lazy("Take down: neither words nor names may be seen"),
}


class StandingForm(NoteLanguage):
    to = forms.ChoiceField(label=gettext_lazy("What happens"), widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("", "---------"), *Correction.Reason.choices],
        required=False,
        help_text=gettext_lazy("A take-down needs one. Readers see it, and nothing else."),
    )
    note = Correction._meta.get_field("note").formfield(
        help_text=gettext_lazy(
            "What readers are told at the address of the text and in the register."
            " Name nobody who could be harmed."
        ),
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )
    at = forms.DateTimeField(
        label=gettext_lazy("At a set time"),
        required=False,
        widget=forms.DateTimeInput(
            {"type": "datetime-local", "class": "vTextField"}, format="%Y-%m-%dT%H:%M"
        ),
    )

    field_order = ("to", "reason", "note", "note_language", "at")

    def __init__(self, *args: object, statement: Statement, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.before = before = statement.standing
        self.offer_language(statement.texts.get(is_leading=True).language)
        self.fields["to"].choices = [(to, ACTS[to]) for to in STANDINGS[before]]
        self.fields["at"].help_text = _(
            "Leave it empty to do it now. To the minute; the site's time zone is %(zone)s."
        ) % {"zone": timezone.get_current_timezone_name()}

    def clean(self) -> dict:
        data = super().clean()
        to = data.get("to")
        is_archival = {self.before, to} <= set(Statement.READABLE)
        if to == Standing.TAKEN_DOWN and not data.get("reason"):
            self.add_error("reason", ValidationError(_("A take-down needs a reason.")))
        elif to and to != Standing.TAKEN_DOWN and not is_archival and not data.get("note"):
            self.add_error("note", ValidationError(_("Readers are told why: write a sentence.")))
        if data.get("at") and data["at"] <= timezone.now():
            self.add_error("at", ValidationError(_("This moment has passed.")))
        return data


class WithStanding(admin.ModelAdmin):
    """A page of a published statement on which its standing is changed."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.standing_view)
        return [
            path("<int:pk>/standing/", view, name="statements_statement_standing"),
            *super().get_urls(),
        ]

    def standing_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        statement = self.get_object(request, str(pk))
        if statement is None or not statement.is_public:
            raise Http404
        if not rights.can_change_standing(request.user):
            raise PermissionDenied
        if "cancel" in request.POST:
            return self._cancel(request, statement)
        form = StandingForm(request.POST if request.method == "POST" else None, statement=statement)
        if form.is_valid():
            return self._change(request, statement, form)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Standing: %(standing)s") % {"standing": statement.get_standing_display()},
            "subtitle": str(statement),
            "opts": self.opts,
            "original": statement,
            "form": form,
            "decisions": publishing.decisions(statement),
        }
        return TemplateResponse(request, "admin/statements/standing.html", context)

    def _change(
        self, request: HttpRequest, statement: Statement, form: StandingForm
    ) -> HttpResponse:
        data, to = form.cleaned_data, form.cleaned_data["to"]
        told = {"by": request.user, "reason": data["reason"], "note": data["note"]}
        told["language"] = data["note_language"]
        try:
            if data["at"]:
                standing.schedule_standing(statement, to, at=data["at"], now=timezone.now(), **told)
            else:
                standing.change_standing(statement, to, **told)
        except IllegalMove:
            messages.error(request, _("Somebody else changed the standing in the meantime."))
        except safety.NotPassed:
            happened = _("Not put back: first the questions below need answers.")
            return to_questions(request, statement, happened)
        except HourPassed:
            messages.error(request, _("This moment has passed."))
        else:
            done = _("Scheduled: %(standing)s.") if data["at"] else _("Now: %(standing)s.")
            self._say(request, statement, done % {"standing": capfirst(Standing(to).label)})
        return self._to_standing(statement)

    def _cancel(self, request: HttpRequest, statement: Statement) -> HttpResponse:
        try:
            standing.unschedule_standing(statement, by=request.user)
        except IllegalMove:
            messages.error(request, _("Somebody else changed the standing in the meantime."))
        else:
            self._say(request, statement, _("Nothing is scheduled any more."))
        return self._to_standing(statement)

    def _say(self, request: HttpRequest, statement: Statement, words: str) -> None:
        self.log_change(request, statement, words)
        messages.success(request, words)

    def _to_standing(self, statement: Statement) -> HttpResponse:
        here = reverse("admin:statements_statement_standing", args=[statement.pk])
        return HttpResponseRedirect(here)
