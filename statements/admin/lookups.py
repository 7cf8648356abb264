"""Finding records in lists of thousands: search in every script, filters by look-up."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.contrib import admin
from django.contrib.admin.filters import FieldListFilter
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import models
from django.forms import Media, ModelChoiceField
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from statements.plain import line

# More words than anybody types, and fewer than would make a query expensive.
MOST_WORDS = 8
# Keys that every database takes; a longer number is nobody's.
KEY = re.compile(r"[1-9][0-9]{0,17}")


def is_key(asked: str) -> bool:
    """Whether a part of an address can be the key of a record."""
    return bool(KEY.fullmatch(asked))


def spellings(word: str) -> list[str]:
    """A word in the cases that it may be stored in.

    SQLite, and PostgreSQL under the C locale, fold the case of ASCII letters alone.
    """
    if word.isascii():
        return [word]
    return list(dict.fromkeys([word, word.lower(), word.upper(), word.capitalize()]))


def containing(term: str, *columns: str) -> models.Q:
    """Rows of which every word of the term stands in one of the columns, in any script."""
    found = models.Q()
    for word in line(term).split()[:MOST_WORDS]:
        found &= models.Q(
            *(
                models.Q((f"{column}__icontains", spelling))
                for column in columns
                for spelling in spellings(word)
            ),
            _connector=models.Q.OR,
        )
    return found


def named_like(
    queryset: models.QuerySet, term: str, own: tuple[str, ...], other: tuple[str, ...] = ("name",)
) -> models.QuerySet:
    """Records found by a name of their own, or by one of their names in other languages.

    The other names are looked up in a query of their own, so that no row comes twice.
    """
    if not line(term):
        return queryset
    names = queryset.model.names.rel.related_model
    foreign_key = queryset.model.names.field.attname
    return queryset.filter(
        containing(term, *own)
        | models.Q(pk__in=names.objects.filter(containing(term, *other)).values(foreign_key))
    )


class LookupFilter(FieldListFilter):
    """A filter of a change list by one related record, found by typing a part of its name.

    List it with the path to the relation: `("events", LookupFilter)`,
    `("authorships__organisation", LookupFilter)`. The admin of the related model needs search
    fields, and the list's own admin WithLookups.
    """

    template = "admin/lookup_filter.html"

    def __init__(
        self,
        field: models.Field,
        request: HttpRequest,
        params: dict,
        model: type[models.Model],
        model_admin: admin.ModelAdmin,
        field_path: str,
    ) -> None:
        self.parameter = f"{field_path}__id__exact"
        self.request = request
        self.admin_site = model_admin.admin_site
        super().__init__(field, request, params, model, model_admin, field_path)

    def expected_parameters(self) -> list[str]:
        return [self.parameter]

    @property
    def value(self) -> str:
        return (self.request.GET.getlist(self.parameter) or [""])[-1]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        # A filter without a value arrives when the field was emptied.
        return super().queryset(request, queryset) if self.value else queryset

    def choices(self, changelist: object) -> Iterator[dict]:
        yield {
            "widget": self.render_widget(),
            "kept": [
                (name, value)
                for name, values in self.request.GET.lists()
                if name not in (self.parameter, "p", "e")
                for value in values
            ],
        }

    def render_widget(self) -> SafeString:
        widget = AutocompleteSelect(
            self.field,
            self.admin_site,
            attrs={"id": f"lookup-{self.field_path}", "aria-label": capfirst(self.title)},
        )
        related = self.field.remote_field.model._default_manager.all()
        choice = ModelChoiceField(related, widget=widget, required=False)
        return choice.widget.render(self.parameter, self.value if is_key(self.value) else "")


class WithLookups(admin.ModelAdmin):
    """What a change list with LookupFilters needs: their script, and no counts per choice."""

    show_facets = admin.ShowFacets.NEVER

    @property
    def media(self) -> Media:
        widget = AutocompleteSelect(None, self.admin_site)
        return (
            super().media
            + widget.media
            + Media(js=["admin/js/jquery.init.js", "js/lookup-filter.js"])
        )


class IsPublicFilter(admin.SimpleListFilter):
    """Public or not, for whatever has `public_since`."""

    title = _("public")
    parameter_name = "public"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        return [("yes", _("Public")), ("no", _("Not public"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(public_since__isnull=self.value() == "no")
