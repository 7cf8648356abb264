"""Pages on which editors enter what became of a demand or a person, each time with its source."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from statements import rights
from statements.admin.dates import PartialDateFormField
from statements.admin.lookups import is_key
from statements.admin.remaining import tell_who_is_told
from statements.dates import PartialDate
from statements.ledger import workflow
from statements.ledger.doubts import Doubt, doubts
from statements.models import DemandUpdate, PersonUpdate, Source
from statements.models.update import Update

MOST_AT_ONCE = 50


class UpdateForm(forms.ModelForm):
    """A state, its date and a source: one that is here, or a new one."""

    happened = PartialDateFormField(label=gettext_lazy("happened"), required=True)
    publication = Source._meta.get_field("publication").formfield(
        label=capfirst(gettext_lazy("or a new source: publication")), required=False
    )
    url = Source._meta.get_field("url").formfield(
        label=capfirst(gettext_lazy("its address")), required=False, assume_scheme="https"
    )
    published = PartialDateFormField(label=gettext_lazy("published"))
    # What the page says before it takes the form as it is: statements/ledger/doubts.py.
    doubts: Sequence[Doubt] = ()

    class Meta:
        model: type[Update]
        fields = ["state", "source", "quotation", "quotation_language", "note", "language"]

    def __init__(
        self, *args: object, site: admin.AdminSite, is_correction: bool, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = is_correction
        self.fields["note"].error_messages["required"] = _("Say what was wrong.")
        source = self.fields["source"]
        source.required = False
        source.widget = AutocompleteSelect(self._meta.model._meta.get_field("source"), site)
        source.widget.choices = source.choices
        if not self.is_bound:
            self.fields["state"].widget.attrs["autofocus"] = True
        for name in ("publication", "url", "quotation", "note"):
            self.fields[name].widget.attrs |= {"dir": "auto", "size": 60}
        first = ["state", "happened", "source", "publication", "url", "published"]
        self.order_fields(first)

    def clean_happened(self) -> PartialDate:
        happened = self.cleaned_data["happened"]
        if (happened.earliest or happened.latest) > timezone.localdate():
            raise ValidationError(_("This day is still to come. Enter what has happened."))
        return happened

    def clean(self) -> dict:
        data = super().clean()
        known, publication = data.get("source"), data.get("publication")
        if known and publication:
            self.add_error("publication", _("Choose a source or enter a new one, not both."))
        elif not known and not publication and (data.get("url") or data.get("published")):
            self.add_error("publication", _("Say who published it: a new source needs a name."))
        elif not known and not publication and not {"source", "publication"} & set(self.errors):
            self.add_error(
                "source",
                _("Nothing is entered without a source: choose one, or enter a new one."),
            )
        elif not known and publication:
            new = (data.get("url") or "", data.get("published"))
            data["source"] = Source(publication=publication, url=new[0], published=new[1])
        return data

    def _post_clean(self) -> None:
        # The workflow makes the record; the database has no say before.
        pass

    @property
    def words(self) -> list[str]:
        """What readers see of it, and of its source."""
        source, entered = self.cleaned_data["source"], self.cleaned_data
        return [entered["quotation"], entered["note"], source.publication, source.title]

    @property
    def entered(self) -> dict[str, object]:
        """What the workflow takes of it."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("publication", "url", "published")
        }


def form_of(update: type[Update]) -> type[UpdateForm]:
    return forms.modelform_factory(update, UpdateForm, fields=UpdateForm.Meta.fields)


