"""Former addresses: a deliberate change of a slug leaves a redirect."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from statements.models.base import SlugField


class FormerSlug(models.Model):
    class Noun(models.TextChoices):
        TEXT = "text", _("text")
        EVENT = "event", _("event")
        ORGANISATION = "organisation", _("organisation")
        DEMAND = "demand", _("demand")
        PERSON = "person", _("person")

    noun = models.CharField(max_length=12, choices=Noun)
    slug = SlugField(unique=False)
    object_id = models.PositiveBigIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        constraints = [models.UniqueConstraint(fields=["noun", "slug"], name="former_slug_once")]
        indexes = [models.Index(fields=["noun", "object_id"], name="former_slugs_of")]

    def __str__(self) -> str:
        return self.slug
