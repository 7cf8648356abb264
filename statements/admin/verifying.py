"""A page of an organisation on which it is verified."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from statements import fetching, rights
from statements.admin.dates import refuse_what_is_past
from statements.models import Organisation, Verification
from statements.organisations import verification


class VerificationForm(forms.ModelForm):
    class Meta:
        model = Verification
        fields = ["method", "vouchers", "until"]
        widgets = {
            "method": forms.RadioSelect,
            "until": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: object, site: admin.AdminSite) -> None:
        super().__init__(*args)
        self.fields["method"].choices = Verification.Method.choices
        vouchers = self.fields["vouchers"]
        vouchers.widget = AutocompleteSelectMultiple(Verification._meta.get_field("vouchers"), site)
        vouchers.widget.choices = vouchers.choices
        vouchers.help_text = _("Only for vouching: two that are verified themselves.")
        self.fields["until"].validators.append(refuse_what_is_past)


class WithVerification(admin.ModelAdmin):
    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.verify_view)
        return [
            path("<int:pk>/verify/", view, name="statements_organisation_verify"),
            *super().get_urls(),
        ]

    def verify_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        organisation = self.get_object(request, str(pk))
        if organisation is None:
            raise Http404
        if not rights.can_make_public(request.user, Organisation):
            raise PermissionDenied
        form = VerificationForm(
            request.POST if "_verify" in request.POST else None, site=self.admin_site
        )
        if request.method == "POST" and self._done(request, organisation, form):
            here = reverse("admin:statements_organisation_verify", args=[organisation.pk])
            return HttpResponseRedirect(here)
        rows = organisation.verifications.select_related("by").prefetch_related("vouchers")
        valid = rows.filter(pk__in=rows.valid()).first()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Verification"),
            "subtitle": str(organisation),
            "opts": self.opts,
            "original": organisation,
            "form": form,
            "media": form.media,
            "valid": valid,
            "run_out": None if valid else rows.filter(is_current=True).first(),
            "history": rows[:20],
            "mark": verification.mark_of(organisation),
            "mark_address": verification.mark_address(organisation),
            "may_fetch": settings.FETCHING,
            "is_safe": verification.can_be_looked_for(organisation),
        }
        return TemplateResponse(request, "admin/statements/verify.html", context)

    def _done(
        self, request: HttpRequest, organisation: Organisation, form: VerificationForm
    ) -> bool:
        """Whether what the button asks for was answered, with a message."""
        if "_take_back" in request.POST:
            verification.take_back(organisation, by=request.user)
            self._tell(request, organisation, _("It is no longer verified."))
            return True
        if "_check" in request.POST:
            self._check(request, organisation)
            return True
        if not form.is_valid():
            return False
        try:
            verification.verify(organisation, by=request.user, **form.cleaned_data)
        except verification.NotEnoughVouchers:
            form.add_error(
                "vouchers",
                _("Two others are needed that are verified themselves, and not by vouching."),
            )
            return False
        except verification.NoWebsite:
            form.add_error("method", _("Its website is not known here: enter it first."))
            return False
        self._tell(request, organisation, _("Verified."))
        return True

    def _tell(self, request: HttpRequest, organisation: Organisation, words: str) -> None:
        self.log_change(request, organisation, words)
        messages.success(request, words)

    def _check(self, request: HttpRequest, organisation: Organisation) -> None:
        try:
            verification.check_website(organisation, by=request.user)
        except fetching.NotFetched:
            messages.error(request, _("The website did not give an answer that we could read."))
        except verification.NotVerified:
            messages.error(request, _("The mark does not stand there."))
        else:
            self._tell(request, organisation, _("The mark stands there: verified."))
