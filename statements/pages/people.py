"""People: whom demands are about and texts name. A page says what this archive knows, no more."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from statements.models import (
    Demand,
    DemandPerson,
    FormerSlug,
    Naming,
    Person,
    Statement,
)
from statements.models.counting import MOST_COUNTED, CappedCount
from statements.models.custody import custody
from statements.pages.addresses import follows_former
from statements.reading import amounts, linked, listed
from statements.reading.claims import QUOTATIONS, claims_of
from statements.reading.keyset import Part, page_of
from statements.reading.listed import PeopleForm
from statements.reading.persons import concealed_about, statements_about
from statements.reading.rows import names_concealed, rows_of, with_links
from statements.reading.searched import Search
from statements.reading.updates import entries_of

LISTED = 50
SHOWN = 20
MOST_DEMANDS = 50
MOST_NAMED_WITH = 50
# Stands where a statement's number stands, for the names that the person's own record has.
OWN = 0


@dataclass(frozen=True)
class Spelling:
    name: str
    language: str


def person_list(request: HttpRequest) -> HttpResponse:
    """By name; after them those not named in full, whose place among the others would tell."""
    chosen = PeopleForm(request.GET).values()
    search = Search.of(chosen)
    people = listed.people(search, chosen)
    parts = [Part(people.in_full(), "name")]
    if not search.words:
        parts.append(Part(people.concealed()))
    context = {
        "page": page_of(request, parts, LISTED, keep=chosen),
        "chosen": chosen,
        "search": search,
        "found": amounts.people(search.number, and_more=search.is_cut),
        "states": [(value, capfirst(label)) for value, label in Person.State.choices],
    }
    return render(request, "pages/person_list.html", context)


@follows_former(FormerSlug.Noun.PERSON)
def person(request: HttpRequest, slug: str) -> HttpResponse:
    person = get_object_or_404(Person.objects.readable().named().at(slug))
    if slug != person.address:
        return redirect(person, permanent=True)
    page = page_of(request, [Part(statements_about(person), "-sort_on")], SHOWN)
    with_links(page.rows, but=["places_shown"], more=[QUOTATIONS])
    names = names_concealed(page.rows)
    spelled = _spelled(person, page.rows)
    demands = _demands_about(person)
    entries = entries_of(person.updates.all(), concealed_about(person))
    rows = rows_of(page.rows, names)
    names_of_person = spelled.pop(OWN, [])
    context = {
        "person": person,
        "names": names_of_person,
        "linked": linked.of_person(person, names_of_person),
        "entries": entries,
        "custody": [
            (one, amounts.days_held(*one.days(timezone.localdate())))
            for one in custody(entry.update for entry in entries if not entry.replaced_by)
        ],
        "page": page,
        "rows": [(row, spelled.get(row.statement.pk, [])) for row in rows],
        "claims": claims_of(page.rows, names, {demand.pk for demand in demands}),
        "demands": demands,
        "demands_in_all": _in_all(demands),
        "all_demands": f"{reverse('pages:demand_list')}?{urlencode({'person': person.address})}",
        "named_with": _named_with(person),
        "most_named_with": MOST_NAMED_WITH,
        "events": list({event.pk: event for row in rows for event in row.events}.values()),
    }
    return render(request, "pages/person.html", context)


def _spelled(person: Person, statements: list[Statement]) -> dict[int, list[Spelling]]:
    """The person's names, under `OWN`, and how each statement spells them: one query.

    Nothing where the name is not shown in full: other spellings would tell it.
    """
    if person.shown_as != Person.Shown.FULL:
        return {}
    named = Naming.objects.filter(person=person, text__statement__in=statements).order_by()
    rows = person.names.order_by().values_list(Value(OWN), "language", "name")
    found: dict[int, list[Spelling]] = {}
    spellings = rows.union(named.values_list("text__statement", "text__language", "spelling"))
    for owner, language, name in sorted(spellings):
        here = found.setdefault(owner, [])
        if all(name != spelling.name for spelling in here):
            here.append(Spelling(name, language))
    return found


def _demands_about(person: Person) -> list[Demand]:
    """The newest, each with `in_all`: how many there are, up to one more than `MOST_COUNTED`."""
    about = person.demands.readable()
    demands = about.named().to_somebody().counted().annotate(in_all=CappedCount(about.values("pk")))
    return list(demands.newest_first().select_related("addressee")[:MOST_DEMANDS])


def _in_all(demands: list[Demand]) -> str:
    """How many demands there are, in words, where the page has not got them all."""
    number = demands[0].in_all if demands else 0
    if number <= MOST_DEMANDS:
        return ""
    if number > MOST_COUNTED:
        return _("more than %(number)s") % {"number": amounts.grouped(MOST_COUNTED)}
    return amounts.grouped(number)


def _named_with(person: Person) -> list[Person]:
    """Whom the same demands are about, and one more than is shown if there are more."""
    others = DemandPerson.objects.filter(demand__in=person.demands.readable())
    people = Person.objects.readable().filter(pk__in=others.values("person")).exclude(pk=person.pk)
    return list(people.named().order_by("shown_as", "pk")[: MOST_NAMED_WITH + 1])
