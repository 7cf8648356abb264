"""A statement as a document that is carried away: its words, and what is known of them.

Every format of `statements/exports/` writes the same document, which holds what visitors may
read and nothing else. Its own words, such as "issued by", are in the language of the text where
the interface speaks it, since a file has one address and nobody chose a language for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from statements import languages
from statements.absolute import absolute
from statements.dates import PartialDate
from statements.models import Attachment, Event, Place, Revision, SiteText, Source, Text
from statements.models.base import Linked
from statements.naming import Concealed, conceal
from statements.prose import public_words
from statements.reading.coverage import ORIGINAL
from statements.reading.passages import Made
from statements.reading.rows import Author
from statements.reading.statement import read


@dataclass(frozen=True)
class Line:
    """Words, with their language where it is known, and where they lead."""

    words: str
    language: str = ""
    address: str = ""


@dataclass(frozen=True)
class Fact:
    label: str
    lines: list[Line]
    # Whether it goes with the words wherever they are published.
    is_credit: bool = False


@dataclass(frozen=True)
class Part:
    """Words of one voice; the organisation's own stand without a label."""

    kind: str
    heading: Line | None
    html: SafeString


@dataclass(frozen=True)
class DemandLine:
    """A demand as the statement makes it, with what became of it so far."""

    name: Line
    facts: list[Fact]
    quotations: list[str]


@dataclass
class Document:
    text: Text
    title: str
    surtitle: str
    subtitle: str
    address: str
    site: str
    # The language of labels; the text has its own.
    language: str
    authors: list[Line]
    facts: list[Fact]
    parts: list[Part]
    demands: list[DemandLine] = field(default_factory=list)
    signatories: list[Line] = field(default_factory=list)
    attachments: list[Line] = field(default_factory=list)
    imprint: str = ""
    licence: str = ""
    is_example: bool = False
    # The names that its words do not show.
    hidden: Sequence[Concealed] = ()

    @property
    def revision(self) -> Revision:
        return self.text.live_revision

    @property
    def credit(self) -> list[Fact]:
        return [fact for fact in self.facts if fact.is_credit]

    @property
    def direction(self) -> str:
        return languages.direction(self.text.language)

    @property
    def label_direction(self) -> str:
        return languages.direction(self.language)


def language_of_labels(text: Text) -> str:
    """The interface's language in which a text's file speaks: the text's, else the default."""
    spoken = {code for code, _name in settings.LANGUAGES}
    tags = (text.language, text.language.partition("-")[0])
    return next((tag for tag in tags if tag in spoken), settings.LANGUAGE_CODE)


def document_of(text: Text) -> Document:
    """Gather a readable text, in the fixed number of queries of its page and one for the site.

    The text comes with its live revision, its statement and the statement's source; the language
    of labels is the active one.
    """
    reading = read(text)
    site = SiteText.objects.for_language()
    licence = text.statement.licence or site.site.licence
    words = public_words(text.live_revision, reading.hidden)
    return Document(
        text=text,
        title=words["title"],
        surtitle=words["surtitle"],
        subtitle=words["subtitle"],
        address=absolute(text.get_absolute_url()),
        site=site.name,
        language=language_of_labels(text),
        authors=[author_line(one) for one in reading.authors],
        facts=facts_of(
            text,
            reading.authors,
            licence,
            translated_from=reading.itself.source,
            events=reading.events,
            places=reading.places,
        ),
        parts=list(parts_of(text, words)),
        demands=[_demand(one, reading.hidden) for one in _once(reading.demands)],
        signatories=[author_line(one) for one in reading.signatories],
        attachments=[_attachment(one) for one in reading.attachments],
        imprint=imprint_of(text.live_revision, reading.hidden),
        licence=licence,
        is_example=text.statement.is_example,
        hidden=reading.hidden,
    )


def author_line(author: Author) -> Line:
    details = [author.acronym, str(author.country or ""), author.as_printed]
    shown = pgettext("between the entries of a short list", ", ").join(filter(None, details))
    words = f"{author.name} ({shown})" if shown else author.name
    return Line(words, author.language, absolute(author.url) if author.url else "")


