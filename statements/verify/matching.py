"""Which version some words are, or which they are near to: compared with what visitors may read.

Only words that are shown are compared with. A name that must not be shown is a gap here as on the
pages, so that nobody can try names; and a text that was withdrawn is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import translation

from statements import diff, genuine
from statements.canonical import canonical, fingerprint, undivided
from statements.likeness import in_common, shingles
from statements.models import Naming, Revision, Text
from statements.naming import Concealed, conceal, gap
from statements.prose import public_text
from statements.search import finding
from statements.search.engines import TookTooLong

# A text with all its versions is compared; of more than these the newest.
MOST_TEXTS, MOST_VERSIONS = 8, 30
# Of what fits, so many are told.
MOST_TOLD = 5
# So much of the shorter one stands in the longer one: not by chance.
ALIKE = 0.3
SENTENCE = re.compile(r"(?<=[.!?؟。！？]) ")
GAP = "[…]"
# What stands at the foot of a sheet of our PDFs, above the title at the head of the next one.
SHEET = r"^[ \t]*[0-9]{{1,4}} ?/ ?[0-9]{{1,4}}\s+(?:{titles})[ \t]*$"


class How(StrEnum):
    """In the order of what they prove."""

    EXACT = "exact"
    # The version stands in the words, and more does.
    CONTAINED = "contained"
    PASSAGE = "passage"
    NEAR = "near"


@dataclass(frozen=True)
class Match:
    """A version, and what some words are to it: all of it, a passage, or nearly it."""

    how: How
    text: Text
    title: str
    revision: Revision
    # Other versions in which they stand too.
    others: list[int] = field(default_factory=list)
    # How many words were compared, and how many the version has.
    words: int = 0
    of: int = 0
    # How much of the shorter one stands in the longer one, where they are near.
    share: float = 0
    changed: list[diff.Block] = field(default_factory=list)

    @property
    def is_live(self) -> bool:
        return self.revision.pk == self.text.live_revision_id


@dataclass(frozen=True)
class Version:
    revision: Revision
    # Everything; the organisation's title and words; its words alone: each as it is compared.
    forms: tuple[str, ...]
    # Everything, a sentence each; a title is one too.
    sentences: tuple[str, ...]
    title: str

    @property
    def whole(self) -> str:
        return self.forms[0]

    @property
    def body(self) -> str:
        return self.forms[-1]


@dataclass(frozen=True)
class Pasted:
    """Words as somebody has them, and as they are compared."""

    words: str
    compared: str

    def of_one_sheet(self, versions: Iterable[Version]) -> str:
        """As they are compared, without what stands between two sheets of these versions' PDFs."""
        titles = {r"\s+".join(map(re.escape, one.title.split())) for one in versions if one.title}
        sheet = SHEET.format(titles="|".join(titles))
        words = re.sub(sheet, "", self.words, flags=re.MULTILINE)
        return self.compared if words == self.words else _compared(words)


def by_fingerprint(begins: str) -> list[Match]:
    """The versions of a fingerprint, or of its beginning.

    None of a text that conceals a name: with it, guesses at the name could be tried.
    """
    return list(_exact(Q(fingerprint__startswith=begins) | Q(own_fingerprint__startswith=begins)))


def by_file(content: bytes) -> Match | None:
    """The version of a PDF that was made here and not changed since, while its words are shown."""
    found = _versions().filter(pk=genuine.version_of(content)).first()
    if not found:
        return None
    concealed = _concealed([found.text])[found.text_id]
    if not genuine.is_genuine(content, found, concealed):
        return None
    return _match(How.EXACT, found, concealed)


def by_words(words: str) -> list[Match]:
    """The versions that some words are, or in which they stand; else the one that is nearest.

    Those with all of the words come first, and of one text its newest version.
    """
    same = list(_exact(_fingerprinted(words)))
    texts = _texts(words, but={match.text.pk for match in same})
    concealed = _concealed(texts)
    pasted = Pasted(words, _compared(words))
    found = [match for text in texts for match in _best(text, pasted, concealed[text.pk])]
    found.sort(key=lambda match: list(How).index(match.how))
    certain = [match for match in found if match.how != How.NEAR]
    if same or certain:
        return [*same, *certain][:MOST_TOLD]
    return sorted(found, key=lambda match: -match.share)[:1]


def _fingerprinted(words: str) -> Q:
    whole = fingerprint([words])
    return Q(fingerprint=whole) | Q(own_fingerprint=whole)


def _versions() -> QuerySet[Revision]:
    """Published ones whose words may be shown."""
    # nosemgrep: past-the-gates - of readable texts alone
    return Revision.objects.filter(
        number__isnull=False, sealed_at__isnull=True, text__in=Text.objects.readable()
    ).select_related("text__statement", "text__live_revision")


