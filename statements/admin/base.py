"""What the admin of every noun has in common: guarded forms, kind refusals, cheap lists."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from statements import erasures, languages, rights
from statements.admin.guard import GuardedForm, differences, revive_rows
from statements.admin.hidden import Hidden
from statements.admin.lookups import IsPublicFilter, WithLookups, is_key, named_like
from statements.admin.rows import NamedRows
from statements.admin.taken import AnswersWhatIsTaken, refuse_taken
from statements.models.base import Guarded, Linked
from statements.plain import LineField
from statements.publishing import links, slugs, workflow


def in_own_language(words: str, language: str) -> SafeString:
    return format_html(
        '<bdi lang="{}" dir="{}">{}</bdi>', language, languages.direction(language), words
    )


def counted(rows: models.QuerySet, path: str, what: str = "") -> Coalesce:
    """How many rows, or how many different `what` of them, point at a record: a list's column."""
    number = models.Count(what, distinct=True) if what else models.Count("*")
    return Coalesce(
        models.Subquery(
            rows.filter(**{path: models.OuterRef("pk")})
            .order_by()
            .values(path)
            .annotate(count=number)
            .values("count")
        ),
        0,
    )


# Words of any language stand in their own direction; an address without a scheme is https.
FIELDS = {
    LineField: {"widget": AdminTextInputWidget({"dir": "auto"})},
    models.URLField: {"assume_scheme": "https"},
}


class RowsInline(admin.TabularInline):
    """Rows of a record's form, one line each."""

    formfield_overrides = FIELDS
    formset = NamedRows
    extra = 0


class RecordChangeList(ChangeList):
    """Adds what only the list shows: look-ups by autocomplete do without it."""

    def get_queryset(self, *args: object, **kwargs: object) -> models.QuerySet:
        return self.model_admin.for_list(super().get_queryset(*args, **kwargs))


class RecordAdmin(AnswersWhatIsTaken, Hidden, WithLookups):
    """A record that is guarded against two editors, and that statements point at."""

    form = GuardedForm
    change_form_template = "admin/record_change_form.html"
    delete_confirmation_template = "admin/record_delete_confirmation.html"
    list_per_page = 100
    formfield_overrides = FIELDS
    save_on_top = False
    # Columns of the record, and of its names in other languages, that a search looks in.
    search_fields: Sequence[str] = ("name",)
    searched_names: Sequence[str] = ("name",)
    # Relations that do not protect by themselves, and yet must not be cut by a deletion.
    also_protected: Sequence[str] = ()

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[ChangeList]:
        return RecordChangeList

    def for_list(self, records: models.QuerySet) -> models.QuerySet:
        """The records with the counts that their list shows."""
        return records

    # Searching

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        found = named_like(
            queryset, search_term, tuple(self.search_fields), tuple(self.searched_names)
        )
        return found, False

    # Two editors at once

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> models.Model | None:
        """The record; while it is being saved, as the last one who saved it left it, locked."""
        record = super().get_object(request, object_id, from_field)
        if record and request.method == "POST":
            self.lock(request, record)
            record.refresh_from_db()
        return record

    def lock(self, request: HttpRequest, record: models.Model) -> None:
        rows = type(record)._base_manager.select_for_update()
        rows.filter(pk=record.pk).values_list("pk").first()

    def get_formset_kwargs(
        self,
        request: HttpRequest,
        obj: models.Model,
        inline: admin.options.InlineModelAdmin,
        prefix: str,
    ) -> dict:
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if obj.pk and "data" in kwargs:
            rows = inline.model._base_manager.filter(**{_foreign_key(inline, obj): obj.pk})
            existing = {str(pk) for pk in rows.values_list("pk", flat=True)}
            revive_rows(kwargs, prefix, existing)
        return kwargs

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: object, **kwargs: object
    ) -> HttpResponse:
        form = context["adminform"].form
        if getattr(form, "was_edited_meanwhile", False):
            formsets = [one.formset for one in context["inline_admin_formsets"]]
            context["differences"] = differences(form, formsets)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: Guarded, form: forms.ModelForm, change: bool
    ) -> None:
        if change:
            workflow.take_edition(obj, obj.edition)
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        self.saved(request, form.instance)

    def saved(self, request: HttpRequest, record: models.Model) -> None:
        """The record, its rows and its links are stored: what follows from them is next."""

    # Deleting

    def get_actions(self, request: HttpRequest) -> dict:
        """One at a time, so that nobody deletes a page of records by a slip."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_deleted_objects(self, objs: Sequence[models.Model], request: HttpRequest) -> tuple:
        pointing = [line for record in objs for line in self.pointing_at(record)]
        if pointing:
            return [], {}, set(), pointing
        return super().get_deleted_objects(objs, request)

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        erasures.note(erasures.Kind.GONE, obj)
        super().delete_model(request, obj)

    def pointing_at(self, record: models.Model) -> list[str]:
        """What would lose something if the record went: how many of each, in words."""
        lines = []
        for relation in record._meta.related_objects:
            name = relation.get_accessor_name()
            is_own_table = relation.many_to_many and relation.through._meta.auto_created
            is_protected = getattr(relation, "on_delete", None) is models.PROTECT
            if is_own_table or is_protected or name in self.also_protected:
                count = getattr(record, name).count()
                if count:
                    what = relation.related_model._meta.verbose_name_plural
                    lines.append(
                        pgettext("what points at a record", "%(what)s: %(count)d")
                        % {"what": capfirst(what), "count": count}
                    )
        return lines


def _foreign_key(inline: admin.options.InlineModelAdmin, record: models.Model) -> str:
    for field in inline.model._meta.fields:
        if field.remote_field and isinstance(record, field.remote_field.model):
            return field.attname
    raise LookupError(f"{inline.model} does not belong to {type(record)}")


class LinkedForm(GuardedForm):
    """An address is made for a new record, and stays; another one must be free."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = (
                _("The last part of the page's address. Visitors of the old one are sent on.")
                if self.instance.pk
                else _("The last part of the page's address. Leave it empty to have it made.")
            )

    def clean(self) -> dict | None:
        cleaned = super().clean()
        model, noun = type(self.instance), self.instance._meta.model_name
        slug = self.cleaned_data.get("slug")
        if not slug and "slug" not in self.errors:
            self.cleaned_data["slug"] = self.initial.get("slug") or ""
        elif slug:
            try:
                refuse_taken(model, slug, noun, but=self.instance.pk)
            except ValidationError as taken:
                self.add_error("slug", taken)
        return cleaned


