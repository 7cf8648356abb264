"""The public history of a text: its versions, and what each changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from statements import diff
from statements.markup import plain
from statements.models import FormerSlug, Naming, Revision, Text
from statements.naming import Concealed, conceal
from statements.pages.addresses import follows_former
from statements.prose import public_words
from statements.reading.keyset import Part, page_of

VERSIONS_PER_PAGE = 50


@dataclass(frozen=True)
class Entry:
    """One version in the history, and how many words it put in and took out."""

    revision: Revision
    # Not where one of the two versions is sealed, and not for the first.
    counted: tuple[int, int] | None
    # What the register of corrections says of it.
    note: str


@dataclass(frozen=True)
class Section:
    """One field of a version: its words, and its blocks that differ from the version before."""

    name: str
    label: str
    words: str
    is_rich: bool
    changed: list[diff.Block]


@follows_former(FormerSlug.Noun.TEXT)
def version_list(request: HttpRequest, slug: str) -> HttpResponse:
    text = _text(slug)
    if not text.statement.is_readable:
        return redirect(text)
    versions = _versions(text).select_related("correction")
    page = page_of(request, [Part(versions, "-number")], VERSIONS_PER_PAGE)
    concealed = _concealed(text)
    context = {
        "text": text,
        "title": conceal(text.live_revision.title, concealed),
        "page": page,
        "versions": _entries(_versions(text), page.rows, concealed),
    }
    return render(request, "pages/version_list.html", context)


@follows_former(FormerSlug.Noun.TEXT)
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    text = _text(slug)
    if not text.statement.is_readable:
        return redirect(text)
    # The versions beside it too, to compare with and to lead on to.
    near = {
        one.number: one
        for one in _versions(text).filter(number__gte=number - 1, number__lte=number + 1)
    }
    if number not in near:
        raise Http404
    concealed = _concealed(text)
    revision, earlier = near[number], near.get(number - 1)
    # Beside words that are gone, all others would look new.
    compared = earlier if earlier and not earlier.sealed_at and not revision.sealed_at else None
    sections = _sections(revision, compared, concealed)
    context = {
        "text": text,
        "title": conceal(text.live_revision.title, concealed),
        "revision": revision,
        "hidden": concealed,
        "earlier": earlier,
        "compared": compared,
        "later": near.get(number + 1),
        "is_live": revision.pk == text.live_revision_id,
        "sections": sections,
        "has_changes": any(section.changed for section in sections),
    }
    return render(request, "pages/version.html", context)


def _text(slug: str) -> Text:
    texts = Text.objects.published().select_related("statement", "live_revision")
    return get_object_or_404(texts, slug=slug)


def _versions(text: Text) -> QuerySet[Revision]:
    return text.revisions.filter(number__isnull=False)


def _concealed(text: Text) -> list[Concealed]:
    """What must not be shown of the text, in any of its versions."""
    return Naming.objects.concealed_in([text])[text.pk]


def _entries(
    versions: QuerySet[Revision], rows: list[Revision], concealed: list[Concealed]
) -> list[Entry]:
    """A page of the history; the version before its oldest one is fetched to count from."""
    before = rows[-1].number - 1 if rows else 0
    readable = versions.filter(number=before, sealed_at__isnull=True)
    words = {one.number: _plain(one) for one in [*rows, *readable] if not one.sealed_at}
    return [Entry(one, _counted(words, one.number), _note(one, concealed)) for one in rows]


def _counted(words: dict[int, list[str]], number: int) -> tuple[int, int] | None:
    if {number - 1, number} <= words.keys():
        return diff.count(words[number - 1], words[number])
    return None


def _note(revision: Revision, concealed: list[Concealed]) -> str:
    correction = getattr(revision, "correction", None)
    return conceal(correction.note, concealed) if correction else ""


def _plain(revision: Revision) -> list[str]:
    return [
        plain(words) if revision.FIELDS[name] else words for name, words in revision.words.items()
    ]


def _sections(
    revision: Revision, earlier: Revision | None, concealed: list[Concealed]
) -> list[Section]:
    """The fields that this version or the one before has words in."""
    new = public_words(revision, concealed)
    old = public_words(earlier, concealed) if earlier else new
    found = []
    for name, is_rich in Revision.FIELDS.items():
        compare = diff.compare_html if is_rich else diff.compare
        if new[name] or old[name]:
            label = Revision._meta.get_field(name).verbose_name
            changed = [block for block in compare(old[name], new[name]) if block.is_changed]
            found.append(Section(name, label, new[name], is_rich, changed))
    return found
