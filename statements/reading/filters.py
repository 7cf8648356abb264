"""What the list of statements can be filtered by, read from the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote_plus, urlencode

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from statements import languages
from statements.models import Authorship, DemandAsMade, Statement, Tagging, Text
from statements.models.event import tree_of
from statements.reading import labels, operators
from statements.search import finding, suggesting
from statements.search.engines import TookTooLong
from statements.search.parsing import Query, parse
from statements.search.terms import link

# In the order in which the page offers them.
HEADINGS = {
    "event": _("Event"),
    "demand": _("Demand"),
    "organisation": _("Organisation"),
    "place": _("About the place"),
    "from": _("From the country"),
    "tag": _("Tag"),
    "language": _("Language"),
    "kind": _("Kind"),
    "year": _("Year"),
}


STAND_IN = "-"
# What has a feed of its own.
FOLLOWED = {"event", "organisation", "place", "tag", "language"}


class AddressField(forms.CharField):
    """A part of an address of one of our records; whether there is one, a query says."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=120)


class LanguageField(forms.CharField):
    def clean(self, value: object) -> str:
        value = super().clean(value)
        return languages.canonical(value) if value else ""


class FilterForm(forms.Form):
    q = forms.CharField(required=False)
    event = AddressField()
    demand = AddressField()
    organisation = AddressField()
    place = AddressField()
    tag = AddressField()
    language = LanguageField(required=False, max_length=35)
    kind = forms.ChoiceField(choices=Statement.Kind.choices, required=False)
    year = forms.IntegerField(required=False, min_value=1, max_value=9999)

    def __init__(self, data: Mapping[str, str]) -> None:
        super().__init__(data)
        # A keyword of Python, so that it cannot be declared above.
        self.fields["from"] = AddressField()
        self.order_fields(["q", *HEADINGS])


@dataclass(frozen=True)
class Chosen:
    """One filter in force, and the address of the list without it."""

    name: str
    heading: str
    words: str
    language: str
    has_parts: bool
    without: str


class Filters:
    """The filters in an address: what they are called, and the statements that fit them all.

    A value that nothing answers to is kept, so that the page can say so and offer to remove it.
    """

    def __init__(self, query: Mapping[str, str], *, page: str = "pages:statement_list") -> None:
        self.page = page
        self.took_too_long = False
        form = FilterForm(query)
        form.is_valid()
        self.values: dict[str, str] = {}
        self.unknown: set[str] = set()
        for name in HEADINGS:
            if name in form.errors:
                self.values[name] = query[name].strip()[:120]
                self.unknown.add(name)
            elif form.cleaned_data.get(name):
                self.values[name] = str(form.cleaned_data[name])
        # The words that are searched for, without what became a filter.
        self.typed = self._read(form.cleaned_data.get("q") or "")
        self.values = self.typed.filters | self.values
        self.unknown |= self.typed.unknown
        self._look_up()

    def _read(self, text: str) -> operators.Typed:
        try:
            return operators.read(text, self.values)
        except TookTooLong:
            self.took_too_long = True
            return operators.Typed(text.strip(), parse(text))

    def _look_up(self) -> None:
        """Find the records that the values stand for, all in one query."""
        self.keys: dict[str, list[int]] = {}
        self.labels: dict[str, labels.Label] = {}
        wanted = [name for name in self.values if name in labels.MODELS]
        if not wanted:
            return
        for label in labels.fetch(
            [labels.labels_of(name, _records(name, self.values[name])) for name in wanted],
            demands=labels.people_of_demands(demand__slug=self.values.get("demand", "")),
        ):
            self.keys.setdefault(label.kind, []).append(label.key)
            if label.value == self.values[label.kind]:
                self.labels[label.kind] = label
        self.unknown |= {name for name in wanted if name not in self.labels}

    @property
    def is_indexed(self) -> bool:
        """Whether search engines may list the page: combinations of filters are without number."""
        return len(self.values) < 2 and not self.unknown and not self.typed.words

    @property
    def follows(self) -> tuple[str, str] | None:
        """The feed of these statements, and the address of the record that it is of."""
        if self.typed.words:
            return None
        if not self.values:
            return "statements", ""
        [(name, value), *others] = self.values.items()
        return (name, value) if name in FOLLOWED and not (others or self.unknown) else None

    @property
    def language(self) -> str:
        """The one that is asked for; empty where none is."""
        return self.values.get("language", "")

    def statements(self, among: QuerySet[Statement] | None = None) -> QuerySet[Statement]:
        """Statements that fit every filter: readable ones, where nothing else is said."""
        statements = Statement.objects.readable() if among is None else among
        if self.unknown:
            return statements.none()
        if self.is_searched:
            return statements.filter(pk__in=self.found.statements)
        for name, value in self.values.items():
            statements = _narrow(statements, name, value, self.keys.get(name, [value]))
        return statements

    @property
    def is_narrowed(self) -> bool:
        """Whether there is more than words that are looked for."""
        typed = self.typed
        return bool(self.values or typed.links or typed.languages_too or typed.without)

    @property
    def fits_nothing(self) -> bool:
        """Whether something is asked for that nothing answers to."""
        return bool(self.unknown) or not all(self.typed.links)

    @property
    def vague(self) -> list[str]:
        return self.typed.vague

    @property
    def query(self) -> Query:
        return self.typed.query

    @property
    def is_searched(self) -> bool:
        return bool(self.typed.words)

    @property
    def is_empty(self) -> bool:
        """Whether it is known without asking that nothing fits."""
        return self.fits_nothing or (self.is_searched and not self.found.statements)

    @property
    def is_cut(self) -> bool:
        """Whether words found more than the page can look through."""
        return self.is_searched and self.found.is_cut

    @cached_property
    def found(self) -> finding.Found:
        """What the words find under these filters: bounded, whatever the size of the archive."""
        if self.fits_nothing or self.took_too_long:
            return finding.Found()
        # The index is in the order of days: a year is a part of it.
        values = {name: value for name, value in self.values.items() if name != "year"}
        links = [
            *self.typed.links,
            *(_links(name, value, self.keys.get(name, [])) for name, value in values.items()),
        ]
        year, without = int(self.values.get("year", 0)), self.typed.without
        try:
            found = finding.statements(self.query, links, year, without=without)
        except TookTooLong:
            self.took_too_long = True
            return finding.Found()
        if self.typed.without_languages:
            found.leave_out(_with_text_in(self.typed.without_languages, found))
        for tags in self.typed.languages_too:
            found.leave_out(set(found.texts) - _with_text_in(tags, found))
        return found

    def address(self, **changes: str) -> str:
        """The list with filters changed, or with an empty value removed, in one order."""
        values = {"q": self.typed.words} | self.values | changes
        values = {name: value for name, value in values.items() if value}
        query = urlencode(sorted(values.items()))
        return f"{self.path}?{query}" if query else self.path

    def addresses(self, name: str) -> Callable[[str], str]:
        """The list with another value of one filter: for many values, only that is written anew."""
        # In what somebody typed the sign between them is another.
        before, after = self.address(**{name: STAND_IN}).split(f"{name}={STAND_IN}")
        return lambda value: f"{before}{name}={quote_plus(value)}{after}"

    @cached_property
    def path(self) -> str:
        return reverse(self.page)

    @cached_property
    def suggestion(self) -> str:
        """The words with those replaced that are mistyped; empty where none is."""
        return suggesting.suggestion(self.query, self.typed.words) if self.is_searched else ""

    @property
    def suggestion_address(self) -> str:
        return self.address(q=self.suggestion)

    def words_alone(self) -> str:
        """What is searched for, as a part of an address."""
        return urlencode({"q": self.typed.words})

    def chosen(self) -> list[Chosen]:
        return [
            Chosen(
                name=name,
                heading=str(HEADINGS[name]),
                words=self._words(name, value),
                language=self.labels[name].language if name in self.labels else "",
                has_parts=len(self.keys.get(name, [])) > 1,
                without=self.address(**{name: ""}),
            )
            for name, value in self.values.items()
        ]

    @property
    def unanswered(self) -> list[tuple[str, str]]:
        """(filter, value) of what nothing answers to, after a minus too."""
        unknown = [(name, self.values[name]) for name in HEADINGS if name in self.unknown]
        found = [*unknown, *self.typed.unanswered]
        return [(str(HEADINGS[name]), value) for name, value in found]

    def _words(self, name: str, value: str) -> str:
        if name in self.labels:
            return self.labels[name].words
        return value if name in self.unknown else words_of(name, value)


