"""The ledger of a demand or a person: its updates with their sources, as visitors may see them.

entries_of(demand.updates, demand.concealed)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from statements.models import Demand, DemandPerson, Person, PersonUpdate
from statements.models.person import concealed as concealed_name
from statements.models.update import Update, UpdateQuerySet, meets, weight
from statements.naming import Concealed, conceal, named_in

MOST_UPDATES = 100
BETWEEN_WORDS = re.compile(r"[\W\d_]+")


@dataclass
class Entry:
    """One update. `replaced_by` is the entry that corrects it: then this one is struck through."""

    update: Update
    quotation: str
    note: str
    publication: str
    title: str
    # Empty where somebody's name is not shown in full: the page there has it.
    url: str
    replaced_by: Update | None = None
    # In the ledger of a demand: for whom it was met, and what then undid that.
    person: Person | None = None
    undone_by: Update | None = None

    @property
    def anchor(self) -> str:
        return f"person-update-{self.update.pk}" if self.person else f"update-{self.update.pk}"


def entries_of(updates: UpdateQuerySet, concealed: list[Concealed]) -> list[Entry]:
    """The updates of one record, the latest first; struck through ones are among them.

    `concealed` are the names that its page must not show.
    """
    rows = list(updates.select_related("source").newest_first()[:MOST_UPDATES])
    corrections = {row.corrects_id: row for row in rows if row.corrects_id}
    rows.sort(key=lambda row: row.happened.sort_day, reverse=True)
    return [_entry(row, corrections.get(row.pk), concealed) for row in rows]


def entries_of_demand(demand: Demand, people: Iterable[Person]) -> list[Entry]:
    """The ledger of a demand, with what met it for `people`: that decides about its state too.

    Two queries more where it is about somebody. The demand has `concerned`, the people their names.
    """
    entries = entries_of(demand.updates.all(), demand.concealed)
    if not demand.concerned:
        return entries
    shown = {one.pk: one for one in people if one.shown_as != Person.Shown.WITHHELD}
    updates = PersonUpdate.objects.filter(person__in=shown)
    theirs = entries_of(updates, concealed_beside(shown))
    for entry in (one for one in theirs if meets(one.update, demand)):
        entry.person = shown[entry.update.person_id]
        entry.undone_by = None if entry.replaced_by else _undone_by(entry.update, theirs)
        entries.append(entry)
    return sorted(entries, key=lambda one: one.update.happened.sort_day, reverse=True)


def _undone_by(release: PersonUpdate, entries: Iterable[Entry]) -> PersonUpdate | None:
    """What came of somebody next after a release and is none: they were taken again, say."""
    later = [
        one.update
        for one in entries
        if one.update.person_id == release.person_id
        and not one.replaced_by
        and one.update.state != release.state
        and weight(one.update, Person.State) > weight(release, Person.State)
    ]
    return min(later, key=lambda one: weight(one, Person.State), default=None)


def concealed_beside(people: Iterable[int]) -> list[Concealed]:
    """The names not shown of all whom the demands about these people are about.

    A source tells of somebody together with those who were taken with them.
    """
    demands = DemandPerson.objects.filter(person__in=people).order_by().values("demand")
    rows = DemandPerson.objects.filter(demand__in=demands).spellings_concealed()
    return [concealed_name(spelling, shown_as) for _kind, _demand, spelling, shown_as in rows]


def told(words: str, concealed: list[Concealed]) -> str:
    """The words, or none where a part of a name is left: titles have the family name alone."""
    words = conceal(words, concealed)
    parts = {part for one in concealed for part in one.spelling.split() if len(part) > 2}
    return "" if named_in(words, parts) else words


def address_told(url: str, concealed: list[Concealed]) -> str:
    """The address, or none where a part of a name stands in it as a word."""
    parts = {part for one in concealed for part in one.spelling.split() if len(part) > 2}
    return "" if named_in(BETWEEN_WORDS.sub(" ", unquote(url)), parts) else url


def _entry(update: Update, replaced_by: Update | None, concealed: list[Concealed]) -> Entry:
    source = update.source
    words = (update.quotation, update.note, source.publication, source.title)
    quotation, note, publication, title = (told(one, concealed) for one in words)
    return Entry(
        update=update,
        quotation=quotation,
        note=note,
        publication=publication,
        title=title,
        url="" if concealed else source.archived_url or source.url,
        replaced_by=replaced_by,
    )
