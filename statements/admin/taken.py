"""An address that another record has: which one, and the way there; in the same moment too."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from statements import languages
from statements.publishing import slugs


def refuse_taken(model: type[models.Model], slug: str, noun: str, but: int | None) -> None:
    """Raise what the field says where another record of the kind has, or had, the address.

    Its link opens beside the form, which holds what was typed.
    """
    if not slugs.slug_is_taken(model, slug, noun, but=but):
        return
    other = slugs.bearer(model, slug, noun, but=but)
    if other is None:
        raise ValidationError(_("A record that was deleted had this address."), "taken")
    link = format_html(
        '<a href="{}" target="_blank" rel="noopener" lang="{}" dir="{}">{}</a>',
        reverse(f"admin:statements_{model._meta.model_name}_change", args=[other.pk]),
        other.language,
        languages.direction(other.language),
        other,
    )
    raise ValidationError(
        format_html(_("Another record has, or had, this address: {}"), link), "taken"
    )


class AnswersWhatIsTaken(admin.ModelAdmin):
    """A form that only the database could refuse is checked once more: now it sees the other."""

    def changeform_view(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except (slugs.SlugTaken, IntegrityError):
            for file in request.FILES.values():
                file.seek(0)
            return super().changeform_view(request, *args, **kwargs)