class LinkedAdmin(RecordAdmin):
    """Events, organisations, demands, persons: what has an address and two gates."""

    form = LinkedForm
    actions = ["make_public"]
    is_public_filter = IsPublicFilter

    def view_on_site(self, obj: Linked) -> str | None:
        return obj.get_absolute_url() if obj.is_public else None

    def lock(self, request: HttpRequest, record: Linked) -> None:
        """What becomes public with the record too."""
        parent = request.POST.get("parent", "")
        links.lock_with_relatives(record, parent=int(parent) if is_key(parent) else None)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return rights.can_make_public(request.user, self.model)

    def save_model(
        self, request: HttpRequest, obj: Linked, form: forms.ModelForm, change: bool
    ) -> None:
        if not change:
            slugs.save_with_address(obj, str(obj))
            return
        slug = obj.slug
        obj.slug = form.initial["slug"]
        super().save_model(request, obj, form, change)
        slugs.change_slug(obj, slug)

    def saved(self, request: HttpRequest, record: Linked) -> None:
        links.record_saved(record)

    @admin.action(description=_("Make public"), permissions=["publish"])
    def make_public(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        """An editor's own act: the records get a public address before a statement links them."""
        keys = list(queryset.filter(public_since__isnull=True).values_list("pk", flat=True))
        asked = self.model.objects.filter(pk__in=keys)
        links.make_public(asked)
        made = list(asked.published())
        for record in made:
            self.log_change(request, record, str(_("Made public.")))
        self.message_user(
            request,
            ngettext(
                "%(count)d record is public now.", "%(count)d records are public now.", len(made)
            )
            % {"count": len(made)},
            messages.SUCCESS,
        )
        if len(made) < len(keys):
            self.message_user(
                request,
                _(
                    "Persons at risk, and demands about them, wait for the safety questions of a"
                    " statement."
                ),
                messages.WARNING,
            )

    # Columns

    @admin.display(description=_("name"))
    def own_name(self, record: Linked) -> SafeString:
        return in_own_language(str(record), record.language)

    @admin.display(description=_("public"), boolean=True)
    def public(self, record: Linked) -> bool:
        return record.is_public

    @admin.display(description=_("statements"))
    def in_statements(self, record: models.Model) -> int:
        return record.statement_count

    @admin.display(description=_("still missing"))
    def missing(self, record: models.Model) -> str:
        return pgettext("between what is missing", ", ").join(
            str(words) for words in self.gaps(record)
        )

    def gaps(self, record: models.Model) -> list:
        """What an editor would still want to fill in, in words."""
        return []
