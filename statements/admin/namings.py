"""The persons whom a text names, in the form of the statement or of the translation."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from statements import naming
from statements.admin.rows import NamedRows, PartInline, RowForm
from statements.admin.unasked import refuse_unasked
from statements.markup import MarkupRefused
from statements.models import Naming, Revision, Text
from statements.publishing import wording


class NamingForm(RowForm):
    """A new or changed spelling must stand in the text: withholding a name depends on it."""

    def __init__(self, *args: object, text: Text, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.text = text

    def clean(self) -> dict:
        data = super().clean()
        spelling = data.get("spelling")
        if spelling and "spelling" in self.changed_data and not self._is_in_text(spelling):
            self.add_error("spelling", _("The text does not name anybody with this spelling."))
        if data.get("person") and "person" in self.changed_data:
            try:
                refuse_unasked(self.text.statement, persons=[data["person"].pk])
            except ValidationError as unasked:
                self.add_error("person", unasked)
        return data

    def _is_in_text(self, spelling: str) -> bool:
        try:
            return any(
                naming.stands_in(wording.words_of(self.text.unsaved, part), spelling)
                for part in Revision.FIELDS
            )
        except MarkupRefused:
            return True


class Namings(NamedRows):
    """On the statement's page the rows belong to its leading text, which may be unsaved."""

    def __init__(self, *args: object, instance: models.Model, **kwargs: object) -> None:
        super().__init__(*args, instance=getattr(instance, "working_text", instance), **kwargs)

    def get_form_kwargs(self, index: int | None) -> dict:
        return super().get_form_kwargs(index) | {"text": self.instance}


class NamingInline(PartInline):
    model = Naming
    form = NamingForm
    formset = Namings
    fields = ["spelling", "person"]
    autocomplete_fields = ["person"]
    fetched = ("person",)
    extra = 1
    group = "people"

    def __init__(self, parent_model: type[models.Model], admin_site: admin.AdminSite) -> None:
        super().__init__(parent_model, admin_site)
        self.parent_model = Text
