"""What the ledger of demands can be filtered and sorted by, read from the address.

The numbers beside the filters count the newest 250 matches, and how many there are in all is
counted to 1,000, so that the page costs the same however large the archive is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

from django import forms
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, ngettext

from statements.models import (
    Addressee,
    Demand,
    DemandAsMade,
    DemandMaker,
    Event,
    Organisation,
    Person,
    Place,
    Statement,
)
from statements.models.base import shown_name
from statements.models.counting import MOST_COUNTED
from statements.models.demand import DemandQuerySet
from statements.models.event import tree_of
from statements.reading import amounts
from statements.reading.facets import MOST_READ, MOST_VALUES, Choice
from statements.reading.keyset import Part
from statements.reading.searched import Search

# In the order in which the page offers them. Persons are not offered: their pages lead here.
HEADINGS = {
    "state": gettext_lazy("State"),
    "kind": gettext_lazy("Kind"),
    "event": gettext_lazy("Event"),
    "organisation": gettext_lazy("Organisation"),
    "person": gettext_lazy("Person"),
    "addressee": gettext_lazy("Addressee"),
    "country": gettext_lazy("Country of the addressee"),
    "open": gettext_lazy("Open for longer than"),
    "year": gettext_lazy("Raised in"),
    "changed": gettext_lazy("Last change in"),
}
SORTS = {
    "": gettext_lazy("last change"),
    "age": gettext_lazy("age"),
    "organisations": gettext_lazy("number of organisations"),
}
DAYS = (30, 90, 365, 1095)
# Demands with the events of the public statements that make them, and what these are part of.
EVENTS = """
    WITH RECURSIVE found (demand, event) AS (
        SELECT made.demand_id, link.event_id
        FROM statements_demandasmade AS made
        JOIN statements_statement AS statement
            ON statement.id = made.statement_id AND statement.is_readable
        JOIN statements_statement_events AS link ON link.statement_id = made.statement_id
        JOIN statements_event AS event
            ON event.id = link.event_id AND event.public_since IS NOT NULL
        WHERE made.demand_id IN ({places})
        UNION
        SELECT found.demand, above.id
        FROM found
        JOIN statements_event AS part ON part.id = found.event
        JOIN statements_event AS above
            ON above.id = part.parent_id AND above.public_since IS NOT NULL
    )
    SELECT event, COUNT(*) FROM found {among} GROUP BY event ORDER BY COUNT(*) DESC, event LIMIT %s
