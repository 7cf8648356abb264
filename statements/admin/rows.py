"""Rows of a form: the names of their fields, whose right they need, how they find their records."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.db import models
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import pgettext

from statements import rights


class RowAutocomplete(AutocompleteSelect):
    """An autocomplete that knows the name of what its row has chosen: no query for each row."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.known: dict[str, str] = {}

    def optgroups(self, name: str, value: list[str], attr: dict | None = None) -> list:
        if any(one and str(one) not in self.known for one in value):
            return super().optgroups(name, value, attr)
        chosen = [("", "")] + [(one, self.known[str(one)]) for one in value if one]
        options = [
            self.create_option(name, pk, label, str(pk) in map(str, value), index)
            for index, (pk, label) in enumerate(chosen)
        ]
        return [(None, options, 0)]


class RowForm(forms.ModelForm):
    """Tells its autocompletes the names of related records that came with the row."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, related in self.instance._state.fields_cache.items():
            widget = self.fields[name].widget if name in self.fields else None
            if isinstance(widget, RelatedFieldWidgetWrapper):
                widget = widget.widget
            if related and isinstance(widget, RowAutocomplete):
                widget.known = {str(related.pk): str(related)}


class NamedRows(BaseInlineFormSet):
    """Each field of a row bears its name: to the eye the head of the table says it once."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        for bound in form.visible_fields():
            name, widget = capfirst(bound.label), bound.field.widget
            if isinstance(widget, RelatedFieldWidgetWrapper):
                widget = widget.widget
            for part in getattr(widget, "widgets", ()):
                part.attrs["aria-label"] = pgettext("one box of a field", "%(field)s: %(part)s") % {
                    "field": name,
                    "part": part.attrs["aria-label"],
                }
            if not isinstance(widget, forms.MultiWidget):
                widget.attrs.setdefault("aria-label", name)


class PartInline(admin.TabularInline):
    """Rows that are part of a statement: who may change the statement may change them.

    `group` says in which part of the form they stand, `fetched` what they show of others.
    """

    form = RowForm
    formset = NamedRows
    extra = 0
    group = ""
    fetched: tuple[str, ...] = ()
    # The record whose rights count, where it is not the parent of the rows.
    parent_of_rights: type[models.Model] | None = None

    def __init__(self, parent_model: type[models.Model], admin_site: admin.AdminSite) -> None:
        self.page_model = parent_model
        super().__init__(parent_model, admin_site)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related(*self.fetched)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: object
    ) -> forms.Field:
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = RowAutocomplete(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: object
    ) -> forms.Field | None:
        """A new one can be made from the row; deleting records has its own pages."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = field.widget.can_view_related = False
        return field

    def _may(self, request: HttpRequest, act: str) -> bool:
        return rights.may(request.user, act, self.page_model)

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return self._may(request, "view") or self._may(request, "change")

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return self._may(request, "change" if obj else "add") or self._may(request, "change")

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return self._may(request, "change") or self._may(request, "add")

    has_delete_permission = has_change_permission
