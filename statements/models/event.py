"""Events: what happened or goes on, and what statements are about."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from statements.dates import PartialDateColumns, anniversary_index, partial_date_constraint
from statements.models.base import Linked, LinkedQuerySet, Name
from statements.models.place import Place
from statements.paths import path_of
from statements.plain import LineField

# Events and their public parts, at any depth. UNION and not UNION ALL: a circle of parents, which
# no constraint can rule out, ends the walk instead of going on for ever.
TREE = """
    WITH RECURSIVE tree (id) AS (
        SELECT root.id FROM statements_event AS root WHERE {start}
        UNION
        SELECT part.id FROM statements_event AS part JOIN tree ON part.parent_id = tree.id
        WHERE part.public_since IS NOT NULL
    )
    SELECT id FROM tree
"""
PARENT = "UNION SELECT parent_id FROM statements_event WHERE slug = %s AND parent_id IS NOT NULL"


def tree_of(slug: str, *, and_parent: bool = False) -> RawSQL:
    """The ids of the event at an address and of its public parts, for `…__in`."""
    tree = TREE.format(start="root.slug = %s")
    # nosemgrep: sql-with-values-in-it - both are our own
    return RawSQL(tree + PARENT, [slug, slug]) if and_parent else RawSQL(tree, [slug])  # noqa: S611


def trees_of(ids: list[int]) -> RawSQL:
    """The ids of several events and of their public parts, for `…__in`."""
    places = ", ".join(["%s"] * len(ids)) or "NULL"
    return RawSQL(TREE.format(start=f"root.id IN ({places})"), ids)  # noqa: S611


class EventQuerySet(LinkedQuerySet):
    def going_on(self) -> EventQuerySet:
        return self.filter(is_ongoing=True)

    def newest_first(self) -> EventQuerySet:
        return self.order_by(models.F("start_earliest").desc(nulls_last=True), "-pk")


class Event(Linked):
    class Type(models.TextChoices):
        ELECTION = "election", _("election")
        STRIKE = "strike", _("strike")
        PROTEST = "protest", _("protest")
        CRACKDOWN = "crackdown", _("crackdown")
        ARRESTS = "arrests", _("arrests")
        TRIAL = "trial", _("trial")
        COUP = "coup", _("coup")
        WAR = "war", _("war or armed conflict")
        LAW = "law", _("law")
        DISASTER = "disaster", _("disaster")
        ANNIVERSARY = "anniversary", _("anniversary")
        CONGRESS = "congress", _("congress")
        OTHER = "other", _("other")

    name = LineField(_("name"), max_length=300)
    type = models.CharField(_("type"), max_length=12, choices=Type)
    start = PartialDateColumns(_("start"))
    end = PartialDateColumns(_("end"))
    is_ongoing = models.BooleanField(_("going on"), default=False)
    places = models.ManyToManyField(
        Place, related_name="events", blank=True, verbose_name=_("places")
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )

    objects = EventQuerySet.as_manager()

    class Meta(Linked.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-start_earliest", "-pk"]
        indexes = [
            models.Index(fields=["-start_earliest", "-id"], name="event_by_start"),
            anniversary_index("event", "start"),
        ]
        constraints = [
            partial_date_constraint("event", "start"),
            partial_date_constraint("event", "end"),
        ]

    @property
    def days(self) -> tuple[date, date] | None:
        """The first day on which it may have begun, and the last on which it may have ended.

        None where its start has no first day, or no last one. An end that nobody knows, or that
        is still to come, leaves the days of the start.
        """
        start, end = self.start, self.end
        if not start or not start.earliest:
            return None
        last = end.latest if end and end.latest else start.latest
        return (start.earliest, max(start.earliest, last)) if last else None

    def get_absolute_url(self) -> str:
        return path_of("pages:event", self.slug)


class EventName(Name):
    event = models.ForeignKey(Event, models.CASCADE, related_name="names")

    class Meta(Name.Meta):
        verbose_name = _("name in another language")
        verbose_name_plural = _("names in other languages")
        constraints = [
            models.UniqueConstraint(fields=["event", "language", "name"], name="event_name_once")
        ]
