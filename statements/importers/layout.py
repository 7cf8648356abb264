"""From the lines of a printed page to its paragraphs: joined again, no word altered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from statements.importers.draft import SENTENCE_ENDS, Part
from statements.importers.phrases import AND_OR, BARE_NUMBER, BULLET, PAGE_MARK, POSTSCRIPT

# A line longer than this was not broken by a printer.
LONGEST_PRINTED_LINE = 160
WORD = re.compile(r"\w+(?:[-‐]\w+)*")
HYPHENS = ("-", "‐")
LONGEST_WORD = 80


@dataclass
class Block:
    """Lines that stand together on the page."""

    lines: list[str]
    part: Part = Part.BODY
    # Words around a hyphen at a line's end, where nothing shows whether it belongs.
    doubtful: list[str] = field(default_factory=list)


def blocks(text: str) -> list[Block]:
    """The blocks of a text in order, page marks apart.

    A block ends at a blank line, before an indented line and before a postscript's "PS:"; one
    that a page's end cuts in mid-sentence goes on. Where the lines are not a printer's, each is
    a block.
    """
    found: list[Block] = []
    current: Block | None = None
    is_unwrapped = _is_unwrapped(text)
    was_indented = False
    for raw, is_mark, after_blank, after_turn in _lines(text):
        line = raw.strip()
        if is_mark:
            found.append(Block([line], Part.PAGE_MARK))
            continue
        is_indented = raw.startswith(("\t", "  "))
        is_opening = (
            current is None
            or is_unwrapped
            or POSTSCRIPT.match(line)
            or (after_blank and not (after_turn and _goes_on(current, line)))
            or (is_indented and not was_indented and not BULLET.match(current.lines[-1]))
        )
        if is_opening or current is None:
            current = Block([])
            found.append(current)
        current.lines.append(line)
        was_indented = is_indented
    return found


def _lines(text: str) -> Iterator[tuple[str, bool, bool, bool]]:
    """Each line with words: is it a page mark, does it follow a blank line, a page's turn?"""
    pages = text.split("\f")
    after_blank = after_turn = False
    for number, page in enumerate(pages):
        after_turn = after_turn or number > 0
        lines = page.split("\n")
        filled = [index for index, line in enumerate(lines) if line.strip()]
        edges = {filled[0], filled[-1]} if filled and len(pages) > 1 else set()
        for index, line in enumerate(lines):
            words = line.strip()
            if not words:
                after_blank = True
                continue
            is_mark = bool(
                PAGE_MARK.fullmatch(words) or (index in edges and BARE_NUMBER.fullmatch(words))
            )
            yield line, is_mark, after_blank, after_turn
            after_turn = is_mark
            after_blank = after_blank and is_mark


def _is_unwrapped(text: str) -> bool:
    lines = [len(line.strip()) for line in text.splitlines()]
    return sum(size for size in lines if size > LONGEST_PRINTED_LINE) * 2 > sum(lines)


def _goes_on(block: Block, line: str) -> bool:
    return not block.lines[-1].endswith((*SENTENCE_ENDS, ":")) and line[0].islower()


def width(found: Iterable[Block]) -> int:
    """How long the printer's lines are: the middle one of those that do not end a block."""
    sizes = sorted(len(line) for block in found for line in block.lines[:-1])
    return sizes[len(sizes) // 2] if sizes else 0


def vocabulary(text: str) -> set[str]:
    return {word.casefold() for word in WORD.findall(text)}


def join(block: Block, known: set[str]) -> str:
    """A block's words as one paragraph; a line of a list keeps its own line.

    A hyphen at a line's end goes only where the word stands without it elsewhere in the text
    or where it is a soft one; otherwise it stays, and is noted as doubtful.
    """
    words = [block.lines[0]]
    for line in block.lines[1:]:
        before = words[-1]
        if BULLET.match(line):
            words += ["\n", line]
        elif before.endswith("\u00ad"):
            words[-1] = before[:-1]
            words.append(line)
        elif (head := _cut_word(before)) and line[0].isalpha() and not AND_OR.match(line):
            words[-1] = _before_hyphen(block, before, head, line, known)
            words.append(line)
        else:
            words += [" ", line]
    return "".join(words)


def _cut_word(line: str) -> str:
    """The beginning of the word that a hyphen at a line's end cuts; empty where none does."""
    if not line.endswith(HYPHENS):
        return ""
    found = re.search(r"\w+$", line[-LONGEST_WORD:-1])
    return found.group() if found else ""


def _before_hyphen(block: Block, before: str, head: str, line: str, known: set[str]) -> str:
    tail = re.match(r"\w+", line)
    rest = tail.group() if tail else ""
    if f"{head}{rest}".casefold() in known:
        return before[:-1]
    if f"{head}-{rest}".casefold() not in known:
        block.doubtful.append(f"{head}-{rest}")
    return before
