"""Forms that give away no name: what is refused by statements/publishing/telling.py, and how."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from statements import languages
from statements.publishing import telling


def would_tell(names: Sequence[str]) -> ValidationError:
    words = _(
        "Not done: a name that is not shown in full would be read in public words: %(names)s."
        " Leave whoever bears it linked there, or take the name out of the words and seal the"
        " versions that have it."
    )
    between = pgettext("between the entries of a short list", ", ")
    names = between.join(languages.isolated(one) for one in names)
    return ValidationError(words % {"names": names}, code="would_tell")


class TellsNobody(admin.ModelAdmin):
    """What would give a name away is taken back, and the form shown again with what was typed."""

    def changeform_view(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except telling.WouldTell as refused:
            request.refused = would_tell(refused.names)
            for file in request.FILES.values():
                file.seek(0)
            return super().changeform_view(request, *args, **kwargs)

    def get_form(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, *args, **kwargs)
        refused = getattr(request, "refused", None)
        return _refusing(form, refused) if refused else form

    def delete_view(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return super().delete_view(request, *args, **kwargs)
        except telling.WouldTell as refused:
            messages.error(request, would_tell(refused.names).message)
            return HttpResponseRedirect(request.get_full_path())


def _refusing(form: type[forms.ModelForm], refused: ValidationError) -> type[forms.ModelForm]:
    class Refusing(form):
        def clean(self) -> dict | None:
            data = super().clean()
            self.add_error(None, refused)
            return data

    return Refusing
