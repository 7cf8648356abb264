"""Demands: what somebody is asked to do, shared by the statements that ask for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from django.db import models
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from statements.dates import (
    PartialDate,
    PartialDateColumns,
    anniversary_index,
    partial_date_constraint,
)
from statements.models.addressee import Addressee
from statements.models.base import Linked, LinkedQuerySet, Listed, Name, shown_name
from statements.models.counting import CappedCount
from statements.models.person import Person, concealed
from statements.naming import Concealed, conceal
from statements.paths import path_of
from statements.plain import LineField


class Joined(models.Aggregate):
    """Strings as one, with a character between them that no name holds."""

    BETWEEN = "\x1f"
    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, chr(31))"
    output_field = models.TextField()

    def as_sqlite(self, compiler: object, connection: object, **extra: object) -> object:
        template = "GROUP_CONCAT(%(expressions)s, char(31))"
        return super().as_sql(compiler, connection, template=template, **extra)


# Who makes a demand, of the authors of a statement: one who is only a name as printed counts by it.
MAKER = Coalesce(
    Cast("organisation_id", models.TextField()), Cast("name_as_printed", models.TextField())
)


class DemandQuerySet(LinkedQuerySet):
    def named(self, language: str | None = None) -> DemandQuerySet:
        """Annotate the wording shown, and the names that `name_shown` then conceals in it."""
        hidden = {f"hidden_{number}": _hidden(path) for number, path in enumerate(SPELLINGS)}
        return super().named(language).annotate(**hidden)

    def newest_first(self) -> DemandQuerySet:
        return self.order_by(models.F("raised_on").desc(nulls_last=True), "-pk")

    def counted(self) -> DemandQuerySet:
        """Annotate `organisation_count`: of those that make it, capped; and `is_of_editors`.

        The editors' voice counts for no organisation.
        """
        return self.annotate(**_makers_counted())

    def behind(self) -> DemandQuerySet:
        """Annotate `country_count` and `language_count`: of those that make it in their own name.

        Countries are those of its organisations, languages those of its public texts.
        """
        from statements.models.demandasmade import DemandAsMade
        from statements.models.statement import Authorship, Statement
        from statements.models.text import Text

        made = DemandAsMade.objects.filter(
            demand=models.OuterRef(models.OuterRef("pk")),
            statement__in=Statement.objects.readable(),
        ).exclude(voice=DemandAsMade.Voice.EDITORS)
        authors = Authorship.objects.filter(
            role=Authorship.Role.AUTHOR,
            statement__in=made.values("statement"),
            organisation__public_since__isnull=False,
            organisation__country__isnull=False,
        )
        texts = Text.objects.readable().filter(statement__in=made.values("statement"))
        return self.annotate(
            country_count=CappedCount(authors.values("organisation__country").distinct()),
            language_count=CappedCount(texts.order_by().values("language").distinct()),
        )

    def with_people(self) -> DemandQuerySet:
        """Annotate `concerned` and `released`, see `people_counted`."""
        return self.annotate(**people_counted())

    def with_letter(self) -> DemandQuerySet:
        """Annotate `has_letter`: whether there is a model letter for it."""
        from statements.models.letter import DemandLetter

        letters = DemandLetter.objects.filter(demand=models.OuterRef("pk"))
        return self.annotate(has_letter=models.Exists(letters))

    def to_somebody(self) -> DemandQuerySet:
        """Annotate `addressee_shown` and its language: the addressee's name for the reader."""
        names = shown_name(Addressee, "addressee__")
        return self.annotate(
            addressee_shown=names["shown"], addressee_language=names["shown_language"]
        )


def people_counted(path: str = "") -> dict[str, models.Expression]:
    """How many persons a demand to release somebody is about, and how many of them are.

    Nothing of demands of another kind. `path` leads to the demand, as in "demand__".
    """
    people = (
        DemandPerson.objects.filter(
            demand=models.OuterRef(f"{path}pk"), demand__kind=Demand.Kind.RELEASE
        )
        .order_by()
        .values("demand")
    )
    counts = {"concerned": models.Count("pk"), "released": models.Count("met_by")}
    return {
        name: Coalesce(models.Subquery(people.annotate(number=count).values("number")), 0)
        for name, count in counts.items()
    }


SPELLINGS = ("person__name", "person__names__name", "person__namings__spelling")


@cache
def _hidden(spelling: str) -> models.Subquery:
    """The names, joined, that a demand's wording must not show; each after how it is shown."""
    name = Concat("person__shown_as", models.Value(" "), spelling, output_field=models.TextField())
    people = (
        DemandPerson.objects.filter(demand=models.OuterRef("pk"), **{f"{spelling}__isnull": False})
        .exclude(person__shown_as=Person.Shown.FULL)
        .order_by()
        .values("demand")
    )
    return models.Subquery(people.annotate(joined=Joined(name)).values("joined"))


