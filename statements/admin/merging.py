"""A page on which two organisations that are one are made one."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements import rights
from statements.admin.lookups import is_key
from statements.models import Authorship, Organisation
from statements.organisations import workflow


class IntoForm(forms.Form):
    into = forms.ModelChoiceField(
        Organisation.objects.all(), label=gettext_lazy("The organisation that stays")
    )

    def __init__(self, *args: object, gone: Organisation, site: admin.AdminSite) -> None:
        super().__init__(*args)
        field = self.fields["into"]
        field.queryset = Organisation.objects.exclude(pk=gone.pk)
        field.widget = AutocompleteSelect(Authorship._meta.get_field("organisation"), site)
        field.widget.choices = field.choices


class WithMerging(admin.ModelAdmin):
    """First the one that stays is chosen, then the page says what will happen, then it does."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.merge_view)
        return [
            path("<int:pk>/merge/", view, name="statements_organisation_merge"),
            *super().get_urls(),
        ]

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        gone = self.get_object(request, str(pk))
        if gone is None:
            raise Http404
        if not rights.can_make_public(request.user, Organisation):
            raise PermissionDenied
        asked = request.POST if request.method == "POST" else request.GET
        chosen = asked if is_key(asked.get("into", "")) else None
        form = IntoForm(chosen, gone=gone, site=self.admin_site)
        into = form.cleaned_data["into"] if form.is_valid() else None
        if into and request.method == "POST":
            return self._merge(request, gone, into)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Merge into another organisation"),
            "subtitle": str(gone),
            "opts": self.opts,
            "original": gone,
            "form": form,
            "media": form.media,
            "into": into,
            "alike": [] if into else workflow.alike(gone),
            "statements": gone.authorships.values("statement").distinct().count(),
            "names": [gone.name, *gone.names.values_list("name", flat=True)],
        }
        return TemplateResponse(request, "admin/statements/merge.html", context)

    def _merge(self, request: HttpRequest, gone: Organisation, into: Organisation) -> HttpResponse:
        name = str(gone)
        try:
            with transaction.atomic():
                self.log_deletions(request, Organisation.objects.filter(pk=gone.pk))
                into = workflow.merge(gone, into, by=request.user)
        except workflow.NotMergeable:
            messages.error(request, _("One of the two is gone: somebody else was faster."))
            return HttpResponseRedirect(reverse("admin:statements_organisation_changelist"))
        messages.success(
            request,
            _("“%(gone)s” is one with “%(into)s” now: look through its names.")
            % {"gone": name, "into": into},
        )
        return HttpResponseRedirect(reverse("admin:statements_organisation_change", args=[into.pk]))
