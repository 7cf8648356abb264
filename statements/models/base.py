"""What several records have in common."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Self, TypeVar

from django import forms
from django.conf import settings
from django.core.validators import validate_unicode_slug
from django.db import models
from django.db.models.base import ModelState
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from statements import languages, slugging
from statements.plain import LineField, uncut

Record = TypeVar("Record", bound=models.Model)


class LanguageFormField(forms.CharField):
    """A BCP 47 tag in a form: in its usual case, or refused there, whatever the form stores."""

    def clean(self, value: object) -> str:
        tag = super().clean(value)
        return languages.canonical(tag) if tag else tag


class LanguageField(models.CharField):
    """A BCP 47 tag: any language, not only those that the interface speaks."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_length", 35)
        kwargs.setdefault("verbose_name", _("language"))
        kwargs.setdefault("validators", [languages.validate])
        super().__init__(*args, **kwargs)

    def to_python(self, value: object) -> object:
        value = super().to_python(value)
        if isinstance(value, str) and languages.TAG.fullmatch(value.strip().replace("_", "-")):
            return languages.canonical(value)
        return value

    def formfield(self, **kwargs: object) -> forms.Field:
        return uncut(super().formfield(**{"form_class": LanguageFormField} | kwargs))


class SlugFormField(forms.CharField):
    """A part of an address in a form, in NFC however it was typed."""

    default_validators = [slugging.validate]

    def __init__(self, *, allow_unicode: bool, **kwargs: object) -> None:
        super().__init__(**kwargs)

    def to_python(self, value: object) -> str:
        return unicodedata.normalize("NFC", super().to_python(value))


class SlugField(models.SlugField):
    """A part of an address: letters of any script, with their marks."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_length", 120)
        kwargs.setdefault("allow_unicode", True)
        kwargs.setdefault("unique", True)
        kwargs.setdefault("verbose_name", _("address"))
        super().__init__(*args, **kwargs)
        # Django's own refuses the marks of letters.
        self.validators.remove(validate_unicode_slug)
        self.validators.append(slugging.validate)

    def formfield(self, **kwargs: object) -> forms.Field:
        # Django's own sentence speaks of a “slug”, and the form of an address.
        refused = _(
            "An address is made of letters, digits, hyphens and underscores, without spaces."
        )
        own = {"form_class": SlugFormField, "error_messages": {"invalid": refused}}
        return uncut(super().formfield(**own | kwargs))


class Listed(models.Model):
    """What a page has hundreds of: made of a row, and called by a label, the short way."""

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str, field_names: Sequence[str], values: Sequence[object]) -> Self:
        # Django's own goes through all fields and signals. No signal waits for these records, and
        # none of their fields has to be set by anything but a value of the database.
        record = cls.__new__(cls)
        record._state = ModelState()
        record._state.adding = False
        record._state.db = db
        record.__dict__.update(zip(field_names, values, strict=True))
        return record

    def _get_FIELD_display(self, field: models.Field) -> object:  # noqa: N802 - Django's name
        # Django's own translates all choices to find one.
        value = getattr(self, field.attname)
        label = _labels(field).get(value, value)
        return label if label is None else str(label)


@cache
def _labels(field: models.Field) -> dict[object, object]:
    return dict(field.flatchoices)


class Guarded(Listed):
    """A record whose admin form notices when somebody else saved it in between."""

    edition = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True


class Named(Listed):
    """A record with a name of its own, and rows of names in other languages."""

    NAME_FIELD = "name"

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return getattr(self, self.NAME_FIELD)

    @property
    def name_shown(self) -> str:
        """The annotated name of `named()`, else the record's own."""
        return getattr(self, "shown", None) or getattr(self, self.NAME_FIELD)

    @property
    def name_language(self) -> str:
        return getattr(self, "shown_language", None) or self.language


def shown_name(
    model: type[models.Model], path: str = "", language: str | None = None
) -> dict[str, models.Expression]:
    """Annotations `shown` and `shown_language` for a query on a model, or on what points at it.

    `path` leads to the model, as in "organisation__" for a query on authorships.
    """
    return dict(_shown_name(model, path, language or get_language() or settings.LANGUAGE_CODE))


@lru_cache(1000)
def _shown_name(
    model: type[models.Model], path: str, language: str
) -> dict[str, models.Expression]:
    """Put together once: most lists ask for it, and Django takes copies of what it is given."""
    # Among several spellings in one language it is the record's own name that is shown.
    rows = (
        model.names.rel.related_model.objects.filter(
            **{model.names.field.name: models.OuterRef(f"{path}pk")}, language=language
        )
        .exclude(language=models.OuterRef(f"{path}language"))
        .order_by("pk")
    )
    return {
        "shown": Coalesce(
            models.Subquery(rows.values("name")[:1]), models.F(path + model.NAME_FIELD)
        ),
        "shown_language": Coalesce(
            models.Subquery(rows.values("language")[:1]), models.F(f"{path}language")
        ),
    }


class LinkedQuerySet(models.QuerySet):
    """Events, organisations, demands, persons: public once linked to something public."""

    def published(self) -> LinkedQuerySet:
        """Records whose address answers."""
        return self.filter(public_since__isnull=False)

    def readable(self) -> LinkedQuerySet:
        """Published records that may be shown in lists and named in other pages."""
        return self.published()

    def named(self, language: str | None = None) -> LinkedQuerySet:
        """Annotate `shown` and `shown_language`: the name in the interface's language.

        Without one in that language it is the record's own name, in its own language.
        """
        return self.annotate(**shown_name(self.model, language=language))


# "publish": give a record a public address by one's own act.
PERMISSIONS = ("add", "change", "delete", "view", "publish")


class Linked(Named, Guarded):
    """A record that statements point at.

    `public_since` is set by workflow when it is linked to a published statement or to a public
    parent or child, and is kept afterwards: an address that answered goes on answering.
    """

    slug = SlugField()
    language = LanguageField(
        default="en", help_text=_("The language of the name in the field above.")
    )
    is_example = models.BooleanField(
        _("invented example"),
        default=False,
        help_text=_("Shown with a visible mark wherever the record is named."),
    )
    public_since = models.DateTimeField(_("public since"), null=True, blank=True, editable=False)

    objects = LinkedQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = PERMISSIONS

    @property
    def is_public(self) -> bool:
        return self.public_since is not None


class Name(models.Model):
    """A record's name in one more language or spelling."""

    language = LanguageField()
    name = LineField(_("name"), max_length=300)

    class Meta:
        abstract = True
        ordering = ["language", "pk"]

    def __str__(self) -> str:
        return self.name
