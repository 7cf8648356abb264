"""Which events, organisations and people a list has: for its page, and for programs."""

from __future__ import annotations

from datetime import date

from django import forms

from statements.models import Event, Organisation, Person, Place
from statements.models.base import LinkedQuerySet
from statements.models.event import EventQuerySet
from statements.models.person import PersonQuerySet
from statements.reading.searched import Search


def events(search: Search, place: Place | None = None) -> EventQuerySet:
    """What happens in a place, and what is called so."""
    found = Event.objects.readable().named()
    found = found.filter(places=place) if place else found
    return search.among(found)


def organisations(search: Search) -> LinkedQuerySet:
    found = Organisation.objects.readable().named().select_related("country")
    return search.among(found)


class PeopleForm(forms.Form):
    """What the list of people can be narrowed by; a value that is not known narrows nothing."""

    q = forms.CharField(required=False)
    state = forms.ChoiceField(choices=Person.State, required=False)
    year = forms.IntegerField(required=False, min_value=1, max_value=9999)

    def values(self) -> dict[str, str]:
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


def people(search: Search, chosen: dict[str, str]) -> PersonQuerySet:
    """Those with a state, or a last change in a year.

    A search finds those alone who are named in full: to be found would tell a name.
    """
    found = Person.objects.readable().named()
    if state := chosen.get("state"):
        found = found.filter(state=state)
    if year := chosen.get("year"):
        days = date(int(year), 1, 1), date(int(year), 12, 31)
        found = found.filter(changed_on__range=days)
    return search.among(found.in_full()) if search.words else found
