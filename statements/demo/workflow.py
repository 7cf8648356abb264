"""The demo content: a real statement fully linked, and three invented ones to compare it with.

The words are read from `content/` by the importer, as any file is; the links are in two lists
beside them, as an editor would make them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models, transaction

from statements.dates import PartialDate
from statements.importers import workflow as importing
from statements.ledger import workflow as ledger
from statements.models import (
    Addressee,
    Demand,
    DemandPerson,
    Event,
    FormerSlug,
    Naming,
    Organisation,
    Person,
    Place,
    SiteSettings,
    SiteText,
    Source,
    Statement,
    Text,
)
from statements.models.update import Update
from statements.publishing import links, suggestions, workflow

CONTENT = Path(__file__).parent / "content"
TRANSLATOR = "the editors of this demo"
Entry = Mapping[str, Any]


@dataclass
class Loaded:
    """What a run made, and what it found there and left alone."""

    made: list[Text] = field(default_factory=list)
    kept: list[Text] = field(default_factory=list)


@transaction.atomic
def load() -> Loaded:
    """Add the statements that are not there yet, with everything they are about.

    What is there is left exactly as editors made it, so a second run changes nothing.
    """
    loaded = Loaded()
    _add_site_texts()
    records = Records(_list("records"))
    for entry in _list("statements")["statements"]:
        drafts = [_draft(text) for text in entry["texts"]]
        if known := importing.imported(drafts[0]):
            loaded.kept.append(known.texts.get(is_leading=True))
        else:
            loaded.made.append(_add_statement(entry, drafts, records))
    return loaded


def _list(name: str) -> dict[str, Any]:
    return tomllib.loads((CONTENT / f"{name}.toml").read_text(encoding="utf-8"))


def _draft(text: Entry) -> importing.Draft:
    return importing.read_file(CONTENT / text["file"], language=text["language"])


def _add_site_texts() -> None:
    site, _created = SiteSettings.objects.get_or_create(pk=1)
    for language, texts in _list("site").items():
        SiteText.objects.get_or_create(site=site, language=language, defaults=texts)


# Statements


def _add_statement(entry: Entry, drafts: list[importing.Draft], records: Records) -> Text:
    for organisation in entry["authors"]:
        records.organisation(organisation)
    leading = importing.import_draft(
        drafts[0],
        kind=entry.get("kind", Statement.Kind.STATEMENT),
        issued=PartialDate.parse(entry["issued"]),
        source=_source(entry.get("source")),
        is_example=entry.get("is_example", False),
        authority=entry["texts"][0]["authority"],
        words={"surtitle": entry["texts"][0].get("surtitle", "")},
    )
    statement = leading.statement
    statement.events.set(records.event(slug) for slug in entry["events"])
    statement.places.set(_places(entry["places"]))
    statement.tags.set(entry["tags"])
    first = workflow.publish(leading.working_revision)
    texts = {leading.language: leading}
    for draft, text in zip(drafts[1:], entry["texts"][1:], strict=True):
        texts[draft.language] = workflow.add_text(
            statement,
            language=draft.language,
            words=importing.words_of(draft) | {"surtitle": text.get("surtitle", "")},
            authority=text["authority"],
            translator=TRANSLATOR,
            translated_from=first,
        )
    _add_demands(entry, texts, records)
    _add_namings(entry, texts, records)
    for draft in drafts[1:]:
        workflow.publish(texts[draft.language].working_revision)
    links.links_changed(statement)
    return leading


def _add_demands(entry: Entry, texts: Mapping[str, Text], records: Records) -> None:
    """Link the demands, and with that settle what the importer suggested."""
    for position, made in enumerate(entry["demands"]):
        demand = records.demand(made["demand"])
        for language, quotations in made["quotations"].items():
            for words in quotations:
                suggestions.make_demand(
                    texts[language],
                    demand,
                    voice=made["voice"],
                    field=made["field"],
                    words=words,
                    position=position,
                )
    statement = next(iter(texts.values())).statement
    statement.suggestions.demands().delete()


def _add_namings(entry: Entry, texts: Mapping[str, Text], records: Records) -> None:
    for text in entry["texts"]:
        for slug, spellings in text.get("namings", {}).items():
            for spelling in spellings:
                Naming.objects.create(
                    text=texts[text["language"]], person=records.person(slug), spelling=spelling
                )


def _source(entry: Entry | None) -> Source | None:
    if not entry:
        return None
    fields = dict(entry)
    published = PartialDate.parse(fields.pop("published"))
    return Source.objects.create(published=published, **fields)


def _places(codes: list[str]) -> list[Place]:
    return [_place(code) for code in codes]


def _place(code: str) -> Place:
    return Place.objects.get_or_create(code=code)[0]


# What statements are about


class Records:
    """Organisations, events, persons, demands, addressees of the list, each made when needed."""

    def __init__(self, listed: dict[str, dict[str, Entry]]) -> None:
        self.listed = listed

    def organisation(self, slug: str) -> Organisation:
        return self._linked(Organisation, slug, self.listed["organisations"][slug])

    def event(self, slug: str) -> Event:
        return self._linked(Event, slug, self.listed["events"][slug])

    def person(self, slug: str) -> Person:
        return self._linked(Person, slug, self.listed["people"][slug])

    def demand(self, slug: str) -> Demand:
        return self._linked(Demand, slug, self.listed["demands"][slug])

    def addressee(self, key: str) -> Addressee:
        entry = dict(self.listed["addressees"][key])
        names = entry.pop("names")
        addressee, is_new = Addressee.objects.get_or_create(
            name=entry["name"], defaults=self._fields(entry)
        )
        if is_new:
            _add_names(addressee, names)
        return addressee

    def _linked(self, model: type[models.Model], slug: str, entry: Entry) -> Any:
        """The record at an address, past or present; made where there is none."""
        former = FormerSlug.objects.filter(noun=model._meta.model_name, slug=slug)
        existing = model.objects.filter(
            models.Q(slug=slug) | models.Q(pk__in=former.values("object_id"))
        ).first()
        if existing:
            return existing
        fields = dict(entry)
        names, people, places = (fields.pop(name, ()) for name in ("names", "people", "places"))
        updates, letters = fields.pop("updates", ()), fields.pop("letters", ())
        record = model.objects.create(slug=slug, **self._fields(fields))
        _add_names(record, names)
        for position, person in enumerate(people):
            DemandPerson.objects.create(
                demand=record, person=self.person(person), position=position
            )
        if places:
            record.places.set(_places(places))
        for letter in letters:
            record.letters.create(**letter)
        links.record_saved(record)
        _add_updates(record, updates)
        return record

    def _fields(self, entry: dict[str, Any]) -> dict[str, Any]:
        """A list's words as what a model takes: dates, countries, parents, addressees."""
        readers = {
            "start": PartialDate.parse,
            "end": PartialDate.parse,
            "country": _place,
            "parent": self.event,
            "addressee": self.addressee,
        }
        return {
            name: readers[name](value) if name in readers else value
            for name, value in entry.items()
        }


def _add_updates(record: models.Model, updates: list[Entry]) -> None:
    """Of invented demands alone: what became of a real one is for editors with a real source."""
    entered: list[Update] = []
    for entry in updates:
        number = entry.get("corrects")
        entered.append(
            ledger.add_update(
                record,
                entry["state"],
                happened=PartialDate.parse(entry["happened"]),
                source=Source(publication="Example Gazette", url="https://example.org/withdrawn"),
                by=None,
                note=entry["note"],
                corrects=None if number is None else entered[number],
            )
        )


def _add_names(record: models.Model, names: list[list[str]]) -> None:
    for language, name, *acronym in names:
        fields = {"acronym": acronym[0]} if acronym else {}
        record.names.create(language=language, name=name, **fields)
