"""A statement's tags in its form: chosen while typing, new ones made by typing them."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.contrib.admin.widgets import AutocompleteMixin, get_select2_language
from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from statements.plain import line

PER_PAGE = 20


class TagsWidget(forms.SelectMultiple):
    """The admin's autocomplete over names: values are names, so that "2020" is never an id."""

    def __init__(self, attrs: dict | None = None) -> None:
        own = {
            "class": "admin-autocomplete",
            "data-tags": "true",
            "data-theme": "admin-autocomplete",
            "data-allow-clear": "true",
            "data-placeholder": "",
            "data-ajax--cache": "true",
            "data-ajax--delay": "250",
            "data-ajax--type": "GET",
        }
        super().__init__(own | (attrs or {}))

    @property
    def i18n_name(self) -> str | None:
        return get_select2_language()

    @property
    def media(self) -> forms.Media:
        return AutocompleteMixin.media.fget(self)

    def format_value(self, value: object) -> list[str]:
        return [getattr(one, "name", one) for one in value or ()]

    def get_context(self, name: str, value: object, attrs: dict | None) -> dict:
        chosen = self.format_value(value)
        self.choices = [(tag, tag) for tag in chosen]
        self.attrs["data-ajax--url"] = reverse("admin:statements_statement_tags")
        return super().get_context(name, chosen, attrs)


class TagsField(forms.Field):
    widget = TagsWidget
    longest = Tag._meta.get_field("name").max_length

    def clean(self, value: Iterable[str] | None) -> list[str]:
        names = {line(str(name)) for name in value or ()} - {""}
        for name in names:
            if len(name) > self.longest:
                raise ValidationError(
                    _("A tag has at most %(most)d characters."), params={"most": self.longest}
                )
        return sorted(names)

    def has_changed(self, initial: object, data: object) -> bool:
        before = {getattr(one, "name", one) for one in initial or ()}
        return before != {line(str(name)) for name in data or ()} - {""}


def suggest(request: HttpRequest) -> JsonResponse:
    """Tags whose name contains what was typed, in the form that the autocomplete reads."""
    asked = request.GET.get("page", "")
    page = int(asked) if asked.isdecimal() and 0 < len(asked) < 6 else 1
    found = Tag.objects.filter(name__icontains=line(request.GET.get("term", ""))).order_by("name")
    names = list(
        found.values_list("name", flat=True)[max(0, page - 1) * PER_PAGE :][: PER_PAGE + 1]
    )
    return JsonResponse(
        {
            "results": [{"id": name, "text": name} for name in names[:PER_PAGE]],
            "pagination": {"more": len(names) > PER_PAGE},
        }
    )
