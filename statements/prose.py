"""Rich text as words with places: finding a quotation, marking it, concealing a name.

Everything that is added is added after cleaning, when a page is rendered; what is stored
never holds an anchor.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from statements.markup import BLOCKS, pieces, words_of
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

    @classmethod
    def of_line(cls, words: str, concealed: Iterable[Concealed] = ()) -> Prose:
        """A title or another line of plain text."""
        return cls(escape(words), concealed)

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
        found = []
        for first, last, is_run in self._ranges():
            start, end = self.starts[first], self._end(last)
            html = self._html(first, last, claims)
            found.append(
                Block(
                    html=format_html("<p>{}</p>", html) if is_run else html,
                    tag="p" if is_run else self.pieces[first][1],
                    spans=[claim for claim in claims if start <= claim.start < end],
                    start=start,
                    length=end - start,
                )
            )
        return found

    def marked(self, claims: Sequence[Span] = ()) -> SafeString:
        """The whole with claims marked and numbered: for a line of text, such as a title."""
        return self._html(0, len(self.pieces), claims)

    def _ranges(self) -> Iterator[tuple[int, int, bool]]:
        """Where top-level blocks begin and end; true for words that stand in no block."""
        depth, start, is_run = 0, None, False
        for index, (kind, tag, text) in enumerate(self.pieces):
            is_block = tag in BLOCKS and tag != "br"
            if depth == 0 and is_block and start is not None:
                yield start, index, is_run
                start = None
            if start is None:
                if tag == "br" or (kind == "text" and not text.strip()):
                    continue
                start, is_run = index, not is_block
            depth += {"open": 1, "close": -1}.get(kind, 0)
            if depth == 0 and not is_run:
                yield start, index + 1, False
                start = None
        if start is not None:
            yield start, len(self.pieces), is_run

    def _end(self, index: int) -> int:
        return self.starts[index] if index < len(self.starts) else len(self.text)

    def _html(self, first: int, last: int, claims: Sequence[Span]) -> SafeString:
        """A range of pieces; a link is never put inside a link, so its numbers follow it."""
        parts: list[str] = []
        waiting: list[str] = []
        in_link = False
        for index in range(first, last):
            kind, tag, text = self.pieces[index]
            if kind == "text":
                parts += self._marked(index, claims, waiting if in_link else None)
                continue
            parts.append(text)
            if tag == "a":
                in_link = kind == "open"
                parts += waiting
                waiting.clear()
        return _join(parts)

    def _marked(
        self, index: int, claims: Sequence[Span], waiting: list[str] | None
    ) -> Iterator[str]:
        """One run of text, cut wherever a claim begins or ends."""
        text, start = self.pieces[index][2], self.starts[index]
        end = start + len(text)
        # White space between the rows of a table or the entries of a list takes no mark.
        here = [c for c in claims if c.start < end and c.end > start] if text.strip() else []
        cuts = {start, end}
        for claim in here:
            cuts |= {max(claim.start, start), min(claim.end, end)}
        for low, high in itertools.pairwise(sorted(cuts)):
            part: str = format_html("{}", text[low - start : high - start])
            for claim in here:
                if claim.start <= low and claim.end >= high:
                    part = _mark(part, claim, is_first=low == claim.start)
            yield part
            references = [_reference(claim) for claim in here if claim.end == high]
            if waiting is None:
                yield from references
            else:
                waiting += references


def public_words(revision: object, concealed: Sequence[Concealed] = ()) -> dict[str, str]:
    """A revision's seven fields as visitors may read them; rich text as safe strings.

    `concealed` is what `Naming.objects.concealed_in` found for the revision's text.
    """
    return {
        name: Prose(words, concealed).html if revision.FIELDS[name] else conceal(words, concealed)
        for name, words in revision.words.items()
    }


def public_text(revision: object, concealed: Sequence[Concealed] = ()) -> dict[str, str]:
    """The same as plain text: for searching, and for passages of what was found."""
    return {
        name: (_words if revision.FIELDS[name] else conceal)(words, concealed)
        for name, words in revision.words.items()
        if words
    }


def _words(html: str, concealed: Sequence[Concealed]) -> str:
    """`Prose.text`, in a fifth of the time where there is nothing to conceal: mostly."""
    return Prose(html, concealed).text if concealed else words_of(html)


def _join(parts: Iterable[str]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _mark(part: str, claim: Span, *, is_first: bool) -> SafeString:
    anchor = format_html(' id="{}"', claim.anchor) if is_first else ""
    return format_html('<mark class="claim {}"{}>{}</mark>', claim.voice, anchor, part)


def _reference(claim: Span) -> SafeString:
    return format_html(
        '<a class="ref" href="#{}" aria-label="{}">{}</a>', claim.card, claim.label, claim.number
    )
