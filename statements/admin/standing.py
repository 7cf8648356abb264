"""A statement's standing: taken back, archived, or put back, with what the public is told."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from statements import rights
from statements.admin.safety import to_questions
from statements.models import Correction, Statement
from statements.publishing import standing
from statements.publishing.states import STANDINGS, IllegalMove
from statements.safety import workflow as safety

Standing = Statement.Standing
ACTS = {
    Standing.CURRENT: gettext_lazy("Put it back: it is read and listed again"),
    Standing.ARCHIVED: gettext_lazy("Archive: readable, and no longer on the home page"),
    Standing.WITHDRAWN: gettext_lazy("Withdraw: its organisation no longer stands by it"),
    Standing.RETRACTED: gettext_lazy("Retract: we should not have published it"),
    Standing.TAKEN_DOWN: gettext_lazy("Take down: neither words nor names may be seen"),
}


class StandingForm(forms.Form):
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

    def __init__(self, *args: object, before: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.before = before
        self.fields["to"].choices = [(to, ACTS[to]) for to in STANDINGS[before]]

    def clean(self) -> dict:
        data = super().clean()
        to = data.get("to")
        is_archival = {self.before, to} <= set(Statement.READABLE)
        if to == Standing.TAKEN_DOWN and not data.get("reason"):
            self.add_error("reason", ValidationError(_("A take-down needs a reason.")))
        elif to and to != Standing.TAKEN_DOWN and not is_archival and not data.get("note"):
            self.add_error("note", ValidationError(_("Readers are told why: write a sentence.")))
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
        form = StandingForm(
            request.POST if request.method == "POST" else None, before=statement.standing
        )
        if form.is_valid():
            return self._change(request, statement, form)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Standing: %(standing)s") % {"standing": statement.get_standing_display()},
            "subtitle": str(statement),
            "opts": self.opts,
            "original": statement,
            "form": form,
            "decisions": statement.decisions.select_related("entry", "by")[:20],
        }
        return TemplateResponse(request, "admin/statements/standing.html", context)

    def _change(
        self, request: HttpRequest, statement: Statement, form: StandingForm
    ) -> HttpResponse:
        try:
            standing.change_standing(
                statement,
                form.cleaned_data["to"],
                by=request.user,
                note=form.cleaned_data["note"],
                language=get_language() or settings.LANGUAGE_CODE,
                reason=form.cleaned_data["reason"],
            )
        except IllegalMove:
            messages.error(request, _("Somebody else changed the standing in the meantime."))
        except safety.NotPassed:
            happened = _("Not put back: first the questions below need answers.")
            return to_questions(request, statement, happened)
        else:
            now = capfirst(statement.get_standing_display())
            self.log_change(request, statement, now)
            messages.success(request, _("Now: %(standing)s.") % {"standing": now})
        here = reverse("admin:statements_statement_standing", args=[statement.pk])
        return HttpResponseRedirect(here)
