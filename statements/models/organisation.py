"""Organisations: who issues statements."""

from __future__ import annotations

from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from statements.dates import PartialDateColumns, partial_date_constraint
from statements.models.base import Linked, LinkedQuerySet, Name
from statements.models.counting import CappedCount
from statements.models.place import Place
from statements.paths import path_of
from statements.plain import LineField


class OrganisationQuerySet(LinkedQuerySet):
    def counted(self) -> OrganisationQuerySet:
        """Annotate `statement_count`: of those that it issued, capped."""
        from statements.models.statement import Authorship, Statement

        issued = Authorship.objects.filter(
            organisation=models.OuterRef("pk"),
            role=Authorship.Role.AUTHOR,
            statement__in=Statement.objects.readable(),
        )
        return self.annotate(statement_count=CappedCount(issued.values("pk")))


class Organisation(Linked):
    class Classification(models.TextChoices):
        UNION = "union", _("trade union")
        PARTY = "party", _("party")
        MOVEMENT = "movement", _("movement")
        NGO = "ngo", _("non-governmental organisation")
        NETWORK = "network", _("network or federation")
        COLLECTIVE = "collective", _("collective or committee")
        MEDIA = "media", _("publication")
        BODY = "body", _("public body")
        OTHER = "other", _("other")

    name = LineField(_("name"), max_length=300)
    acronym = LineField(_("acronym"), max_length=40, blank=True)
    classification = models.CharField(
        _("classification"), max_length=12, choices=Classification, blank=True
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    country = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name=_("country"),
    )
    founded = PartialDateColumns(_("founded"))
    dissolved = PartialDateColumns(_("dissolved"))
    website = models.URLField(
        _("website"), max_length=500, blank=True, validators=[URLValidator(["http", "https"])]
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta(Linked.Meta):
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["name", "id"], name="organisation_by_name")]
        constraints = [
            partial_date_constraint("organisation", "founded"),
            partial_date_constraint("organisation", "dissolved"),
        ]

    def get_absolute_url(self) -> str:
        return path_of("pages:organisation", self.slug)


class OrganisationName(Name):
    """Another name: in another language or script, or one used in another time."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="names")
    acronym = LineField(_("acronym"), max_length=40, blank=True)
    used_from = PartialDateColumns(_("used from"))
    used_until = PartialDateColumns(_("used until"))

    class Meta(Name.Meta):
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "language", "name"], name="organisation_name_once"
            ),
            partial_date_constraint("organisationname", "used_from"),
            partial_date_constraint("organisationname", "used_until"),
        ]
