"""A statement and its leading text: one form, in the order of an editor's work."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.forms import BaseModelFormSet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy

from statements import rights
from statements.admin import tagging
from statements.admin.attachment import AttachmentFormSet, AttachmentInline
from statements.admin.dates import PartialDateFormField, PartialDatesForm
from statements.admin.demands_made import DemandMadeInline
from statements.admin.desk import MOST_ON_DESK
from statements.admin.lookups import is_key
from statements.admin.namings import NamingInline
from statements.admin.rows import NamedRows, PartInline
from statements.admin.safety import WithSafety, second_looks
from statements.admin.saving import WordsAdmin
from statements.admin.standing import WithStanding
from statements.admin.statement_list import StatementList
from statements.admin.suggestion import ImportNotes, SuggestedDemands
from statements.admin.unasked import refuse_unasked
from statements.admin.unsettled import unsettled
from statements.admin.words import WordsForm
from statements.models import Authorship, Place, Statement, StatementRelation, Text
from statements.publishing import workflow
from statements.publishing.attachments import delete_statement


class StatementForm(WordsForm, PartialDatesForm):
    issued = PartialDateFormField(
        label=gettext_lazy("Issued"),
        help_text=gettext_lazy(
            "When the organisation issued it, if that is known: 2020-08-12, 2020-08 or 2020."
        ),
    )
    tags = tagging.TagsField(
        label=gettext_lazy("Tags"),
        required=False,
        help_text=gettext_lazy("Type to find one; Enter makes a new one."),
    )

    class Meta:
        model = Statement
        fields = ["kind", "source", "events", "places", "tags", "is_example", "licence"]

    def clean(self) -> dict:
        data = super().clean()
        of_events = Place.objects.filter(events__in=data.get("events") or ())
        typed = {*(data.get("places") or ()), *(of_events if self.instance.is_public else ())}
        self.instance.typed_places = {one.pk for one in typed}
        return data

    def find_text(self) -> Text:
        statement = self.instance
        if statement.pk:
            texts = statement.texts.select_related("working_revision", "live_revision")
            text = texts.get(is_leading=True)
        else:
            text = Text(is_leading=True)
        text.statement = statement
        statement.working_text = text
        return text


class Authorships(NamedRows):
    """Whoever comes to speak from inside the country, by a new row or by where the statement is
    about, is asked before readers see it."""

    def clean(self) -> None:
        super().clean()
        places = getattr(self.instance, "typed_places", set())
        for form in self.forms:
            chosen = getattr(form, "cleaned_data", {}).get("organisation")
            if not chosen or self._should_delete_form(form) or chosen.country_id not in places:
                continue
            try:
                refuse_unasked(self.instance, organisations=[chosen.pk])
            except ValidationError as unasked:
                form.add_error("organisation", unasked)
                self._errors[self.forms.index(form)] = form.errors


class AuthorshipInline(PartInline):
    model = Authorship
    formset = Authorships
    fields = ["organisation", "name_as_printed", "role", "position"]
    autocomplete_fields = ["organisation"]
    fetched = ("organisation",)
    extra = 1
    group = "who"


class RelationInline(PartInline):
    model = StatementRelation
    fk_name = "statement"
    fields = ["kind", "other"]
    autocomplete_fields = ["other"]
    group = "relations"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        titled = models.Prefetch("other", Statement.objects.titled())
        return super().get_queryset(request).prefetch_related(titled)

    def formfield_for_dbfield(
        self, db_field: models.Field, *args: object, **kwargs: object
    ) -> forms.Field:
        field = super().formfield_for_dbfield(db_field, *args, **kwargs)
        if db_field.name == "other":
            field.widget.can_add_related = field.widget.can_change_related = False
        return field


FIELDSETS = {
    "text": (
        gettext_lazy("The text"),
        {
            "fields": [
                ("language", "authority", "translator"),
                "surtitle",
                "title",
                "subtitle",
                "introduction",
                "original_title",
                "body",
                "postscript",
                "why",
            ]
        },
    ),
    "who": (
        gettext_lazy("Who and when"),
        {"fields": [("kind", "issued"), "source", "is_example", "licence"]},
    ),
    "about": (gettext_lazy("What it is about"), {"fields": ["events", "places", "tags"]}),
    "address": (gettext_lazy("Address"), {"fields": ["slug"]}),
}
# The parts of the form in the order of work: a fieldset, the rows of the group, or a panel.
PARTS = (
    ("text", gettext_lazy("Text")),
    ("who", gettext_lazy("Who and when")),
    ("about", gettext_lazy("What it is about")),
    ("import", gettext_lazy("Import")),
    ("demands", gettext_lazy("Demands")),
    ("people", gettext_lazy("People named")),
    ("translations", gettext_lazy("Translations")),
    ("attachments", gettext_lazy("Attachments")),
    ("relations", gettext_lazy("Relations")),
    ("address", gettext_lazy("Address")),
)


@admin.register(Statement)
class StatementAdmin(WithStanding, WithSafety, StatementList, WordsAdmin):
    form = StatementForm
    change_form_template = "admin/statements/statement_form.html"
    path_to_statement, path_to_text = "pk", "statement"
    fieldsets = list(FIELDSETS.values())
    autocomplete_fields = ["source", "events", "places"]
    inlines = [
        AuthorshipInline,
        DemandMadeInline,
        NamingInline,
        AttachmentInline,
        RelationInline,
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).titled()

    def get_inlines(self, request: HttpRequest, obj: Statement | None) -> list:
        """What an import left to settle is shown until it is settled."""
        inlines = super().get_inlines(request, obj)
        if not obj or not obj.suggestions.exists():
            return inlines
        return [*inlines, SuggestedDemands, ImportNotes]

    def on_first_page(self, request: HttpRequest) -> dict:
        """What the admin's first page shows of statements: what is published next."""
        if not self.has_view_permission(request):
            return {}
        texts = Text.objects.scheduled().select_related("working_revision")
        return {
            "scheduled": list(texts[:MOST_ON_DESK]),
            "second_looks": second_looks(request),
            "unsettled": unsettled(request.user, timezone.now()),
        }

    def get_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path("tags/", view(self.tags_view), name="statements_statement_tags"),
            path("places/", view(self.places_view), name="statements_statement_places"),
            *super().get_urls(),
        ]

    def tags_view(self, request: HttpRequest) -> HttpResponse:
        self._require_editor(request)
        return tagging.suggest(request)

    def places_view(self, request: HttpRequest) -> HttpResponse:
        """The places of events that were chosen: suggestions for the statement's own."""
        self._require_editor(request)
        ids = [int(one) for one in request.GET.getlist("event")[:50] if is_key(one)]
        places = Place.objects.filter(events__in=ids).distinct()
        return JsonResponse({"places": [{"id": one.pk, "name": str(one)} for one in places]})

    def _require_editor(self, request: HttpRequest) -> None:
        if not rights.can_edit_statements(request.user):
            raise PermissionDenied

    def text_of(self, record: Statement) -> Text:
        texts = record.texts.select_related("statement", "working_revision", "live_revision")
        return texts.get(is_leading=True)

    def has_delete_permission(self, request: HttpRequest, obj: Statement | None = None) -> bool:
        """A draft can be thrown away; what was published has an address that must answer."""
        return not (obj and obj.is_public) and super().has_delete_permission(request, obj)

    def save_model(
        self, request: HttpRequest, obj: Statement, form: StatementForm, change: bool
    ) -> None:
        if change:
            workflow.take_edition(obj, form.cleaned_data["edition"])
            obj.save()
        form.save_text(by=request.user)

    def save_formset(
        self, request: HttpRequest, form: StatementForm, formset: BaseModelFormSet, change: bool
    ) -> None:
        if isinstance(formset.instance, Text):
            formset.instance = form.text
        super().save_formset(request, form, formset, change)

    def delete_model(self, request: HttpRequest, obj: Statement) -> None:
        delete_statement(obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for statement in queryset:
            delete_statement(statement)

    def view_on_site(self, obj: Statement) -> str | None:
        text = obj.texts.published().order_by("-is_leading", "pk").first()
        return text.get_absolute_url() if text else None

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: object, **kwargs: object
    ) -> TemplateResponse:
        form = context["adminform"].form
        context["parts"] = form_parts(context)
        context["texts"] = self._texts(form.instance)
        for one in context["inline_admin_formsets"]:
            if isinstance(one.formset, AttachmentFormSet):
                one.formset.set_aside()
        return super().render_change_form(request, context, *args, **kwargs)

    def _texts(self, statement: Statement) -> list[Text]:
        """Its translations, with what their state needs."""
        if not statement.pk:
            return []
        texts = statement.texts.filter(is_leading=False)
        return list(texts.select_related("working_revision", "live_revision", "translated_from"))


def form_parts(context: dict) -> list[dict]:
    """The form's fieldsets and rows, put together in the order of work."""
    fieldsets = dict(zip(FIELDSETS, context["adminform"], strict=True))
    inlines = context["inline_admin_formsets"]
    parts = [
        {
            "key": key,
            "label": label,
            "fieldset": fieldsets.get(key),
            "inlines": [one for one in inlines if getattr(one.opts, "group", None) == key],
        }
        for key, label in PARTS
    ]
    return [part for part in parts if part["key"] != "import" or part["inlines"]]
