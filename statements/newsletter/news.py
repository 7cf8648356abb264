"""What is new for all who follow something, gathered once for all of them.

    with translation.override(language):
        news = News(since, until, {("organisation", 5), ("site", 0)})
        news.of(("organisation", 5), since, only_changes=False)

Entries are those of the feeds, made by the same functions and so without the names that must not
be shown: what is not public when it is gathered is not in them. The number of queries grows with
the number of demands and persons that something was entered of, and with nothing else.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from statements.absolute import id_of
from statements.feeds import texts, updates
from statements.feeds.entries import Entry
from statements.models import Demand, Person, Statement
from statements.models.base import Linked
from statements.models.follower import SITE, Key, readable_records
from statements.reading import followed

TAKEN_DOWN = Statement.Standing.TAKEN_DOWN
# Of one thing a mail has so many; whoever wants more is led to the list of all.
MOST_OF_ONE = 20
# So many texts that changed are looked at: after an import there are more than anybody reads.
MOST_LOOKED_AT = 1000


@dataclass(frozen=True)
class Told:
    """What is new of one thing, what changed last first."""

    entries: list[Entry] = field(default_factory=list)
    # The ids of those for which there is no room.
    left_out: frozenset[str] = frozenset()
    # So much changed in all that there may be others of it, at which nobody looked.
    may_have_more: bool = False


class News:
    """What changed after `since` and until `until` of the things that `keys` name."""

    def __init__(
        self, since: datetime, until: datetime, keys: Collection[Key], *, only_changes: bool = False
    ) -> None:
        self.since, self.until = since, until
        self.records = readable_records(keys)
        may_be_told = {*self.records, (SITE, 0)} & set(keys)
        self.ledgers = self._ledgers(may_be_told)
        self.statements: dict[Key, list[Entry]] = {}
        # (id, when) of statements for which no mail has room.
        self.left_out: dict[Key, list[tuple[str, datetime]]] = {}
        # Of what changed before this moment not everything was looked at.
        self.looked_back_to: datetime | None = None
        if not only_changes:
            self._gather_statements(may_be_told)

    def of(self, key: Key, since: datetime, *, only_changes: bool = False) -> Told:
        """What is new of one thing for somebody who was told what there was until then."""
        found = list(self.ledgers.get(key, ()))
        if not only_changes:
            found += self.statements.get(key, ())
        found = [entry for entry in found if since < entry.updated <= self.until]
        found.sort(key=lambda entry: (entry.updated, entry.id), reverse=True)
        left_out = {entry.id for entry in found[MOST_OF_ONE:]}
        may_have_more = False
        if not only_changes:
            left_out |= {one for one, moment in self.left_out.get(key, ()) if moment > since}
            looked_back_to = self.looked_back_to or since
            may_have_more = bool(found) and since < looked_back_to
        return Told(found[:MOST_OF_ONE], frozenset(left_out), may_have_more)

    def record(self, key: Key) -> Linked | None:
        return self.records.get(key)

    def _ledgers(self, keys: set[Key]) -> dict[Key, list[Entry]]:
        """The ledgers of the demands and persons of whom something was entered."""
        moved = keys & followed.with_updates(self.since, self.until)
        demands = Demand.objects.readable().named().with_people()
        found = {
            ("demand", demand.pk): updates.of_demand(demand)
            for demand in demands.filter(pk__in=[pk for kind, pk in moved if kind == "demand"])
        }
        for key in moved:
            person = self.records[key]
            if isinstance(person, Person):
                found[key] = updates.of_person(person)
        return found

    def _gather_statements(self, keys: set[Key]) -> None:
        changed = texts.changed_between(self.since, self.until, MOST_LOOKED_AT + 1)
        if len(changed) > MOST_LOOKED_AT:
            *_those, (_text, _pk, _standing, self.looked_back_to) = changed
            changed.pop()
        by_record = followed.statements_by_record([pk for _text, pk, _standing, _at in changed])
        places = {pk: place for place, (_text, pk, _standing, _at) in enumerate(changed)}
        # (text, when) of each thing.
        wanted: dict[Key, list[tuple[int, datetime]]] = {}
        if (SITE, 0) in keys:
            wanted[SITE, 0] = [(text, at) for text, _pk, _standing, at in changed]
        for key in keys & by_record.keys():
            rows = (changed[place] for place in sorted(places[pk] for pk in by_record[key]))
            # That one was taken down would tell here whose it was.
            wanted[key] = [(text, at) for text, _pk, standing, at in rows if standing != TAKEN_DOWN]
        told = {key: [text for text, _at in here[:MOST_OF_ONE]] for key, here in wanted.items()}
        found = self._entries({text for here in told.values() for text in here})
        self.statements = {
            key: [found[text] for text in here if text in found] for key, here in told.items()
        }
        self.left_out = {
            key: [(id_of("text", text), at) for text, at in here[MOST_OF_ONE:]]
            for key, here in wanted.items()
        }

    def _entries(self, ids: Collection[int]) -> dict[int, Entry]:
        rows = texts.texts_by_id(ids) if ids else []
        by_id = {entry.id: entry for entry in texts.entries_of(rows, in_full=False)}
        keys = {row.pk: id_of("text", row.pk) for row in rows}
        return {pk: by_id[key] for pk, key in keys.items() if key in by_id}
