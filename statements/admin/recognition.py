"""Records of the site whose names stand in a submission, and names that look like theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from statements import likeness
from statements.models import Event, Organisation, Person, Submission
from statements.models.base import Linked
from statements.naming import named_in
from statements.plain import collapse

# So many records of a kind are looked for, the newest first: a bound on time, and far away.
MOST_NAMES = 20_000
MOST_LOOK_ALIKES = 5
# An acronym of one letter is a word of many texts.
ACRONYM = re.compile(r"[^\W_]{2,}")


@dataclass
class Recognised:
    """The ids of records that a submission names or points at, and what to be wary of."""

    organisations: list[int] = field(default_factory=list)
    events: list[int] = field(default_factory=list)
    persons: list[int] = field(default_factory=list)
    # Those that the sender gave as the author.
    authors: list[int] = field(default_factory=list)
    look_alikes: list[str] = field(default_factory=list)
    mixed_words: list[str] = field(default_factory=list)
    # The host of an address that is not in Latin letters, as machines write it if they can.
    hosts: list[str] = field(default_factory=list)

    @property
    def is_suspicious(self) -> bool:
        return bool(self.look_alikes or self.mixed_words or self.hosts)


def recognise(submission: Submission) -> Recognised:
    """What of the site stands in what was sent, in seven queries whatever is there."""
    author = submission.organisation_name
    told = "\n".join([submission.title, submission.text, author, submission.new_event])
    organisations, acronyms = _names(Organisation), _acronyms()
    named = _named(told, organisations, acronyms)
    those = [(pk, name) for pk, name in organisations if pk in named]
    found = Recognised(
        organisations=named,
        events=_named(told, _names(Event)),
        persons=_named(told, _names(Person)),
        authors=_named(author, those, acronyms),
        mixed_words=likeness.mixed_words(f"{author} {submission.title}"),
        hosts=list(_hosts(submission)),
    )
    for pk, pointed_at in (
        (submission.organisation_id, found.organisations),
        (submission.organisation_id, found.authors),
        (submission.event_id, found.events),
    ):
        if pk and pk not in pointed_at:
            pointed_at.insert(0, pk)
    if not found.authors:
        known = (name for _pk, name in organisations)
        alike = dict.fromkeys(likeness.look_alikes(author, known))
        found.look_alikes = list(alike)[:MOST_LOOK_ALIKES]
    return found


def _names(model: type[Linked]) -> list[tuple[int, str]]:
    """Every name of every record, in whatever language, with the record's id."""
    own = model.objects.order_by("-pk").values_list("pk", model.NAME_FIELD)
    other = model.names.rel.related_model.objects.order_by("-pk")
    others = other.values_list(model.names.field.attname, "name")
    return [*own[:MOST_NAMES], *others[:MOST_NAMES]]


def _acronyms() -> list[tuple[int, str]]:
    rows = Organisation.objects.exclude(acronym="").order_by("-pk").values_list("pk", "acronym")
    return list(rows[:MOST_NAMES])


def _named(
    text: str, names: list[tuple[int, str]], acronyms: Iterable[tuple[int, str]] = ()
) -> list[int]:
    """The ids of those whose name stands in a text; acronyms in the very letters."""
    standing = named_in(text, {name for _pk, name in names})
    words = set(ACRONYM.findall(collapse(text)))
    found = [pk for pk, name in names if name in standing]
    found += [pk for pk, acronym in acronyms if acronym in words]
    return list(dict.fromkeys(found))


def _hosts(submission: Submission) -> Iterable[str]:
    for address in (submission.organisation_website, submission.url):
        host = urlsplit(address).hostname or ""
        if not host.isascii():
            try:
                yield host.encode("idna").decode()
            except UnicodeError:
                # Too long, or in letters of two directions: no machine reads it.
                yield host
