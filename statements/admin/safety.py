"""The safety questions of a statement: who was asked before those at risk stand in public."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from statements import rights
from statements.admin.dates import refuse_what_is_past
from statements.models import SafetyCheck, Statement
from statements.safety import workflow

# So many are on the first page; all of them are in the list of what is unfinished.
MOST_SECOND_LOOKS = 15


class SafetyForm(forms.ModelForm):
    class Meta:
        model = SafetyCheck
        fields = ["agreed", "asked", "wished", "may_be_indexed", "review_on"]
        widgets = {
            "agreed": forms.RadioSelect,
            "asked": forms.TextInput({"class": "vTextField", "dir": "auto"}),
            "wished": forms.RadioSelect,
            "may_be_indexed": forms.RadioSelect,
            "review_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name in ("agreed", "wished", "may_be_indexed"):
            self.fields[name].choices = SafetyCheck.Answer.choices
        self.fields["review_on"].validators.append(refuse_what_is_past)

    def clean(self) -> dict:
        data = super().clean()
        if data.get("agreed") == SafetyCheck.Answer.YES and not data.get("asked"):
            self.add_error("asked", ValidationError(_("Say who agreed, and how you know.")))
        return data


def second_looks(request: HttpRequest) -> list[Statement]:
    """Statements whose answers wait for somebody else, and that somebody can be who asks."""
    if not rights.can_second_safety(request.user):
        return []
    waiting = SafetyCheck.objects.waiting_for_second().exclude(by=request.user)
    return list(Statement.objects.titled().filter(safety_checks__in=waiting)[:MOST_SECOND_LOOKS])


def to_questions(request: HttpRequest, statement: Statement, happened: str) -> HttpResponse:
    """From an attempt to publish to the page that has to be filled in first."""
    messages.warning(request, happened)
    return HttpResponseRedirect(reverse("admin:statements_statement_safety", args=[statement.pk]))


class WithSafety(admin.ModelAdmin):
    """A page of a statement with its safety questions and their answers."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.safety_view)
        return [
            path("<int:pk>/safety/", view, name="statements_statement_safety"),
            *super().get_urls(),
        ]

    def safety_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        statement = self.get_object(request, str(pk))
        if statement is None:
            raise Http404
        if not rights.can_answer_safety(request.user):
            raise PermissionDenied
        checks = statement.safety_checks.select_related("by", "seconded_by").prefetch_related(
            "persons", "organisations"
        )
        check = checks.filter(is_current=True).first()
        also = request.POST.get("also", request.GET.get("also", ""))
        if request.method == "POST" and "_second" in request.POST:
            return self._second(request, statement, check)
        form = SafetyForm(
            request.POST if request.method == "POST" else None,
            instance=None if request.method == "POST" else check,
        )
        if form.is_valid() and self._answered(request, statement, form):
            return self._here(statement)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Safety"),
            "subtitle": str(statement),
            "opts": self.opts,
            "original": statement,
            "form": form,
            "check": check,
            "concerns": workflow.concerns(statement),
            "concerned": workflow.concerned(statement, also=also),
            "also": also,
            "is_feared": workflow.is_feared(statement),
            "is_own": bool(check) and check.by_id == request.user.pk,
            "may_second": rights.can_second_safety(request.user),
            "earlier": checks.filter(is_current=False)[:20],
        }
        return TemplateResponse(request, "admin/statements/safety.html", context)

    def _answered(self, request: HttpRequest, statement: Statement, form: SafetyForm) -> bool:
        """Whether the answers are stored: never for somebody who was not on the page."""
        seen = {name: request.POST.get(name, "") for name in ("about", "also")}
        try:
            workflow.answer(statement, by=request.user, **seen, **form.cleaned_data)
        except workflow.ConcernsChanged:
            messages.error(
                request,
                _("Others are concerned by now: look at the list, and store the answers again."),
            )
            return False
        messages.success(request, _("The answers are stored."))
        return True

    def _second(
        self, request: HttpRequest, statement: Statement, check: SafetyCheck | None
    ) -> HttpResponse:
        if not rights.can_second_safety(request.user):
            raise PermissionDenied
        try:
            if not check or str(check.pk) != request.POST["_second"]:
                raise workflow.AnswersChanged
            workflow.second(check, by=request.user)
        except workflow.OwnAnswers:
            messages.error(request, _("Whoever gave the answers cannot be the second."))
        except workflow.AnswersChanged:
            messages.error(request, _("The answers were changed in the meantime: read them first."))
        else:
            if workflow.concerns(statement):
                agreed = _("You agreed to the answers. They do not cover all that is asked by now.")
                messages.warning(request, agreed)
            else:
                messages.success(request, _("You agreed. The statement can be published."))
        return self._here(statement)

    def _here(self, statement: Statement) -> HttpResponse:
        return HttpResponseRedirect(
            reverse("admin:statements_statement_safety", args=[statement.pk])
        )
