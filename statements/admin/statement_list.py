"""The list of statements: found in many ways, and what is unfinished seen at a glance."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from statements import languages
from statements.admin.lookups import LookupFilter, WithLookups, containing, named_like
from statements.models import (
    Attachment,
    Authorship,
    DemandAsMade,
    Organisation,
    Quotation,
    Statement,
    Text,
)
from statements.models.safety import is_unchecked
from statements.plain import line

# Beyond this, a list of ids is longer than some databases take.
MOST_IDS = 5000


# What can be unfinished in a statement.
LACKS = {
    "event": pgettext_lazy("unfinished", "no event"),
    "demand": pgettext_lazy("unfinished", "no demand"),
    "place": pgettext_lazy("unfinished", "no place"),
    "quotation": pgettext_lazy("unfinished", "broken quotation"),
    "attachment": pgettext_lazy("unfinished", "attachment without credit or licence"),
    "safety": pgettext_lazy("unfinished", "safety check"),
}


def lacks() -> dict[str, models.Expression]:
    """The same as conditions on the rows of statements."""
    mine = {"statement": OuterRef("pk")}
    return {
        "event": ~Exists(Statement.events.through.objects.filter(**mine)),
        "demand": ~Exists(DemandAsMade.objects.filter(**mine)),
        "place": ~Exists(Statement.places.through.objects.filter(**mine)),
        "quotation": Exists(Quotation.objects.broken().filter(text__statement=OuterRef("pk"))),
        "attachment": Exists(Attachment.objects.unfinished().filter(**mine)),
        "safety": is_unchecked(),
    }


class StandingFilter(admin.SimpleListFilter):
    title = _("what visitors see")
    parameter_name = "seen"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        return [
            ("draft", _("Draft only")),
            ("public", _("Public")),
            ("over", _("Draft over a public version")),
            *((one.value, capfirst(one.label)) for one in Statement.Standing if one != "current"),
        ]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        mine = Text.objects.filter(statement=OuterRef("pk"))
        conditions = {
            "draft": Q(public_since__isnull=True),
            "public": Q(public_since__isnull=False),
            "over": Exists(
                mine.filter(live_revision__isnull=False).exclude(
                    working_revision=F("live_revision")
                )
            ),
        }
        conditions |= {
            one.value: Q(public_since__isnull=False, standing=one) for one in Statement.Standing
        }
        condition = conditions.get(self.value() or "")
        return queryset.filter(condition) if condition is not None else queryset


class StateFilter(admin.SimpleListFilter):
    """Statements with a text in a working state, translations included."""

    title = _("working state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        return [(one.value, capfirst(one.label)) for one in Text.State]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        if self.value() not in Text.State.values:
            return queryset
        mine = Text.objects.filter(statement=OuterRef("pk"), state=self.value())
        return queryset.filter(Exists(mine))


class LanguageFilter(admin.SimpleListFilter):
    """The languages that texts are in, translations included."""

    title = _("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        tags = Text.objects.order_by().values_list("language", flat=True).distinct()
        return sorted(((tag, languages.name(tag)) for tag in tags), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        if not self.value():
            return queryset
        mine = Text.objects.filter(statement=OuterRef("pk"), language=self.value())
        return queryset.filter(Exists(mine))


def lacks_language(tag: str) -> models.Expression:
    """Whether visitors have no text of a statement in a language, whatever drafts there are."""
    return ~Exists(Text.objects.published().filter(statement=OuterRef("pk"), language=tag))


class UntranslatedFilter(admin.SimpleListFilter):
    """Public statements that visitors cannot read in a language of the interface yet."""

    title = _("not yet in")
    parameter_name = "not_in"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        return [(tag, languages.name(tag)) for tag, _name in settings.LANGUAGES]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        if self.value() not in dict(settings.LANGUAGES):
            return queryset
        return queryset.filter(lacks_language(self.value()), is_readable=True)


# What a date of the database can have.
YEAR = re.compile(r"[1-9][0-9]{0,3}")


class YearFilter(admin.SimpleListFilter):
    title = _("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        days = Statement.objects.aggregate(first=models.Min("sort_on"), last=models.Max("sort_on"))
        if not days["first"]:
            return []
        years = range(days["last"].year, days["first"].year - 1, -1)
        return [(str(year), str(year)) for year in years]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        year = self.value() or ""
        return queryset.filter(sort_on__year=int(year)) if YEAR.fullmatch(year) else queryset


class UnfinishedFilter(admin.SimpleListFilter):
    title = _("unfinished")
    parameter_name = "lacks"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        return list(LACKS.items())

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        known = lacks()
        return queryset.filter(known[self.value()]) if self.value() in known else queryset


class StatementChangeList(ChangeList):
    """Finds the page's statements first, and only for those what the list shows of them.

    A database computes the columns of every row that a late page skips.
    """

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        ids = list(self.result_list.values_list("pk", flat=True))
        authors = Authorship.objects.select_related("organisation").order_by("position", "pk")
        texts = Text.objects.order_by("-is_leading", "language")
        flags = {f"lacks_{key}": condition for key, condition in lacks().items()}
        rows = (
            Statement.objects.filter(pk__in=ids)
            .titled()
            .annotate(**flags)
            .prefetch_related(Prefetch("authorships", authors), Prefetch("texts", texts))
        )
        self.result_list = sorted(rows, key=lambda row: ids.index(row.pk))


class StatementList(WithLookups):
    """The half of the statement's admin that is its list."""

    list_display = ["title", "seen", "state", "unfinished", "by", "day", "in_languages"]
    list_display_links = ["title"]
    list_filter = [
        StandingFilter,
        StateFilter,
        UnfinishedFilter,
        ("events", LookupFilter),
        ("authorships__organisation", LookupFilter),
        ("places", LookupFilter),
        ("taggings__tag", LookupFilter),
        LanguageFilter,
        UntranslatedFilter,
        YearFilter,
    ]
    list_per_page = 50
    show_full_result_count = False
    # Nothing is deleted by the page: drafts one at a time, and what was published never.
    actions = None
    search_fields = ["texts__working_revision__title"]
    search_help_text = _("Words of the title, of the organisation, or of the address")
    ordering = ["-sort_on", "-pk"]

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[ChangeList]:
        return StatementChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Statements by a title of theirs, an address, or the name of who issued them."""
        if not line(search_term):
            return queryset, False
        titles = containing(search_term, "slug", "working_revision__title", "live_revision__title")
        names = ("name", "acronym")
        organisations = named_like(Organisation.objects.all(), search_term, names, names)
        authors = Authorship.objects.filter(
            Q(organisation__in=organisations.values("pk"))
            | containing(search_term, "name_as_printed")
        )
        texts = Text.objects.filter(titles)
        found = texts.order_by().values("statement").union(authors.order_by().values("statement"))
        # The list counts, then fetches: a few ids are looked for once instead of twice.
        ids = [pk for (pk,) in found.values_list("statement")[: MOST_IDS + 1]]
        return queryset.filter(pk__in=found if len(ids) > MOST_IDS else ids), False

    # Columns

    @admin.display(description=_("title"), ordering="working_title")
    def title(self, statement: Statement) -> SafeString:
        language = next((one.language for one in statement.texts.all()), "en")
        return format_html(
            '<bdi lang="{}" dir="{}">{}</bdi>',
            language,
            languages.direction(language),
            str(statement),
        )

    @admin.display(description=_("visitors see"), ordering="public_since")
    def seen(self, statement: Statement) -> str:
        public = [one for one in statement.texts.all() if one.is_public]
        if not public:
            return pgettext("what visitors see", "nothing")
        if not statement.is_readable:
            return pgettext("what visitors see", "a notice")
        if any(one.is_draft for one in public):
            return pgettext("what visitors see", "an older version")
        return pgettext("what visitors see", "this version")

    @admin.display(description=_("working state"))
    def state(self, statement: Statement) -> SafeString:
        found = dict.fromkeys(one.get_state_display() for one in statement.texts.all() if one.state)
        return _listed(found)

    @admin.display(description=_("by"))
    def by(self, statement: Statement) -> SafeString:
        authors = list(statement.authorships.all())
        return _listed((str(one) for one in authors[:3]), is_cut=len(authors) > 3)

    @admin.display(description=_("day"), ordering="sort_on")
    def day(self, statement: Statement) -> object:
        return statement.issued or statement.sort_on

    @admin.display(description=_("languages"))
    def in_languages(self, statement: Statement) -> str:
        return " ".join(one.language for one in statement.texts.all())

    @admin.display(description=_("unfinished"))
    def unfinished(self, statement: Statement) -> SafeString:
        missing = (str(words) for key, words in LACKS.items() if getattr(statement, f"lacks_{key}"))
        return _listed(missing)


def _listed(words: Iterable[str], is_cut: bool = False) -> SafeString:
    listed = format_html_join(
        pgettext("between the entries of a short list", ", "),
        "<bdi>{}</bdi>",
        ((w,) for w in words),
    )
    return format_html("{}…", listed) if is_cut else listed