"""


class LedgerForm(forms.Form):
    q = forms.CharField(required=False)
    state = forms.ChoiceField(choices=Demand.State.choices, required=False)
    kind = forms.ChoiceField(choices=Demand.Kind.choices, required=False)
    event = forms.CharField(max_length=120, required=False)
    organisation = forms.CharField(max_length=120, required=False)
    person = forms.CharField(max_length=120, required=False)
    addressee = forms.IntegerField(min_value=1, max_value=10**17, required=False)
    country = forms.CharField(max_length=120, required=False)
    open = forms.IntegerField(min_value=1, max_value=36500, required=False)
    year = forms.IntegerField(min_value=1, max_value=9999, required=False)
    changed = forms.IntegerField(min_value=1, max_value=9999, required=False)
    sort = forms.ChoiceField(choices=[(key, key) for key in SORTS], required=False)


@dataclass
class Facet:
    name: str
    heading: str
    choices: list[Choice] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.name in ("state", "open") or any(one.is_current for one in self.choices)


@dataclass(frozen=True)
class Chosen:
    heading: str
    words: str
    language: str
    without: str


@dataclass
class Ledger:
    """The demands that an address asks for, and what else one could ask for."""

    query: Mapping[str, str]

    def __post_init__(self) -> None:
        form = LedgerForm(self.query)
        form.is_valid()
        self.values = {
            name: str(form.cleaned_data[name]) for name in HEADINGS if form.cleaned_data.get(name)
        }
        self.wrong = {
            name: self.query[name].strip()[:120] for name in HEADINGS if name in form.errors
        }
        self.search = Search.of(form.cleaned_data)
        self.sort = form.cleaned_data.get("sort") or ""
        self.today = timezone.localdate()
        self._keys: dict[str, list[int]] = {}

    @property
    def is_indexed(self) -> bool:
        return len(self.values) < 2 and not (self.wrong or self.sort or self.search.words)

    def address(self, **changes: str) -> str:
        """The list with filters changed, or with an empty value removed, in one order."""
        values = self.values | self.wrong | {"sort": self.sort, "q": self.search.words} | changes
        query = urlencode(sorted((name, value) for name, value in values.items() if value))
        path = reverse("pages:demand_list")
        return f"{path}?{query}" if query else path

    # Which demands

    @cached_property
    def demands(self) -> DemandQuerySet:
        demands = Demand.objects.readable()
        if self.wrong:
            return demands.none()
        for name, value in self.values.items():
            demands = demands.filter(self._condition(name, value))
        return self.search.among(demands)

    def _condition(self, name: str, value: str) -> Q:
        if name in ("state", "kind", "addressee"):
            return Q(**{name: value})
        if name == "country":
            return Q(addressee__country__code=value)
        if name == "open":
            return Q(state__in=Demand.OPEN, raised_on__lt=self._days_ago(int(value)))
        if name in ("year", "changed"):
            column = "raised_on" if name == "year" else "changed_on"
            days = date(int(value), 1, 1), date(int(value), 12, 31)
            return Q(**{f"{column}__range": days})
        if name == "organisation":
            return Q(made_by__organisation__in=self._keys_of(name, value))
        if name == "person":
            return Q(demand_people__person__in=Person.objects.readable().at(value).values("pk"))
        return Q(pk__in=self._keys_of(name, value))

    def _keys_of(self, name: str, value: str) -> list[int]:
        """An event's demands, or the organisation: read once, and asked for several times."""
        if name not in self._keys:
            rows = Organisation.objects.readable().filter(slug=value).values_list("pk", flat=True)
            if name == "event":
                events = Event.objects.readable().filter(pk__in=tree_of(value))
                statements = Statement.objects.readable().filter(events__in=events)
                made = DemandAsMade.objects.filter(statement__in=statements)
                rows = made.order_by().values_list("demand", flat=True).distinct()
            self._keys[name] = list(rows)
        return self._keys[name]

    def _days_ago(self, days: int) -> date:
        return self.today - timedelta(days)

    def parts(self, demands: QuerySet[Demand]) -> list[Part]:
        if self.sort == "organisations":
            return [Part(demands, "-maker_count")]
        by = "raised_on" if self.sort == "age" else "-changed_on"
        column = by.lstrip("-")
        return [
            Part(demands.filter(**{f"{column}__isnull": False}), by),
            Part(demands.filter(**{f"{column}__isnull": True})),
        ]

    # What else one could ask for

    def look_around(self) -> None:
        """Count, and find the names of what was counted: nine queries at most."""
        columns = (
            "pk",
            "state",
            "kind",
            "addressee",
            "addressee__country__code",
            "raised_on",
            "changed_on",
        )
        demands = self.demands
        counted = list(
            demands.order_by("-changed_on", "-pk").values_list(*columns)[: MOST_READ + 1]
        )
        self.total = len(counted)
        if self.total > MOST_READ:
            # In no order: to find the newest thousand of whoever speaks often takes long.
            self.total = demands.order_by()[: MOST_COUNTED + 1].count()
            counted.pop()
        keys = [row[0] for row in counted]
        tallies: dict[str, Counter] = {name: Counter() for name in HEADINGS}
        for _key, state, kind, addressee, country, raised_on, changed_on in counted:
            tallies["state"][state] += 1
            tallies["kind"][kind] += 1
            tallies["addressee"][addressee] += 1
            tallies["country"][country] += 1
            for name, day in (("year", raised_on), ("changed", changed_on)):
                if day:
                    tallies[name][day.year] += 1
            for days in DAYS:
                if state in Demand.OPEN and raised_on and raised_on < self._days_ago(days):
                    tallies["open"][days] += 1
        tallies["event"] = Counter(dict(_events_of(keys, self.values.get("event"))))
        tallies["organisation"] = Counter(dict(_organisations_of(keys)))
        best = {
            name: [one for one in tally.most_common(MOST_VALUES) if one[0]]
            for name, tally in tallies.items()
        }
        self._names = self._named(best)
        self.facets = [one for name in HEADINGS if (one := self._facet(name, best[name])).choices]

    def _named(self, best: dict[str, list]) -> dict[str, dict]:
        """(value, words, language) of records by what stands for them in a tally."""
        keys = {name: [key for key, _number in tally] for name, tally in best.items()}
        value = self.values.get
        made = Demand.objects.readable().filter(addressee=OuterRef("pk"))
        events = Event.objects.readable().named()
        organisations = Organisation.objects.readable().named()
        addressees = Addressee.objects.annotate(**shown_name(Addressee)).filter(Exists(made))
        asked = value("addressee") or 0
        people = Person.objects.readable().named().at(value("person", ""))
        return {
            "event": _by_slug(events, keys["event"], value("event")),
            "organisation": _by_slug(organisations, keys["organisation"], value("organisation")),
            "person": {
                one.pk: (value("person"), one.name_shown, one.name_language)
                for one in (people if value("person") else ())
            },
            "addressee": {
                one.pk: (str(one.pk), one.name_shown, one.name_language)
                for one in addressees.filter(pk__in=[*keys["addressee"], asked])
            },
            "country": {
                one.code: (one.code, one.name, "")
                for one in Place.objects.filter(code__in=[*keys["country"], value("country", "")])
            },
        }

    def _facet(self, name: str, tally: list[tuple]) -> Facet:
        choices = []
        for key, number in tally:
            known = self._names.get(name, {}).get(key) if name in self._names else None
            if name in self._names and not known:
                continue
            value, words, language = known or (str(key), words_of(name, str(key)), "")
            is_current = self.values.get(name) == value
            if name == "organisation" and name in self.values and not is_current:
                # It would take the other's place, and leave others than those counted here.
                continue
            url = self.address(**{name: "" if is_current else value})
            choices.append(Choice(words, language, number, url, is_current))
        return Facet(name, str(HEADINGS[name]), choices)

    def chosen(self) -> list[Chosen]:
        """The filters in force, by name, after `look_around`."""
        chosen = []
        for name, value in (self.values | self.wrong).items():
            known = {one[0]: one for one in self._names.get(name, {}).values()}.get(value)
            words, language = known[1:] if known else (words_of(name, value), "")
            without = self.address(**{name: ""})
            chosen.append(Chosen(str(HEADINGS[name]), words, language, without))
        return chosen

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """(words, address, whether it is the present order)."""
        return [
            (str(words), self.address(sort=key), key == self.sort) for key, words in SORTS.items()
        ]

    @property
    def is_more(self) -> bool:
        return self.total > MOST_READ

    @property
    def most(self) -> str:
        return amounts.grouped(MOST_READ)

    @property
    def found(self) -> str:
        """How many demands match, in words."""
        return capfirst(amounts.demands(self.total, and_more=self.search.is_cut))


