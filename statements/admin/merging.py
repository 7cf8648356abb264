"""A page on which two records that are one are made one."""

from __future__ import annotations

from types import ModuleType

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from statements import rights
from statements.admin.lookups import is_key


class IntoForm(forms.Form):
    into = forms.ModelChoiceField(None)

    def __init__(self, *args: object, gone: models.Model, merging: WithMerging) -> None:
        super().__init__(*args)
        field = self.fields["into"]
        field.label = merging.staying
        field.queryset = type(gone)._default_manager.exclude(pk=gone.pk)
        field.widget = AutocompleteSelect(merging.looked_up_by, merging.admin_site)
        field.widget.choices = field.choices


class WithMerging(admin.ModelAdmin):
    """First the one that stays is chosen, then the page says what will happen, then it does."""

    # merge(gone, into, by=…), and NotMergeable with what it raises.
    merging: ModuleType
    merge_template: str
    merge_title: str | Promise
    staying: str | Promise
    merged: str | Promise
    # A relation to records of this kind, by which one is looked up.
    looked_up_by: models.ForeignKey

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.merge_view)
        name = f"statements_{self.opts.model_name}_merge"
        return [path("<int:pk>/merge/", view, name=name), *super().get_urls()]

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        gone = self.get_object(request, str(pk))
        if gone is None:
            raise Http404
        if not rights.can_make_public(request.user, self.model):
            raise PermissionDenied
        asked = request.POST if request.method == "POST" else request.GET
        chosen = asked if is_key(asked.get("into", "")) else None
        form = IntoForm(chosen, gone=gone, merging=self)
        into = form.cleaned_data["into"] if form.is_valid() else None
        if into and request.method == "POST":
            return self._merge(request, gone, into)
        context = {
            **self.admin_site.each_context(request),
            "title": self.merge_title,
            "subtitle": str(gone),
            "opts": self.opts,
            "original": gone,
            "form": form,
            "media": form.media,
            "into": into,
            **self.merge_context(gone, into),
        }
        return TemplateResponse(request, self.merge_template, context)

    def merge_context(self, gone: models.Model, into: models.Model | None) -> dict:
        """What the page says: about others that may be the same, then about what will happen."""
        return {}

    def refusal(self, refused: Exception) -> str:
        return _("One of the two is gone: somebody else was faster.")

    def _merge(self, request: HttpRequest, gone: models.Model, into: models.Model) -> HttpResponse:
        name, noun = str(gone), self.opts.model_name
        try:
            with transaction.atomic():
                self.log_deletions(request, self.model.objects.filter(pk=gone.pk))
                into = self.merging.merge(gone, into, by=request.user)
                self.log_change(request, into, _("“%(gone)s” was merged into it.") % {"gone": name})
        except self.merging.NotMergeable as refused:
            messages.error(request, self.refusal(refused))
            return HttpResponseRedirect(reverse(f"admin:statements_{noun}_changelist"))
        messages.success(request, self.merged % {"gone": name, "into": into})
        return HttpResponseRedirect(reverse(f"admin:statements_{noun}_change", args=[into.pk]))
