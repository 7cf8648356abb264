"""Translations: a page for each, with the text that it is made from beside it."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from statements import erasures
from statements.admin.lookups import is_key
from statements.admin.namings import NamingInline
from statements.admin.quotations import QuotationForm
from statements.admin.rows import PartInline
from statements.admin.saving import WordsAdmin
from statements.admin.words import WordsForm
from statements.models import DemandAsMade, Quotation, Revision, Statement, Text
from statements.publishing import telling, workflow


class VersionChoice(forms.ModelChoiceField):
    """A revision of the leading text, by its number and day."""

    def label_from_instance(self, revision: Revision) -> str:
        if revision.number:
            return pgettext("revision", "version %(number)d: %(title)s") % {
                "number": revision.number,
                "title": revision.title,
            }
        return pgettext("revision", "draft: %(title)s") % {"title": revision.title}


class TextForm(WordsForm):
    statement = forms.ModelChoiceField(Statement.objects.all(), widget=forms.HiddenInput)
    translated_from = VersionChoice(
        Revision.objects.none(),
        required=False,
        label=gettext_lazy("Translated from"),
        help_text=gettext_lazy("The version that stands beside this text."),
    )

    class Meta:
        model = Text
        fields = ["statement", "translated_from"]

    def find_text(self) -> Text:
        text = self.instance
        if not text.statement_id:
            text.statement = self._asked_for()
        self.leading = self._leading(text.statement) if text.statement_id else None
        field = self.fields["translated_from"]
        if self.leading:
            field.queryset = sources(self.leading, text)
            self.initial.setdefault("statement", text.statement_id)
            if not text.pk:
                source = self.leading.live_revision_id or self.leading.working_revision_id
                self.initial.setdefault("translated_from", source)
                text.authority = Text.Authority.UNOFFICIAL
        return text

    def _asked_for(self) -> Statement | None:
        asked = str(self.data.get("statement") or self.initial.get("statement") or "")
        return Statement.objects.filter(pk=asked).first() if is_key(asked) else None

    def _leading(self, statement: Statement) -> Text:
        texts = statement.texts.select_related("live_revision", "working_revision")
        return texts.get(is_leading=True)

    def _initial_words(self) -> dict[str, object]:
        initial = super()._initial_words()
        if not self.text.pk:
            initial["language"] = ""
        return initial

    def clean_statement(self) -> Statement:
        """A translation stays with its statement, whatever the hidden field says."""
        if self.instance.pk:
            return Statement.objects.get(pk=self.initial["statement"])
        return self.cleaned_data["statement"]

    def clean(self) -> dict:
        data = super().clean()
        if self.is_publishing and self.leading and not self._is_led(data.get("scheduled_for")):
            raise ValidationError(
                _(
                    "A translation cannot be public before the text that leads the statement."
                    " Save the draft, and publish that text first."
                ),
                code="leading",
            )
        return data

    def _is_led(self, hour: datetime | None) -> bool:
        """Whether the leading text is public by the time that this one is."""
        if self.act == "join":
            # Looked at when the set is scheduled: that text can be put in later.
            return True
        if self.leading.is_public or self.act == "publish":
            return self.leading.is_public
        return bool(hour and self.leading.scheduled_for and self.leading.scheduled_for <= hour)


def sources(leading: Text, text: Text) -> models.QuerySet[Revision]:
    """What a translation can be made from: versions, the working words, what it was made from."""
    ids = [leading.working_revision_id, text.translated_from_id]
    return leading.revisions.filter(models.Q(number__isnull=False) | models.Q(pk__in=ids))


class TranslatedQuotationForm(QuotationForm):
    class Meta(QuotationForm.Meta):
        fields = ["made", *QuotationForm.Meta.fields]

    def save(self, commit: bool = True) -> Quotation:
        return self.save_for(self.cleaned_data["made"], self.text)


class TranslatedQuotations(BaseInlineFormSet):
    def get_form_kwargs(self, index: int | None) -> dict:
        return super().get_form_kwargs(index) | {"text": self.instance}

    def add_fields(self, form: TranslatedQuotationForm, index: int | None) -> None:
        """The few demands that the statement makes, looked up once for all rows."""
        super().add_fields(form, index)
        field = form.fields["made"]
        field.queryset = DemandAsMade.objects.filter(statement=self.instance.statement_id)
        field.widget.choices = self._choices()

    def _choices(self) -> list[tuple]:
        if not hasattr(self, "_made"):
            made = DemandAsMade.objects.filter(statement=self.instance.statement_id)
            self._made = [
                (one.pk, f"{one.demand} ({one.get_voice_display()})")
                for one in made.select_related("demand")
            ]
        return [("", "---------"), *self._made]


class TranslatedQuotationInline(PartInline):
    model = Quotation
    form = TranslatedQuotationForm
    formset = TranslatedQuotations
    template = "admin/statements/quotations.html"
    fields = ["made", "words", "field", "is_gone"]
    fetched = ("made__demand",)
    extra = 1
    group = "demands"
    verbose_name = gettext_lazy("quotation of a demand")
    verbose_name_plural = gettext_lazy("The demands in the words of this translation")

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: object
    ) -> forms.Field:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "made":
            field.widget = forms.Select()
        return field


@admin.register(Text)
class TextAdmin(WordsAdmin):
    form = TextForm
    change_form_template = "admin/statements/text_form.html"
    path_to_statement, path_to_text = "texts", "pk"
    inlines = [TranslatedQuotationInline, NamingInline]
    fieldsets = [
        (
            gettext_lazy("The translation"),
            {
                "fields": [
                    ("language", "authority", "translator"),
                    "translated_from",
                    "surtitle",
                    "title",
                    "subtitle",
                    "introduction",
                    "original_title",
                    "body",
                    "postscript",
                    "why",
                    "statement",
                ]
            },
        ),
        (gettext_lazy("Address"), {"fields": ["slug"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        related = ("working_revision", "live_revision", "statement")
        return super().get_queryset(request).select_related(*related)

    def text_of(self, record: Text) -> Text:
        return record

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Translations are reached from their statement, and have no list of their own."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Text | None = None) -> bool:
        """A draft can be thrown away; what was published has an address that must answer."""
        if obj and obj.revisions.exclude(number=None).exists():
            return False
        return super().has_delete_permission(request, obj)

    def changelist_view(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:statements_statement_changelist"))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        asked = request.POST.get("statement") or request.GET.get("statement") or ""
        if not (is_key(asked) and Statement.objects.filter(pk=asked).exists()):
            messages.info(request, _("Open a statement, and add the translation from there."))
            return self.changelist_view(request)
        return super().add_view(request, form_url, extra_context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        return self._to_statement(object_id) or super().change_view(
            request, object_id, form_url, extra_context
        )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        return self._to_statement(object_id) or super().delete_view(
            request, object_id, extra_context
        )

    def delete_model(self, request: HttpRequest, obj: Text) -> None:
        """Its namings conceal in the other texts too, and go with it."""
        before = telling.spellings([obj.statement_id])
        erasures.note(erasures.Kind.GONE, obj)
        super().delete_model(request, obj)
        telling.refuse_told(before)

    def _to_statement(self, object_id: str) -> HttpResponse | None:
        """The leading text is edited on its statement's page, and goes with it alone."""
        if not is_key(object_id):
            return None
        leading = Text.objects.filter(pk=object_id, is_leading=True).first()
        return leading and HttpResponseRedirect(
            reverse("admin:statements_statement_change", args=[leading.statement_id])
        )

    def response_delete(
        self, request: HttpRequest, obj_display: str, obj_id: object
    ) -> HttpResponse:
        super().response_delete(request, obj_display, obj_id)
        return self.changelist_view(request)

    def save_model(self, request: HttpRequest, obj: Text, form: TextForm, change: bool) -> None:
        if change:
            workflow.take_edition(obj, form.cleaned_data["edition"])
        form.save_text(by=request.user)

    def view_on_site(self, obj: Text) -> str | None:
        return obj.get_absolute_url() if obj.is_public else None

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: object, **kwargs: object
    ) -> TemplateResponse:
        form = context["adminform"].form
        is_stored = bool(form.instance.pk)
        if not is_stored:
            context["title"] = _("Add a translation")
        elif self.has_change_permission(request, form.instance):
            context["title"] = _("Change the translation")
        else:
            context["title"] = _("The translation")
        context["leading"] = form.leading
        context["source"] = source_shown(form)
        context["demands_made"] = demands_made(form.leading)
        return super().render_change_form(request, context, *args, **kwargs)


def source_shown(form: TextForm) -> Revision:
    """The revision beside the translation: what it is made from, else what visitors read."""
    leading = form.leading
    return form.instance.translated_from or leading.live_revision or leading.working_revision


def demands_made(leading: Text) -> models.QuerySet[DemandAsMade]:
    quotations = models.Prefetch("quotations", leading.quotations.all(), to_attr="in_source")
    made = DemandAsMade.objects.filter(statement=leading.statement_id)
    return made.select_related("demand").prefetch_related(quotations)
