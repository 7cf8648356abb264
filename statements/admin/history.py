"""What a text was, and what it will be: its revisions, and the page as visitors will see it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, resolve, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements import diff, rights
from statements.admin import publishing
from statements.admin.hidden import Hidden
from statements.admin.languages import NoteLanguage
from statements.admin.lookups import is_key
from statements.models import Correction, Revision, SafetyCheck, Statement, Text
from statements.publishing import review, seals, workflow
from statements.safety import workflow as safety


class SealForm(NoteLanguage):
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=[("", "---------"), *Correction.Reason.choices]
    )
    note = Correction._meta.get_field("note").formfield(
        required=False, widget=forms.Textarea({"rows": 2, "dir": "auto"})
    )
    field_order = ("reason", "note", "note_language")


class WithHistory(Hidden):
    """The revisions of a record's text, and a preview."""

    object_history_template = "admin/statements/history.html"
    # The text of a record: each admin has its own.
    text_of: Callable[[models.Model], Text]

    def get_urls(self) -> list:
        view, name = self.admin_site.admin_view, f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("<int:pk>/preview/", view(self.preview_view), name=f"{name}_preview"),
            path(
                "<int:pk>/revisions/<int:revision>/",
                view(self.revision_view),
                name=f"{name}_revision",
            ),
            *super().get_urls(),
        ]

    def _seen(self, request: HttpRequest, pk: int) -> models.Model:
        record = self.get_object(request, str(pk))
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        return record

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        context: dict = extra_context or {}
        record = self.get_object(request, object_id) if is_key(object_id) else None
        if record:
            text = self.text_of(record)
            context |= {
                "text": text,
                "revisions": text.revisions.select_related("by"),
                "decisions": publishing.decisions(text),
            }
        return super().history_view(request, object_id, context)

    def revision_view(self, request: HttpRequest, pk: int, revision: int) -> HttpResponse:
        """The words of one revision, compared with another one; and the button to restore them."""
        record = self._seen(request, pk)
        text = self.text_of(record)
        shown = get_object_or_404(text.revisions.select_related("by"), pk=revision)
        may_seal = rights.can_publish(request.user) and seals.can_be_sealed(shown, text)
        form = SealForm(request.POST if "_seal" in request.POST else None)
        form.offer_language(text.language)
        if "_seal" in request.POST:
            if may_seal and form.is_valid():
                return self._seal(request, shown, form)
        elif request.method == "POST":
            return self._restore(request, record, text, shown)
        before = _compared_with(request.GET.get("with", ""), text, shown)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Revision of %(when)s") % {"when": _moment(shown)},
            "subtitle": str(record),
            "opts": self.opts,
            "original": record,
            "text": text,
            "revision": shown,
            "before": before,
            "others": _readable(text).exclude(pk=shown.pk).only("text", "at", "number"),
            "may_restore": self.has_change_permission(request, record)
            and shown.pk != text.working_revision_id
            and not shown.sealed_at,
            "parts": [] if shown.sealed_at else _parts(shown, before),
            "seal_form": form if may_seal else None,
        }
        return TemplateResponse(request, "admin/statements/revision.html", context)

    def _restore(
        self, request: HttpRequest, record: models.Model, text: Text, shown: Revision
    ) -> HttpResponse:
        """Make the words of a revision those that are worked on; visitors see nothing of it."""
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        seen, before = request.POST.get("working_revision", ""), copy.copy(text)
        try:
            restored = review.restore(
                shown,
                by=request.user,
                based_on=int(seen) if is_key(seen) else None,
                why=_("Restored from %(when)s") % {"when": _moment(shown)},
            )
        except workflow.EditedMeanwhile:
            messages.error(
                request, _("Somebody else saved the text in the meantime. Nothing was restored.")
            )
        else:
            if restored.pk != text.working_revision_id:
                self.log_change(request, text.statement, restored.why)
            messages.success(request, _("These words are the draft now."))
            if undone := publishing.undone(before, self.text_of(record)):
                messages.warning(request, undone)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[record.pk]))

    def _seal(self, request: HttpRequest, shown: Revision, form: SealForm) -> HttpResponse:
        told = dict(form.cleaned_data)
        try:
            seals.seal(shown, by=request.user, language=told.pop("note_language"), **told)
        except seals.NotSealable:
            messages.error(request, _("Somebody else changed the text in the meantime."))
        else:
            messages.success(request, _("Sealed: its words are gone."))
        return HttpResponseRedirect(request.path)

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page as visitors would see it, were the working words published now.

        They are: in a transaction that is taken back as soon as the page is written. So every gate,
        quotation and withheld name is what it will be, and nothing of it is ever stored. Safety
        questions that are still open count as answered with yes: without that nothing could be
        published, and whoever has to answer them wants to see first what they are asked about.
        """
        text = self.text_of(self._seen(request, pk))
        with transaction.atomic():
            _publish_all(text, by=request.user)
            response = _as_visitor(request, text)
            transaction.set_rollback(True)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        return response


def _publish_all(text: Text, *, by: workflow.User) -> None:
    """Publish the working words; those of the leading text first, where that is still a draft."""
    statement = text.statement
    leading = statement.texts.select_related("working_revision").get(is_leading=True)
    # The statement before its texts, as everywhere.
    list(Statement.objects.filter(pk=statement.pk).select_for_update(of=("self",)).values("pk"))
    for one in dict.fromkeys([text] if statement.is_public else [leading, text]):
        one.quotations.broken().update(is_gone=True)
        if one.is_draft:
            # In a release set it is refused to publish it alone; shown it can be.
            Text.objects.filter(pk=one.pk).update(release=None)
            if safety.concerns(statement):
                safety.answer(statement, by=by, **_all_yes())
            workflow.publish(one.working_revision, change=Revision.Change.TYPOGRAPHICAL)


def _all_yes() -> dict[str, object]:
    yes, tomorrow = SafetyCheck.Answer.YES, timezone.localdate() + timedelta(1)
    return {"agreed": yes, "wished": yes, "may_be_indexed": yes, "review_on": tomorrow}


def _as_visitor(request: HttpRequest, text: Text) -> HttpResponse:
    shown = copy.copy(request)
    shown.path = shown.path_info = text.get_absolute_url()
    shown.user = AnonymousUser()
    found = resolve(shown.path)
    response = found.func(shown, *found.args, **found.kwargs)
    if hasattr(response, "render"):
        response.render()
    return response


def _readable(text: Text) -> models.QuerySet[Revision]:
    return text.revisions.filter(sealed_at__isnull=True)


def _compared_with(asked: str, text: Text, shown: Revision) -> Revision | None:
    """The revision asked for; else what visitors read, for a draft over it; else the one before."""
    if is_key(asked):
        return get_object_or_404(_readable(text), pk=asked)
    if shown.pk == text.working_revision_id and text.is_public and text.is_draft:
        return text.live_revision
    return _readable(text).filter(pk__lt=shown.pk).first()


def _moment(revision: Revision) -> str:
    return date_format(timezone.localtime(revision.at), "DATETIME_FORMAT")


def _parts(revision: Revision, before: Revision | None) -> list[dict]:
    parts = []
    for name, is_rich in Revision.FIELDS.items():
        words = getattr(revision, name)
        old = getattr(before, name) if before else ""
        if not (words or old):
            continue
        compare = diff.compare_html if is_rich else diff.compare
        parts.append(
            {
                "label": capfirst(str(Revision._meta.get_field(name).verbose_name)),
                "is_rich": is_rich,
                "words": words,
                "blocks": compare(old, words) if before and old != words else None,
            }
        )
    return parts