def facts_of(
    text: Text,
    authors: list[Author],
    licence: str,
    *,
    translated_from: Revision | None = None,
    events: Iterable[Event] = (),
    places: Iterable[Place] = (),
) -> list[Fact]:
    """What is known of a statement beside its words, in the order of its page."""
    statement, address = text.statement, absolute(text.get_absolute_url())
    source, translator = translated_from, text.translator
    known = (
        Fact(_("Kind"), [Line(capfirst(statement.get_kind_display()))]),
        Fact(_("Issued by"), [author_line(one) for one in authors], is_credit=True),
        Fact(_("Issued"), _day(statement.issued), is_credit=True),
        Fact(_("Source"), source_lines(statement.source), is_credit=True),
        Fact(_("Published here"), [Line(date_format(statement.public_since))]),
        # What may not be the organisation's own words is never published without saying so.
        Fact(_("Language"), [Line(_language(text))], is_credit=text.authority not in ORIGINAL),
        Fact(_("Translated by"), [Line(translator)] if translator else [], is_credit=True),
        Fact(_("Translated from"), [Line(_version(source))] if source else [], is_credit=True),
        Fact(_("Events"), [named_line(one) for one in events]),
        Fact(_("Places"), [Line(place.name) for place in places]),
        Fact(_("Licence"), [Line(licence)] if licence else [], is_credit=True),
        Fact(_("Address"), [Line(address, address=address)]),
    )
    return [fact for fact in known if fact.lines]


def named_line(record: Linked) -> Line:
    return Line(record.name_shown, record.name_language, absolute(record.get_absolute_url()))


def _day(day: PartialDate | None) -> list[Line]:
    return [Line(str(day))] if day else []


def _language(text: Text) -> str:
    authority = text.get_authority_display()
    if text.authority == Text.Authority.UNKNOWN:
        authority = _("not known whether it is the original")
    return f"{languages.name(text.language)} ({authority})"


def _version(revision: Revision) -> str:
    return _("version %(number)d in %(language)s") % {
        "number": revision.number,
        "language": languages.name(revision.text.language),
    }


def source_lines(source: Source | None) -> list[Line]:
    if not source:
        return []
    parts = [source.publication, source.title, str(source.published or "")]
    words = pgettext("between the entries of a short list", ", ").join(filter(None, parts))
    lines = [Line(words, address=source.url)]
    if source.archived_url:
        lines.append(Line(_("Archived copy"), address=source.archived_url))
    return lines


def parts_of(text: Text, words: dict[str, SafeString]) -> Iterator[Part]:
    if words["introduction"]:
        heading = Line(_("Introduction by the editors"))
        yield Part("introduction", heading, words["introduction"])
    own = Line(words["original_title"], text.language) if words["original_title"] else None
    if own or words["body"]:
        yield Part("own", own, words["body"])
    if words["postscript"]:
        yield Part("postscript", None, words["postscript"])


def _once(made: list[Made]) -> list[Made]:
    """Each demand once, whatever the voices, with the words of all of them."""
    found: dict[int, Made] = {}
    for one in made:
        first = found.setdefault(one.demand.pk, one)
        if first is not one:
            first.quotations += one.quotations
    return list(found.values())


def _demand(made: Made, hidden: list[Concealed]) -> DemandLine:
    demand = made.demand
    return DemandLine(
        name=named_line(demand),
        facts=[fact for fact in _facts_of_demand(made) if fact.lines],
        quotations=[conceal(words, hidden) for _pk, _part, words in made.quotations],
    )


def _facts_of_demand(made: Made) -> Iterator[Fact]:
    demand = made.demand
    state = [state_of(demand), _released(made)]
    yield Fact(_("State"), [Line(words) for words in state if words])
    if to := demand.addressee:
        yield Fact(_("Addressee"), [Line(to.name_shown, to.name_language)])
    yield Fact(_("Voice"), [Line(made.voice_label)])


def _released(made: Made) -> str:
    """As its page says it; a demand may be about others too, whom nobody names."""
    words = ngettext(
        "%(released)s of %(number)s named person released",
        "%(released)s of %(number)s named persons released",
        made.concerned,
    )
    return words % {"released": made.released, "number": made.concerned} if made.concerned else ""


def state_of(record: object) -> str:
    state = capfirst(record.get_state_display())
    return f"{state}, {record.state_date}" if record.state_date else state


def _attachment(attachment: Attachment) -> Line:
    parts = [
        attachment.caption or attachment.alternative,
        attachment.credit,
        attachment.licence,
    ]
    words = pgettext("between the entries of a short list", ", ").join(filter(None, parts))
    return Line(words, address=absolute(reverse("media", args=[attachment.file.name])))


def imprint_of(revision: Revision, hidden: list[Concealed]) -> str:
    """Which version it is; with a fingerprint, guesses at a hidden name could be tried."""
    known = {"number": revision.number, "day": date_format(revision.published_at)}
    if hidden:
        return _("Version %(number)s of %(day)s") % known
    known["fingerprint"] = revision.fingerprint
    return _("Version %(number)s of %(day)s · fingerprint %(fingerprint)s") % known