def _exact(which: Q) -> Iterator[Match]:
    found = list(_versions().filter(which).order_by("-pk")[: MOST_TEXTS * MOST_VERSIONS])
    concealed = _concealed({revision.text for revision in found})
    of_text: dict[int, list[Revision]] = {}
    for revision in found:
        if not concealed[revision.text_id]:
            of_text.setdefault(revision.text_id, []).append(revision)
    for newest, *older in list(of_text.values())[:MOST_TOLD]:
        yield replace(_match(How.EXACT, newest, []), others=[one.number for one in older])


def _texts(words: str, but: set[int]) -> list[Text]:
    try:
        keys = [
            key for key in finding.texts_sharing(undivided(words), MOST_TEXTS) if key not in but
        ]
    except TookTooLong:
        return []
    found = Text.objects.readable().select_related("statement", "live_revision").in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _concealed(texts: Iterable[Text]) -> Mapping[int, list[Concealed]]:
    return Naming.objects.concealed_in(texts)


def _best(text: Text, words: Pasted, concealed: Sequence[Concealed]) -> Iterator[Match]:
    """What the words are to one text."""
    rows = text.revisions.filter(number__isnull=False, sealed_at__isnull=True)
    versions = [_version(one, concealed) for one in rows.order_by("-number")[:MOST_VERSIONS]]
    compared = words.of_one_sheet(versions)
    for how, fits in (
        (How.EXACT, lambda one: compared in one.forms),
        (How.CONTAINED, lambda one: one.body and _stands_in(one.body, compared)),
        (How.PASSAGE, lambda one: _stands_in(compared, one.whole)),
    ):
        fitting = [one for one in versions if fits(one)]
        if fitting:
            newest, *older = fitting
            others = [one.revision.number for one in older]
            yield _told(how, text, newest, compared, concealed, others=others)
            return
    pasted = shingles(compared)
    shares = {one.revision.pk: in_common(pasted, shingles(one.whole)) for one in versions}
    nearest = max(versions, key=lambda one: shares[one.revision.pk], default=None)
    if nearest and shares[nearest.revision.pk] >= ALIKE:
        match = _told(How.NEAR, text, nearest, compared, concealed)
        yield replace(match, share=shares[nearest.revision.pk])


def _version(revision: Revision, concealed: Sequence[Concealed]) -> Version:
    shown = public_text(revision, concealed)
    title = shown.get("original_title") or shown.get("title", "")
    forms = (shown.values(), (title, shown.get("body", "")), (shown.get("body", ""),))
    lines = (line for part in shown.values() for line in part.splitlines())
    return Version(
        revision,
        tuple(_compared("\n".join(parts)) for parts in forms),
        tuple(one for line in lines for one in SENTENCE.split(_compared(line)) if one),
        shown.get("title", ""),
    )


def _stands_in(passage: str, words: str) -> bool:
    """Whether whole words of the one stand in the other, in their order and with their points."""
    return f" {_tokens(passage)} " in f" {_tokens(words)} "


def _tokens(compared: str) -> str:
    return " ".join(diff.WORDS.findall(compared))


def _told(
    how: How,
    text: Text,
    version: Version,
    compared: str,
    concealed: Sequence[Concealed],
    others: Sequence[int] = (),
) -> Match:
    version.revision.text = text
    blocks = []
    if how == How.CONTAINED:
        more = _around(version, compared)
        blocks = [diff.Block("", [diff.Run(diff.PUT_IN, words)]) for words in more]
    elif how == How.NEAR:
        old, new = _near(version, compared), SENTENCE.split(compared)
        blocks = diff.compare("\n".join(old), "\n".join(new))
    return replace(
        _match(how, version.revision, concealed),
        others=list(others),
        words=len(diff.word_list(compared)),
        of=len(diff.word_list(version.whole)),
        changed=[block for block in blocks if block.is_changed],
    )


def _around(version: Version, compared: str) -> Iterator[str]:
    """What else there is, a sentence each, in words that hold a version's own."""
    places = [found.span() for found in diff.WORDS.finditer(compared)]
    before = f" {_tokens(compared)} ".partition(f" {_tokens(version.body)} ")[0]
    first = len(before.split())
    last = first + len(diff.WORDS.findall(version.body)) - 1
    for part in (compared[: places[first][0]], compared[places[last][1] :]):
        for sentence in SENTENCE.split(part.strip()):
            if sentence and sentence not in version.sentences:
                yield sentence


def _near(version: Version, compared: str) -> tuple[str, ...]:
    """The sentences that some words are near to: a passage lacks nothing around it."""
    theirs = shingles(compared)
    near = [
        at
        for at, own in enumerate(map(shingles, version.sentences))
        if own and len(own & theirs) >= ALIKE * len(own)
    ]
    return version.sentences[near[0] : near[-1] + 1] if near else version.sentences


def _match(how: How, revision: Revision, concealed: Sequence[Concealed]) -> Match:
    text = revision.text
    return Match(how, text, conceal(text.live_revision.title, concealed), revision)


def _compared(words: str) -> str:
    for one in _gaps():
        words = words.replace(one, GAP)
    return canonical(words)


@cache
def _gaps() -> tuple[str, ...]:
    """What stands for a withheld name, in every language of the interface."""
    found = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.append(gap())
    return tuple(found)
