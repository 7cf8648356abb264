from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from solidarity import csp
from statements import switches
from statements.admin.base import FIELDS, RecordAdmin
from statements.admin.followers import CountsFollowers
from statements.admin.operation import ShowsOperation
from statements.markup import HTMLField
from statements.models import SiteSettings, SiteText


class SiteTextInline(admin.StackedInline):
    """The site's own words, once in each language of the interface."""

    model = SiteText
    formfield_overrides = FIELDS
    extra = 0
    max_num = len(settings.LANGUAGES)

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: object
    ) -> forms.Field | None:
        if isinstance(db_field, HTMLField):
            kwargs["widget"] = import_string(settings.RICH_TEXT_WIDGET)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@method_decorator(csp.csp_override(csp.EDITOR), name="changeform_view")
@admin.register(SiteSettings)
class SiteSettingsAdmin(ShowsOperation, CountsFollowers, RecordAdmin):
    """One row: its list leads straight to it, and it is neither added twice nor deleted."""

    inlines = (SiteTextInline,)
    fieldsets = (
        (None, {"fields": ("contact_email", "appeal_url", "licence")}),
        (
            _("Under attack"),
            {"fields": ("submissions_closed", "following_closed", "proof_of_work")},
        ),
    )
    view_on_site = False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        if SiteSettings.objects.exists():
            return redirect("admin:statements_sitesettings_change", 1)
        return redirect("admin:statements_sitesettings_add")

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Every page of the admin asks, for its list of what can be added: this is not among it,
        # since the list of settings leads to the form while there are none.
        asked = request.resolver_match
        if not asked or asked.url_name != "statements_sitesettings_add":
            return False
        return super().has_add_permission(request) and not SiteSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: SiteSettings | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: SiteSettings, form: forms.ModelForm, change: bool
    ) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)
        for name, field in switches.FIELDS.items():
            if field in form.changed_data:
                before, after = form.initial.get(field, 0), getattr(obj, field)
                switches.turned(name, int(before or 0), int(after), by=request.user)

    def saved(self, request: HttpRequest, record: SiteSettings) -> None:
        super().saved(request, record)
        if any(switches.state().values()):
            switches.let_pages_know(record)
