"""Rich text as words with places: finding a quotation, marking it, concealing a name.

Everything that is added is added after cleaning, when a page is rendered; what is stored
never holds an anchor.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from statements.markup import BLOCKS, pieces
from statements.naming import Concealed, conceal, spans
from statements.plain import collapse


@dataclass(frozen=True)
class Span:
    """A range of `Prose.text`, shown as a claim: the words of one quotation."""

    start: int
    end: int
    number: int
    anchor: str
    card: str
    voice: str
    label: str


@dataclass
class Block:
    """One top-level block of a text, with the spans that begin in it."""

    html: SafeString
    tag: str
    spans: list[Span] = field(default_factory=list)
    length: int = 0
    start: int = 0


class Prose:
    """Cleaned rich text, with its words as one string that ranges refer to.

    Block boundaries are a line feed in `text`, so that words of two blocks never run together.
    """

    def __init__(self, html: str, concealed: Iterable[Concealed] = ()) -> None:
        self.pieces = pieces(html)
        self._measure()
        if replacements := spans(self.text, concealed):
            self._replace(replacements)

    def _measure(self) -> None:
        self.starts: list[int] = []
        parts: list[str] = []
        at = 0
        for kind, tag, text in self.pieces:
            self.starts.append(at)
            part = text if kind == "text" else "\n" if tag in BLOCKS else ""
            parts.append(part)
            at += len(part)
        self.text = "".join(parts)

    def _replace(self, replacements: Sequence[tuple[int, int, str]]) -> None:
        """Write over ranges; what stands in place goes where the range began."""
        fresh: list[tuple[str, str, str]] = []
        for (kind, tag, text), start in zip(self.pieces, self.starts, strict=True):
            if kind == "text":
                for first, last, shown in reversed(replacements):
                    low, high = max(first - start, 0), min(last - start, len(text))
                    if low < high:
                        text = text[:low] + (shown if first >= start else "") + text[high:]
            fresh.append((kind, tag, text))
        self.pieces = fresh
        self._measure()

    @property
    def html(self) -> SafeString:
        """The text as rich text again, without marks."""
        return _join(
            format_html("{}", text) if kind == "text" else text for kind, _tag, text in self.pieces
        )

    def find(self, words: str) -> tuple[int, int] | None:
        """Where words first stand, white space being all the same; None if nowhere."""
        parts = [re.escape(part) for part in collapse(words).split()]
        match = re.search(r"\s+".join(parts), self.text) if parts else None
        return match.span() if match else None

    def blocks(self, claims: Sequence[Span] = ()) -> list[Block]:
        """The text cut at its top-level blocks, with claims marked and numbered."""
        found: list[Block] = []
        parts: list[str] = []
        depth, first = 0, 0
        for index, (kind, tag, text) in enumerate(self.pieces):
            if not parts:
                if kind == "text" and not text.strip():
                    continue
                first = index
            parts.append(self._marked(index, claims) if kind == "text" else text)
            depth += {"open": 1, "close": -1}.get(kind, 0)
            following = self.pieces[index + 1] if index + 1 < len(self.pieces) else None
            inline_run = kind == "text" or tag not in BLOCKS
            if depth == 0 and not (inline_run and following and following[1] not in BLOCKS):
                found.append(self._block(first, index, parts, claims))
                parts = []
        return found

    def _block(self, first: int, last: int, parts: list[str], claims: Sequence[Span]) -> Block:
        start = self.starts[first]
        end = self.starts[last + 1] if last + 1 < len(self.starts) else len(self.text)
        return Block(
            html=_join(parts),
            tag=self.pieces[first][1] or "p",
            spans=[claim for claim in claims if start <= claim.start < end],
            start=start,
            length=end - start,
        )

    def _marked(self, index: int, claims: Sequence[Span]) -> SafeString:
        """One run of text, cut wherever a claim begins or ends."""
        text, start = self.pieces[index][2], self.starts[index]
        end = start + len(text)
        here = [claim for claim in claims if claim.start < end and claim.end > start]
        cuts = {start, end}
        for claim in here:
            cuts |= {max(claim.start, start), min(claim.end, end)}
        edges = sorted(cuts)
        parts: list[str] = []
        for low, high in itertools.pairwise(edges):
            part: str = format_html("{}", text[low - start : high - start])
            for claim in here:
                if claim.start <= low and claim.end >= high:
                    part = _mark(part, claim, is_first=low == claim.start)
            parts.append(part)
            parts.extend(_reference(claim) for claim in here if claim.end == high)
        return _join(parts)


def public_words(revision: object, concealed: Sequence[Concealed] = ()) -> dict[str, str]:
    """A revision's seven fields as visitors may read them; rich text as safe strings.

    `concealed` is what `Naming.objects.concealed_in` found for the revision's text.
    """
    return {
        name: Prose(words, concealed).html if revision.FIELDS[name] else conceal(words, concealed)
        for name, words in revision.words.items()
    }


def _join(parts: Iterable[str]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _mark(part: str, claim: Span, *, is_first: bool) -> SafeString:
    anchor = format_html(' id="{}"', claim.anchor) if is_first else ""
    return format_html('<mark class="claim {}"{}>{}</mark>', claim.voice, anchor, part)


def _reference(claim: Span) -> SafeString:
    return format_html(
        '<a class="ref" href="#{}" aria-label="{}">{}</a>', claim.card, claim.label, claim.number
    )