@cache
def _makers_counted() -> dict[str, models.Expression]:
    from statements.models.demandasmade import DemandAsMade
    from statements.models.statement import Authorship, Statement

    made = DemandAsMade.objects.filter(statement__in=Statement.objects.readable())
    # A value and not EXISTS, for which PostgreSQL gathers the answers of all demands first: a
    # list of twenty would cost what the whole archive does. Null stands for no.
    by_editors = made.filter(demand=models.OuterRef("pk"), voice=DemandAsMade.Voice.EDITORS)
    by_editors = by_editors.annotate(yes=models.Value(True)).values("yes")[:1]
    made = made.filter(demand=models.OuterRef(models.OuterRef("pk"))).exclude(
        voice=DemandAsMade.Voice.EDITORS
    )
    makers = (
        Authorship.objects.filter(
            role=Authorship.Role.AUTHOR, statement__in=made.values("statement")
        )
        .annotate(maker=MAKER)
        .values("maker")
        .distinct()
    )
    return {
        "organisation_count": CappedCount(makers),
        "is_of_editors": models.Subquery(by_editors),
    }


class Demand(Linked):
    """What is demanded. `raised` is when it was first made, by a published statement."""

    NAME_FIELD = "wording"

    class Kind(models.TextChoices):
        RELEASE = "release", _("release of persons")
        VIOLENCE = "violence", _("end of violence and repression")
        PROCESS = "process", _("political process")
        REMOVAL = "removal", _("removal of an office-holder")
        LABOUR = "labour", _("labour and wages")
        PRICES = "prices", _("prices and taxes")
        LAND = "land", _("land")
        POLICE = "police", _("police brutality")
        SOCIAL = "social", _("social restrictions")
        PEACE = "peace", _("peace and withdrawal of troops")
        JUSTICE = "justice", _("investigation and justice")
        ACCESS = "access", _("humanitarian access")
        SANCTIONS = "sanctions", _("sanctions or their end")
        UNIONS = "unions", _("recognition of unions")
        OTHER = "other", _("other")

    class State(models.TextChoices):
        """What became of it. On one day the later in this list wins, see models/update.py."""

        RAISED = "raised", pgettext_lazy("state of a demand", "raised")
        ACKNOWLEDGED = "acknowledged", pgettext_lazy("state of a demand", "acknowledged")
        NEGOTIATED = "negotiated", pgettext_lazy("state of a demand", "negotiated")
        PARTLY_MET = "partly-met", pgettext_lazy("state of a demand", "partly met")
        MET = "met", pgettext_lazy("state of a demand", "met")
        REFUSED = "refused", pgettext_lazy("state of a demand", "refused")
        IGNORED = "ignored", pgettext_lazy("state of a demand", "ignored")
        OVERTAKEN = "overtaken", pgettext_lazy("state of a demand", "overtaken by events")
        WITHDRAWN = "withdrawn", pgettext_lazy("state of a demand", "withdrawn")
        UNKNOWN = "unknown", pgettext_lazy("state of a demand", "unknown")

    # What still waits for an answer, or for the whole of it.
    OPEN = (
        *(State.RAISED, State.ACKNOWLEDGED, State.NEGOTIATED),
        *(State.PARTLY_MET, State.IGNORED),
    )

    # For which nobody has to write any more.
    SETTLED = (State.MET, State.OVERTAKEN, State.WITHDRAWN)

    wording = LineField(_("wording"), max_length=300)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    addressee = models.ForeignKey(
        Addressee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="demands",
        verbose_name=_("addressee"),
    )
    people = models.ManyToManyField(
        Person, through="DemandPerson", related_name="demands", blank=True, verbose_name=_("people")
    )
    raised = PartialDateColumns(_("raised"))
    raised_on = models.DateField(_("raised on"), null=True, editable=False)
    # What became of it, and since when: derived from updates by ledger/workflow.py, which
    # alone writes these. Without an update it is raised, and `as_of` is empty.
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.RAISED, editable=False
    )
    as_of = PartialDateColumns(_("as of"))
    # The day of its last change: that of the state, else that on which it was raised.
    changed_on = models.DateField(_("last change"), null=True, editable=False)
    review_on = models.DateField(
        _("look at it again on"),
        null=True,
        blank=True,
        help_text=_("For editors: from then on it is listed among what has to be looked after."),
    )
    # How many make it in their own name, for the order of a list: written with their links.
    maker_count = models.PositiveIntegerField(default=0, editable=False)

    objects = DemandQuerySet.as_manager()

    class Meta(Linked.Meta):
        verbose_name = _("demand")
        verbose_name_plural = _("demands")
        ordering = ["-raised_on", "-pk"]
        indexes = [
            models.Index(fields=["-raised_on", "-id"], name="demand_by_day"),
            models.Index(fields=["-changed_on", "-id"], name="demand_by_change"),
            models.Index(fields=["state", "-changed_on", "-id"], name="demand_by_state"),
            models.Index(fields=["kind", "-changed_on", "-id"], name="demand_by_kind"),
            models.Index(fields=["-maker_count", "-id"], name="demand_by_makers"),
            models.Index(
                fields=["review_on"],
                name="demand_to_review",
                condition=models.Q(review_on__isnull=False),
            ),
            anniversary_index("demand", "raised"),
        ]
        constraints = [
            partial_date_constraint("demand", "raised"),
            partial_date_constraint("demand", "as_of"),
        ]

    @property
    def state_date(self) -> PartialDate | None:
        """Since when it is in its state: one that no update changed was raised on its day."""
        return self.as_of or (self.raised if self.state == self.State.RAISED else None)

    @property
    def is_settled(self) -> bool:
        return self.state in self.SETTLED

    @property
    def name_shown(self) -> str:
        """The wording, without names of persons concerned that are not shown in full."""
        return conceal(super().name_shown, self.concealed)

    @cached_property
    def concealed(self) -> list[Concealed]:
        """What the wording must not show: set by a list, or annotated by `named()`.

        Where neither was done the database is asked: rather a query too many than a leak.
        """
        if not hasattr(self, "hidden_0"):
            return DemandPerson.objects.concealed_in([self.pk]).get(self.pk, [])
        joined = (getattr(self, f"hidden_{number}") for number in range(len(SPELLINGS)))
        entries = [entry for part in joined if part for entry in part.split(Joined.BETWEEN)]
        return [
            concealed(spelling, shown_as)
            for shown_as, _space, spelling in (entry.partition(" ") for entry in entries)
        ]

    def get_absolute_url(self) -> str:
        return path_of("pages:demand", self.slug)


