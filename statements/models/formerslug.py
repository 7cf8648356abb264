"""Former addresses: a deliberate change of a slug leaves a redirect."""

from __future__ import annotations

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from statements.models.base import SlugField


class FormerSlugQuerySet(models.QuerySet):
    def current(self, noun: FormerSlug.Noun, slug: str) -> str | None:
        """The address that a former one leads to, if that answers.

        A person's leads nowhere while the name is not shown in full: it would tell whom a page is
        about.
        """
        model = apps.get_model("statements", noun)
        former = self.filter(noun=noun, slug=slug).values("object_id")
        records = model.objects.published().filter(pk__in=former)
        if noun == FormerSlug.Noun.PERSON:
            records = records.in_full()
        return records.values_list("slug", flat=True).first()


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

    objects = FormerSlugQuerySet.as_manager()

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        constraints = [models.UniqueConstraint(fields=["noun", "slug"], name="former_slug_once")]
        indexes = [models.Index(fields=["noun", "object_id"], name="former_slugs_of")]

    def __str__(self) -> str:
        return self.slug