def _links(name: str, value: str, keys: list[int]) -> list[str]:
    """What a statement that fits a filter has in the index: one of these."""
    return [link(name, key) for key in keys] if name in labels.MODELS else [link(name, value)]


def _with_text_in(tags: Sequence[str], found: finding.Found) -> set[int]:
    """Those of the statements found that have a text in one of some languages."""
    texts = Text.objects.readable().filter(statement__in=found.statements, language__in=tags)
    return set(texts.order_by().values_list("statement", flat=True))


def words_of(name: str, value: str) -> str:
    """What a value that is no record is called: a language, a kind, a year."""
    if name == "language":
        return languages.name(value)
    if name == "kind":
        return capfirst(dict(Statement.Kind.choices).get(value, value))
    return value


def _records(name: str, value: str) -> QuerySet:
    """The record at an address; for an event its parts too, at any depth."""
    records = labels.readable(name)
    if name == "event":
        return records.filter(pk__in=tree_of(value))
    return records.filter(**{"code" if name in ("place", "from") else "slug": value})


def _narrow(
    statements: QuerySet[Statement], name: str, value: str, keys: Sequence[int | str]
) -> QuerySet[Statement]:
    if name == "kind":
        return statements.filter(kind=value)
    if name == "year":
        year = int(value)
        return statements.filter(sort_on__gte=date(year, 1, 1), sort_on__lte=date(year, 12, 31))
    return statements.filter(pk__in=statements_with(name, keys))


def statements_with(name: str, keys: Sequence[int | str]) -> QuerySet:
    """Ids of the statements with a link that a filter asks for, whether these are readable or not.

    `keys` are those of records, of languages their tags.
    """
    authors = Authorship.objects.filter(role=Authorship.Role.AUTHOR).order_by()
    if name == "event":
        return Statement.events.through.objects.filter(event__in=keys).values("statement")
    if name == "place":
        return Statement.places.through.objects.filter(place__in=keys).values("statement")
    if name == "organisation":
        return authors.filter(organisation__in=keys).values("statement")
    if name == "from":
        organisations = labels.readable("organisation").filter(country__in=keys)
        return authors.filter(organisation__in=organisations).values("statement")
    if name == "tag":
        return Tagging.objects.filter(tag__in=keys).values("content_object")
    if name == "demand":
        return DemandAsMade.objects.filter(demand__in=keys).order_by().values("statement")
    # Whether the statement is readable, the list asks already.
    return Text.objects.published().filter(language__in=keys).order_by().values("statement")