def words_of(name: str, value: str) -> str:
    if name == "state":
        return capfirst(dict(Demand.State.choices).get(value, value))
    if name == "kind":
        return capfirst(dict(Demand.Kind.choices).get(value, value))
    if name == "open" and value.isascii() and value.isdigit():
        return _time_of(int(value))
    return value


def _time_of(days: int) -> str:
    """Whole years as such: nobody reads 1,095 days as three years."""
    years, rest = divmod(days, 365)
    if years and not rest:
        return ngettext("%(years)s year", "%(years)s years", years) % {
            "years": amounts.grouped(years)
        }
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": amounts.grouped(days)}


def _by_slug(records: QuerySet, keys: Iterable[int], slug: str | None) -> dict:
    found = records.filter(Q(pk__in=list(keys)) | Q(slug=slug or ""))
    return {one.pk: (one.slug, one.name_shown, one.name_language) for one in found}


def _events_of(demands: list[int], within: str | None) -> list[tuple[int, int]]:
    """Where an event is in force, that one and its parts: others would take its place, and leave
    others than are counted."""
    if not demands:
        return []
    tree = tree_of(within) if within else None
    among = f"WHERE event IN ({tree.sql})" if tree else ""
    sql = EVENTS.format(places=", ".join(["%s"] * len(demands)), among=among)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*demands, *(tree.params if tree else ()), MOST_VALUES + 1])
        return cursor.fetchall()


def _organisations_of(demands: list[int]) -> list[tuple[int, int]]:
    makers = DemandMaker.objects.filter(
        demand__in=demands, organisation__public_since__isnull=False
    )
    rows = makers.order_by().values_list("organisation").annotate(number=Count("pk"))
    return list(rows.order_by("-number", "organisation")[: MOST_VALUES + 1])