class WithUpdates(admin.ModelAdmin):
    """A page beside the record's own: its ledger, a form for the next entry, and corrections."""

    change_form_template = "admin/outcome_change_form.html"
    update_model: type[Update]

    def get_urls(self) -> list:
        name = self.opts.model_name
        page = self.admin_site.admin_view(self.updates_view)
        several = self.admin_site.admin_view(self.several_view)
        return [
            path("<int:pk>/updates/", page, name=f"statements_{name}_updates"),
            path("updates/", several, name=f"statements_{name}_several"),
            *super().get_urls(),
        ]

    def updates_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._require(request, "view")
        record = self.model.objects.filter(pk=pk).first()
        if record is None:
            raise Http404
        rows = record.updates.select_related("source", "entered_by", "replaced_by").newest_first()
        corrected = self._corrected(request, rows)
        form = self._form(request, corrected)
        if request.method == "POST" and self._is_entered(request, [record], form, corrected):
            messages.success(request, _("Entered: the state is what the updates say now."))
            here = reverse(f"admin:statements_{self.opts.model_name}_updates", args=[pk])
            return HttpResponseRedirect(here)
        context = {"original": record, "record": record, "updates": rows, "corrects": corrected}
        return self._page(request, form, _("Updates"), context)

    def several_view(self, request: HttpRequest) -> HttpResponse:
        """One change of several records, from one source."""
        self._require(request, "add")
        asked = [key for key in request.GET.getlist("ids") if is_key(key)][:MOST_AT_ONCE]
        records = list(self.model.objects.filter(pk__in=asked).order_by("pk"))
        if not records:
            raise Http404
        form = self._form(request, None)
        if request.method == "POST" and self._is_entered(request, records, form, None):
            done = ngettext("%(n)d update entered.", "%(n)d updates entered.", len(records))
            messages.success(request, done % {"n": len(records)})
            name = f"admin:statements_{self.opts.model_name}_changelist"
            return HttpResponseRedirect(reverse(name))
        return self._page(request, form, _("One update for several"), {"records": records})

    @admin.action(description=gettext_lazy("Enter what became of them"), permissions=["update"])
    def enter_updates(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse | None:
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(keys) > MOST_AT_ONCE:
            too_many = _("Choose at most %(most)d at once.") % {"most": MOST_AT_ONCE}
            return self.message_user(request, too_many, messages.ERROR)
        page = reverse(f"admin:statements_{self.opts.model_name}_several")
        return HttpResponseRedirect(f"{page}?" + "&".join(f"ids={key}" for key in keys))

    def has_update_permission(self, request: HttpRequest) -> bool:
        return rights.can_enter_updates(request.user, self.update_model)

    def _require(self, request: HttpRequest, act: str) -> None:
        may_enter = self.has_update_permission(request)
        may_view = act == "view" and rights.may(request.user, "view", self.update_model)
        if not (may_enter or (may_view and request.method != "POST")):
            raise PermissionDenied

    def _corrected(self, request: HttpRequest, rows: models.QuerySet) -> Update | None:
        asked = request.GET.get("corrects", "")
        if not asked:
            return None
        found = rows.in_force().filter(pk=asked).first() if is_key(asked) else None
        if found is None:
            raise Http404
        return found

    def _form(self, request: HttpRequest, corrected: Update | None) -> UpdateForm:
        initial = {}
        if corrected:
            names = ("state", "happened", "source", "quotation", "quotation_language")
            initial = {name: getattr(corrected, name) for name in names}
        data = request.POST if request.method == "POST" else None
        form = form_of(self.update_model)
        told = {"site": self.admin_site, "is_correction": bool(corrected)}
        return form(data, initial=initial, **told)

    def _is_entered(
        self,
        request: HttpRequest,
        records: list[models.Model],
        form: UpdateForm,
        corrected: Update | None,
    ) -> bool:
        if not form.is_valid() or self._is_in_doubt(request, records, form, corrected):
            return False
        try:
            workflow.add_updates(records, by=request.user, corrects=corrected, **form.entered)
        except workflow.Gone:
            form.add_error(
                None, _("One of them was merged or deleted meanwhile: look it up again.")
            )
            return False
        except workflow.AlreadyCorrected:
            form.add_error(None, _("Somebody else has corrected this entry meanwhile."))
            return False
        tell_who_is_told(request, form.words, records)
        return True

    def _is_in_doubt(
        self,
        request: HttpRequest,
        records: list[models.Model],
        form: UpdateForm,
        corrected: Update | None,
    ) -> bool:
        """Whether the editor is told first that a coarse date decides: once for each date."""
        happened = form.cleaned_data["happened"]
        if request.POST.get("as_it_is") != happened.notation:
            entered = {"state": form.cleaned_data["state"], "happened": happened}
            form.doubts = doubts(records, corrects=corrected, **entered)
        return bool(form.doubts)

    def _page(
        self, request: HttpRequest, form: UpdateForm, title: str, context: dict
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(context["record"]) if "record" in context else None,
            "opts": self.opts,
            "form": form,
            "media": self.media + form.media,
            "may_enter": self.has_update_permission(request),
            **context,
        }
        return TemplateResponse(request, "admin/statements/updates.html", context)


class DemandUpdates(WithUpdates):
    update_model = DemandUpdate


class PersonUpdates(WithUpdates):
    update_model = PersonUpdate