class DemandWording(Name):
    """The demand in another language or in other words. Of several in one, the first is shown."""

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="names")

    class Meta(Name.Meta):
        verbose_name = _("other wording")
        verbose_name_plural = _("other wordings")
        constraints = [
            models.UniqueConstraint(
                fields=["demand", "language", "name"], name="demand_wording_once"
            )
        ]


class DemandPersonQuerySet(models.QuerySet):
    def spellings_concealed(self) -> DemandPersonQuerySet:
        """("demand", its id, spelling, how it is shown) for names not shown in full.

        A wording may use any spelling of a person, inflected ones too, so the namings in texts
        count as well.
        """
        kind = models.Value("demand", output_field=models.CharField())
        rows = self.exclude(person__shown_as=Person.Shown.FULL).order_by()
        own, *others = (
            rows.filter(**{f"{spelling}__isnull": False}).values_list(
                kind, "demand_id", spelling, "person__shown_as"
            )
            for spelling in SPELLINGS
        )
        return own.union(*others)

    def concealed_in(self, demands: Iterable[Demand | int]) -> dict[int, list[Concealed]]:
        """What must not be shown in the wordings of demands, by the demand's id."""
        rows = self.filter(demand__in=demands).spellings_concealed()
        return by_owner(rows)["demand"]


def by_owner(
    rows: Iterable[tuple[str, int, str, str]],
) -> defaultdict[str, dict[int, list[Concealed]]]:
    """Rows of `spellings_concealed` as what must not be shown, by kind and id."""
    found: defaultdict[str, dict[int, list[Concealed]]] = defaultdict(dict)
    for kind, owner, spelling, shown_as in rows:
        found[kind].setdefault(owner, []).append(concealed(spelling, shown_as))
    return found


class DemandPerson(Listed):
    """A person whom a demand is about. A demand never claims to name everybody concerned."""

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="demand_people")
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="demand_people", verbose_name=_("person")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    # The update of the person that met the demand for them, if one did. Written by
    # statements/ledger/workflow.py, and only for persons who may be read about.
    met_by = models.ForeignKey(
        "PersonUpdate",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="met",
        verbose_name=_("met by"),
    )

    objects = DemandPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person concerned")
        verbose_name_plural = _("persons concerned")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["demand", "person"], name="demand_person_once")
        ]

    def __str__(self) -> str:
        return str(self.person)
