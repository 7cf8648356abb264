"""What pages say to programs in the words of schema.org, as JSON-LD: what they show, and no more.

Nothing of invented examples, which a program would take for real, and nothing of pages that are
not to be found by search engines. A demand has no word there.
"""

from __future__ import annotations

from collections.abc import Iterable

from statements.absolute import absolute
from statements.dates import AFTER, BEFORE, PartialDate
from statements.models import Correction, Event, Organisation, Person, Place
from statements.models.base import Linked
from statements.reading.rows import Author
from statements.reading.statement import Reading, Version

Data = dict[str, object]
CORRECTED = (Correction.Kind.CORRECTION, Correction.Kind.CLARIFICATION)


def of_statement(reading: Reading, published_at: object) -> Data:
    """`published_at` is when the first version of this text was published here."""
    text, page = reading.text, reading.page
    statement, source = text.statement, text.statement.source
    if statement.is_example or not statement.may_be_indexed:
        return {}
    corrections = [one for one in reading.corrections if one.kind in CORRECTED]
    return _data(
        "OpinionNewsArticle",
        absolute(text.get_absolute_url()),
        headline=page.plain_title,
        description=page.summary,
        inLanguage=text.language,
        datePublished=published_at.isoformat(),
        dateModified=text.changed_at.isoformat(),
        dateCreated=_day(statement.issued),
        author=[_author(one) for one in reading.authors],
        isBasedOn=(source.url or source.archived_url) if source else "",
        about=[_named("Event", one) for one in reading.events],
        mentions=[_named("Person", one) for one in reading.people if _is_named(one)],
        contentLocation=_places(reading.places),
        keywords=[one.name for one in reading.tags],
        translationOfWork=_work_translated(reading.itself),
        workTranslation=_translations(reading),
        correction=[
            {
                "@type": "CorrectionComment",
                "text": one.note,
                "inLanguage": one.language,
                "datePublished": one.at.isoformat(),
            }
            for one in corrections
        ],
    )


def of_organisation(
    organisation: Organisation, names: Iterable[object], part_of: Organisation | None
) -> Data:
    country = organisation.country
    return _of_record(
        "Organization",
        organisation,
        alternateName=[*filter(None, [organisation.acronym]), *(one.name for one in names)],
        sameAs=organisation.website,
        foundingDate=_day(organisation.founded),
        dissolutionDate=_day(organisation.dissolved),
        location=_places([country] if country else []),
        parentOrganization=part_of and _named("Organization", part_of),
    )


def of_event(event: Event, parent: Event | None) -> Data:
    return _of_record(
        "Event",
        event,
        startDate=_day(event.start),
        endDate=_day(event.end),
        location=_places(event.places.all()),
        superEvent=parent and _named("Event", parent),
    )


def of_person(person: Person, names: Iterable[object]) -> Data:
    """Of those alone who are shown in full."""
    if not _is_named(person):
        return {}
    return _of_record("Person", person, alternateName=[one.name for one in names])


def _of_record(kind: str, record: Linked, **properties: object) -> Data:
    if record.is_example:
        return {}
    address = absolute(record.get_absolute_url())
    return _data(kind, address, name=record.name_shown, **properties)


def _data(kind: str, address: str, **properties: object) -> Data:
    """Without what is not known."""
    known = {name: value for name, value in properties.items() if value}
    first = {"@context": "https://schema.org", "@type": kind, "@id": address, "url": address}
    return first | known


def _named(kind: str, record: Linked) -> Data:
    return {
        "@type": kind,
        "@id": absolute(record.get_absolute_url()),
        "name": record.name_shown,
    }


def _author(author: Author) -> Data:
    address = {"@id": absolute(author.url), "url": absolute(author.url)} if author.url else {}
    return {"@type": "Organization", **address, "name": author.name}


def _is_named(person: Person) -> bool:
    return person.shown_as == Person.Shown.FULL


def _places(places: Iterable[Place]) -> list[Data]:
    return [{"@type": "Place", "name": place.name} for place in places]


def _day(day: PartialDate | None) -> str:
    """A day, month or year as ISO 8601 has it; a bound is none of them."""
    return "" if not day or day.precision in (BEFORE, AFTER) else day.notation


def _work(version: Version) -> Data:
    return {
        "@type": "OpinionNewsArticle",
        "@id": absolute(version.text.get_absolute_url()),
        "inLanguage": version.text.language,
    }


def _work_translated(itself: Version) -> Data | None:
    source = itself.source
    if not source or not source.text.is_public:
        return None
    return {
        "@type": "OpinionNewsArticle",
        "@id": absolute(source.text.get_absolute_url()),
        "inLanguage": source.text.language,
    }


def _translations(reading: Reading) -> list[Data]:
    versions = (version for group in reading.others for version in group)
    return [_work(one) for one in versions if one.source and one.source.text_id == reading.text.pk]
