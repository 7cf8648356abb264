"""Tags. taggit registers an admin of its own, with a row for every tagged record: not ours."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from taggit import admin as taggit_admin
from taggit.models import Tag

from statements.admin.base import RecordAdmin, counted
from statements.admin.lookups import containing
from statements.models import Statement, Tagging
from statements.plain import line


class TagForm(forms.ModelForm):
    def clean_name(self) -> str:
        name = line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("A tag needs a name."), code="required")
        if Tag.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("This tag exists already."), code="taken")
        return name


admin.site.unregister(taggit_admin.Tag)


@admin.register(Tag)
class TagAdmin(RecordAdmin):
    """A tag's address is made from its first name, and stays."""

    form = TagForm
    change_form_template = None
    search_fields = ("name",)
    list_display = ("name", "in_statements")
    ordering = ("name",)
    fields = ("name", "slug")
    readonly_fields = ("slug",)
    also_protected = ("taggings",)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        return queryset.filter(containing(search_term, *self.search_fields)), False

    def for_list(self, records: models.QuerySet) -> models.QuerySet:
        return records.annotate(statement_count=counted(Tagging.objects.all(), "tag"))

    def save_model(
        self, request: HttpRequest, obj: Tag, form: forms.ModelForm, change: bool
    ) -> None:
        """Saved as it is: a tag has no editions to count."""
        obj.save()

    def view_on_site(self, obj: Tag) -> str | None:
        is_used = Statement.objects.readable().filter(taggings__tag=obj).exists()
        return reverse("pages:tag", args=[obj.slug]) if is_used else None

    @admin.display(description=gettext_lazy("statements"))
    def in_statements(self, record: Tag) -> int:
        return record.statement_count
