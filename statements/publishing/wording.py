"""A revision's words without markup: compared, fingerprinted, and searched for quotations."""

from __future__ import annotations

import re
from collections.abc import Mapping

from statements.canonical import fingerprint
from statements.markup import BLOCKS, clean, plain
from statements.models import Quotation, Revision, Text
from statements.plain import collapse, line

Words = Mapping[str, str]
BLOCK = re.compile(rf"(</?(?:{'|'.join(sorted(BLOCKS))})(?: [^>]*)?>)")
# HTML's white space; a fixed space is a word's own.
LAYOUT = " \t\n\f\r"


def same_words(one: Revision, other: Revision) -> bool:
    """Whether two revisions have the same words in the same markup.

    White space around paragraphs is none: every editor lays them out in its own way, and whoever
    only looked at them has not written them.
    """
    return all(
        same_part(name, getattr(one, name), getattr(other, name)) for name in Revision.FIELDS
    )


def same_part(name: str, one: str | None, other: str | None) -> bool:
    """The same of one of their parts: its title, its body and so on."""
    stored = _blocks if Revision.FIELDS[name] else line
    return stored(one or "") == stored(other or "")


def _blocks(html: str) -> list[str]:
    """Rich text, cleaned: the tags of its blocks, and what stands between them."""
    parts = (part.strip(LAYOUT) for part in BLOCK.split(clean(html)))
    return [part for part in parts if part]


def words_of(revision: Revision, field: str) -> str:
    """The plain words of one part of a revision, white space collapsed."""
    value = getattr(revision, field)
    return plain(value) if Revision.FIELDS[field] else collapse(value)


def words_of_all(revision: Revision) -> dict[str, str]:
    """The plain words of every part of a revision, in reading order."""
    return {name: words_of(revision, name) for name in Revision.FIELDS}


def contains(revision: Revision | None, field: str, words: str) -> bool:
    return bool(revision) and collapse(words) in words_of(revision, field)


def place_quotations(text: Text) -> None:
    """Note which of a text's quotations its working and its live revision contain."""
    quotations = list(Quotation.objects.filter(text=text.pk))
    if not quotations:
        return
    text = Text.objects.select_related("working_revision", "live_revision").get(pk=text.pk)
    changed = []
    for quotation in quotations:
        places = (
            contains(text.working_revision, quotation.field, quotation.words),
            contains(text.live_revision, quotation.field, quotation.words),
        )
        if places != (quotation.in_working, quotation.in_live):
            quotation.in_working, quotation.in_live = places
            changed.append(quotation)
    Quotation.objects.bulk_update(changed, ["in_working", "in_live"])


def fingerprints(revision: Revision) -> tuple[str, str]:
    """SHA-256, in hex, of the whole and of the organisation's own words.

    Taken over the plain words in their canonical form (docs/verifying.md), so that a copy in
    another layout has the same fingerprint.
    """
    return fingerprints_of(words_of_all(revision))


def fingerprints_of(parts: Words) -> tuple[str, str]:
    """The same, from the plain words of each part."""
    own = [parts["original_title"] or parts["title"], parts["body"]]
    return fingerprint(parts.values()), fingerprint(own)
