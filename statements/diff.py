"""What changed between two texts, word by word inside their blocks.

    compare("old words", "new words")            plain text, a line a block
    compare_html("<p>old</p>", "<p>new</p>")     rich text, a block a block

Both give a list of Block for `templates/_difference.html`. Only words are compared: what a
change of form alone (bold, a link's address) leaves is a block without changes.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from statements.markup import BLOCKS, pieces
from statements.plain import collapse

SAME, PUT_IN, TAKEN_OUT = "same", "put-in", "taken-out"

# Scripts without spaces: each letter counts as a word.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
POINTS = r".,;:!?¡¿…«»“”„‹›\"()\[\]{}—–/\\،؛؟。、・"
WORDS = re.compile(rf"[{UNSPACED}]|[^\s{UNSPACED}{POINTS}]+|[{POINTS}]")
# Below this, two blocks have too little in common to be read as one that was changed.
LIKENESS = 0.4
# Comparing takes a time that grows with the product; beyond this the whole is shown as changed.
MOST_PAIRS = 500_000
# How many blocks further on a changed block is looked for.
LOOK_AHEAD = 20


@dataclass(frozen=True)
class Run:
    """Words that are the same, put in or taken out, and the white space after them."""

    kind: str
    words: str
    after: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, list entry or cell; `tag` is its element, "" in plain text."""

    tag: str
    runs: list[Run] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        return any(run.kind != SAME for run in self.runs)


@dataclass(frozen=True)
class Words:
    """One block before it is compared: its words, and the white space after each."""

    tag: str
    words: tuple[str, ...]
    spaces: tuple[str, ...]


def compare(old: str, new: str) -> list[Block]:
    """The blocks of both plain texts, in the order of the new one, with what changed."""
    return _compare(_plain_blocks(old), _plain_blocks(new))


def compare_html(old: str, new: str) -> list[Block]:
    """The same for rich text; it is cleaned first."""
    return _compare(_rich_blocks(old), _rich_blocks(new))


def count(old: Iterable[str], new: Iterable[str]) -> tuple[int, int]:
    """How many words were put in and taken out, for lists: words that only moved are not."""
    before, after = (
        Counter(itertools.chain.from_iterable(word_list(text) for text in texts))
        for texts in (old, new)
    )
    return (after - before).total(), (before - after).total()


def word_list(text: str) -> list[str]:
    """The words of a plain text, without its points."""
    return [word for word in WORDS.findall(text) if not re.fullmatch(rf"[{POINTS}]", word)]


def _split(tag: str, text: str) -> Words:
    text = collapse(text)
    matches = list(WORDS.finditer(text))
    ends = [match.start() for match in matches[1:]] + [len(text)]
    return Words(
        tag,
        tuple(match.group() for match in matches),
        tuple(text[match.end() : end] for match, end in zip(matches, ends, strict=True)),
    )


def _plain_blocks(text: str) -> list[Words]:
    return [_split("", line) for line in text.splitlines() if line.strip()]


def _rich_blocks(html: str) -> list[Words]:
    """Leaf blocks: wherever a block begins or ends, the words before it are one."""
    found: list[Words] = []
    open_tags: list[str] = []
    text = ""

    def close_block() -> None:
        nonlocal text
        if text.strip():
            found.append(_split(open_tags[-1] if open_tags else "p", text))
        text = ""

    for kind, tag, words in pieces(html):
        if kind == "text":
            text += words
        elif tag == "br":
            text += " "
        elif tag in BLOCKS:
            close_block()
            if kind == "open":
                open_tags.append(tag)
            elif kind == "close":
                open_tags.pop()
    close_block()
    return found


def _compare(old: Sequence[Words], new: Sequence[Words]) -> list[Block]:
    matcher = SequenceMatcher(None, [o.words for o in old], [n.words for n in new], autojunk=False)
    found: list[Block] = []
    for kind, low, high, first, last in matcher.get_opcodes():
        if kind == "equal":
            found += [_whole(block, SAME) for block in new[first:last]]
        else:
            found += _align(old[low:high], new[first:last])
    return found


def _align(old: Sequence[Words], new: Sequence[Words]) -> Iterator[Block]:
    """Read changed blocks as pairs where they are alike, in order; the others stand alone."""
    at = 0
    for block in new:
        likeness = [_likeness(other, block) for other in old[at : at + LOOK_AHEAD]]
        best = max(likeness, default=0)
        if best < LIKENESS:
            yield _whole(block, PUT_IN)
            continue
        pair = at + likeness.index(best)
        for other in old[at:pair]:
            yield _whole(other, TAKEN_OUT)
        yield _changed(old[pair], block)
        at = pair + 1
    for other in old[at:]:
        yield _whole(other, TAKEN_OUT)


def _likeness(one: Words, other: Words) -> float:
    """How many of their words two blocks share, from 0 to 1."""
    total = len(one.words) + len(other.words)
    shared = (Counter(one.words) & Counter(other.words)).total()
    return 2 * shared / total if total else 0


def _whole(block: Words, kind: str) -> Block:
    return Block(block.tag, [_run(block, kind, 0, len(block.words))])


def _run(block: Words, kind: str, low: int, high: int) -> Run:
    parts = zip(block.words[low:high], (*block.spaces[low : high - 1], ""), strict=True)
    return Run(kind, "".join(word + space for word, space in parts), block.spaces[high - 1])


def _changed(old: Words, new: Words) -> Block:
    """One block as it became another one."""
    runs: list[Run] = []
    for kind, low, high, first, last in _opcodes(old.words, new.words):
        if kind == "equal":
            runs.append(_run(new, SAME, first, last))
            continue
        if low < high:
            runs.append(_run(old, TAKEN_OUT, low, high))
        if first < last:
            # Both stand side by side here, whatever stood after the old words.
            if low < high and not runs[-1].after:
                runs[-1] = Run(TAKEN_OUT, runs[-1].words, " ")
            runs.append(_run(new, PUT_IN, first, last))
    return Block(new.tag, runs)


def _opcodes(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """What SequenceMatcher says of the part that differs, within a bounded time."""
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    low, high = len(old) - end, len(new) - end
    middle_old, middle_new = old[start:low], new[start:high]
    if len(middle_old) * len(middle_new) > MOST_PAIRS:
        middle = [("replace", 0, len(middle_old), 0, len(middle_new))]
    else:
        middle = SequenceMatcher(None, middle_old, middle_new, autojunk=False).get_opcodes()
    found = [("equal", 0, start, 0, start)] if start else []
    found += [(kind, a + start, b + start, c + start, d + start) for kind, a, b, c, d in middle]
    return found + ([("equal", low, len(old), high, len(new))] if end else [])


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words at the beginning are the same."""
    pairs = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _pair in pairs)
