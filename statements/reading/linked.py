"""What pages say to programs in the words of schema.org, as JSON-LD: what they show, and no more.

Nothing of invented examples, which a program would take for real, and nothing of pages that are
not to be found by search engines. A demand has no word there.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from statements.absolute import absolute
from statements.dates import AFTER, BEFORE, PartialDate
from statements.models import Correction, Demand, Event, Organisation, Person, Place
from statements.models.base import Linked
from statements.reading.rows import Author
from statements.reading.statement import Reading, Version

Data = dict[str, object]
# The lists that lead to pages, by the word for it in their addresses.
LISTS: dict[str, tuple[str, Promise]] = {
    "statements": ("pages:statement_list", _("Statements")),
    "events": ("pages:event_list", _("Events")),
    "demands": ("pages:demand_list", _("Demands")),
    "organisations": ("pages:organisation_list", _("Organisations")),
    "people": ("pages:person_list", _("People")),
}
CORRECTED = (Correction.Kind.CORRECTION, Correction.Kind.CLARIFICATION)


def of_statement(reading: Reading, published_at: object) -> list[Data]:
    """`published_at` is when the first version of this text was published here."""
    text, page = reading.text, reading.page
    statement, source = text.statement, text.statement.source
    if statement.is_example or not statement.may_be_indexed:
        return []
    corrections = [one for one in reading.corrections if one.kind in CORRECTED]
    address = absolute(text.get_absolute_url())
    article = _data(
        "OpinionNewsArticle",
        address,
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
    return [article, _trail("statements", (page.plain_title, address))]


def of_organisation(
    organisation: Organisation, names: Iterable[object], part_of: Organisation | None
) -> list[Data]:
    country = organisation.country
    data = _data_of(
        "Organization",
        organisation,
        alternateName=[*filter(None, [organisation.acronym]), *(one.name for one in names)],
        sameAs=organisation.website,
        foundingDate=_day(organisation.founded),
        dissolutionDate=_day(organisation.dissolved),
        location=_places([country] if country else []),
        parentOrganization=part_of and _named("Organization", part_of),
    )
    return _said("organisations", organisation, data, above=part_of)


def of_event(event: Event, parent: Event | None) -> list[Data]:
    data = _data_of(
        "Event",
        event,
        startDate=_day(event.start),
        endDate=_day(event.end),
        location=_places(event.places.all()),
        superEvent=parent and _named("Event", parent),
    )
    return _said("events", event, data, above=parent)


def of_person(person: Person, names: Iterable[object]) -> list[Data]:
    """Of those alone who are shown in full."""
    if not _is_named(person):
        return []
    data = _data_of("Person", person, alternateName=[one.name for one in names])
    return _said("people", person, data)


def of_demand(demand: Demand) -> list[Data]:
    """Where its page stands, and nothing of itself: there is no word for it."""
    return _said("demands", demand)


def _said(
    place: str, record: Linked, data: Data | None = None, *, above: Linked | None = None
) -> list[Data]:
    """What is said of a record, and the way to its page; of what is invented neither."""
    if record.is_example:
        return []
    steps = [(one.name_shown, absolute(one.get_absolute_url())) for one in (above, record) if one]
    return [*([data] if data else []), _trail(place, *steps)]


def _trail(place: str, *steps: tuple[str, str]) -> Data:
    """The pages that lead to this one, (name, address): the list that it is in comes first."""
    view, words = LISTS[place]
    found = [(str(words), absolute(reverse(view))), *steps]
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": address}
            for position, (name, address) in enumerate(found, 1)
        ],
    }


def _data_of(kind: str, record: Linked, **properties: object) -> Data:
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
