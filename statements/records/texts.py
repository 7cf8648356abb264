"""A text for programs: the words that are read now, and its public history."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from statements.absolute import id_of
from statements.markup import with_whole_addresses
from statements.models import Revision, Text
from statements.naming import Concealed, conceal
from statements.prose import public_words
from statements.records.shapes import here
from statements.records.statement_fields import (
    TextInList,
    TextOf,
    TranslatedFrom,
    VersionOf,
    Words,
)


def text_of(
    short: TextInList, text: Text, versions: Iterable[Revision], hidden: list[Concealed]
) -> TextOf:
    """The text comes with `public_since`; `hidden` is what must not be shown of its statement."""
    revision = text.live_revision
    # With a fingerprint, guesses at a hidden name could be tried.
    fingerprints = ("", "") if hidden else (revision.fingerprint, revision.own_fingerprint)
    return TextOf(
        **dict(short),
        direction=text.direction,
        translator=conceal(text.translator, hidden),
        translated_from=_translated_from(text.translated_from),
        published_at=text.public_since,
        words=_words(revision, short.url, hidden),
        fingerprint=fingerprints[0],
        own_fingerprint=fingerprints[1],
        versions=[_version(text, one, hidden) for one in versions],
    )


def _words(revision: Revision, url: str, hidden: list[Concealed]) -> Words:
    words = public_words(revision, hidden)
    for name, is_rich in Revision.FIELDS.items():
        if is_rich:
            words[name] = with_whole_addresses(words[name], url)
    return Words(**words)


def _translated_from(source: Revision | None) -> TranslatedFrom | None:
    """Where it was a version, which is public."""
    if not source or not source.number:
        return None
    return TranslatedFrom(
        id=id_of("text", source.text_id),
        language=source.text.language,
        version=source.number,
        is_current=source.text.live_revision_id == source.pk,
    )


def _version(text: Text, version: Revision, hidden: list[Concealed]) -> VersionOf:
    correction = getattr(version, "correction", None)
    return VersionOf(
        number=version.number,
        url=here(reverse("pages:version", args=[text.slug, version.number])),
        published_at=version.published_at,
        change=version.change,
        note=conceal(correction.note, hidden) if correction else "",
        note_language=correction.language if correction else "",
        is_sealed=version.sealed_at is not None,
    )
