"""What somebody needs who writes to whom a demand is put to: a letter, and a link that opens it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import get_language

from statements.models import Demand
from statements.models.letter import hidden_in

# Systems cut longer links off, or open nothing: Windows hands on 2,083 characters.
LONGEST_LINK = 2000


@dataclass(frozen=True)
class Letter:
    """A model letter as visitors may read it."""

    language: str
    subject: str
    words: str


def letters_of(demand: Demand) -> list[Letter]:
    """Those of a demand, without the names that are not shown: two queries where there are any."""
    rows = list(demand.letters.order_by("pk"))
    hidden = hidden_in(rows) if rows else []
    return [Letter(row.language, *row.without(hidden)) for row in rows]


def chosen(letters: Iterable[Letter], demand: Demand, asked: str = "") -> Letter | None:
    """The letter in the language asked for; else in the addressee's, the reader's, the site's."""
    reads = demand.addressee.reads if demand.addressee else ""
    wanted = (asked, reads, get_language() or "", settings.LANGUAGE_CODE)

    def distance(letter: Letter) -> list[int]:
        return [_distance(letter.language, language) for language in wanted]

    return min(letters, key=distance, default=None)


def _distance(language: str, wanted: str) -> int:
    is_variety = language.partition("-")[0] == wanted.partition("-")[0]
    return 0 if language == wanted else 1 if is_variety else 2


def mail_link(address: str, letter: Letter) -> str:
    """A link that opens the visitor's own program with the letter (RFC 6068).

    Where that would be too long it is without its words, and then without its subject.
    """
    to = f"mailto:{quote(address, safe='@')}"
    subject = f"{to}?subject={_encoded(letter.subject)}"
    whole = f"{subject}&body={_encoded(letter.words)}" if letter.words else subject
    return next((link for link in (whole, subject) if len(link) <= LONGEST_LINK), to)


def has_words(link: str) -> bool:
    """Whether the letter itself is in a link."""
    return "&body=" in link


def _encoded(words: str) -> str:
    """Every line break is CRLF, and a space is no plus sign."""
    return quote("\r\n".join(words.splitlines()), safe="")
