"""The reader of plain text: a printed page, an e-mail, a file of a word processor.

It guesses what each paragraph is; an editor confirms the guesses. It never drops a word: what
is no part of the text is among the passages too, as an appeal or a page mark.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence

from statements import plain
from statements.importers import layout
from statements.importers.decoding import decode
from statements.importers.draft import (
    SENTENCE_ENDS,
    Draft,
    NotReadable,
    Part,
    Passage,
    Seen,
    sentences,
)
from statements.importers.layout import Block
from statements.importers.phrases import (
    BULLET,
    DEMANDING,
    POSTSCRIPT,
    is_site_appeal,
    likely_language,
)
from statements.models import DemandAsMade, Quotation, Suggestion

LONGEST_TITLE = 300
LONGEST_OWN_TITLE = 150
LONGEST_NAME = 100
LONGEST_QUOTATION = 2000
SHORTEST_APPEAL = 20
MOST_WORDS_OF_A_NAME = 12
MOST_WORDS_OF_A_SLOGAN = 15
MOST_BLOCKS_OF_AN_INTRODUCTION = 4
# A line this much shorter than the others was ended on purpose.
SHORT = 0.75
ACRONYM = re.compile(r"(?:\w\. ?)+")


def read(data: bytes, *, language: str = "", appeals: Sequence[str] = ()) -> Draft:
    """What a plain-text file holds. Raises NotReadable and nothing else.

    `appeals` are the site's own donation appeals, as plain words.
    """
    text = decode(data)
    blocks = layout.blocks(text)
    _find_parts(blocks, [plain.collapse(appeal) for appeal in appeals])
    known = layout.vocabulary(text)
    draft = Draft(
        passages=[Passage(block.part, _words(block, known)) for block in blocks],
        language=language or likely_language(text),
        fingerprint=hashlib.sha256(plain.collapse(text).encode()).hexdigest(),
    )
    if not re.search(r"\w", draft.title) or len(plain.line(draft.title)) > LONGEST_TITLE:
        raise NotReadable(
            "The file has no title: it must begin with a line of words,"
            f" at most {LONGEST_TITLE} letters long."
        )
    doubtful = [word for block in blocks for word in block.doubtful]
    draft.seen = [*_notes(draft, doubtful), *_demands(draft)]
    return draft


def _words(block: Block, known: set[str]) -> str:
    keeps_lines = block.part is Part.SIGNATURE or (
        block.part is Part.SLOGAN and all(_ends_sentence(line) for line in block.lines)
    )
    return "\n".join(block.lines) if keeps_lines else layout.join(block, known)


# What each block is


def _find_parts(blocks: list[Block], appeals: list[str]) -> None:
    """Give every block its part; a title that stands on its text is cut off from it."""
    printed = layout.width(blocks)
    text = [block for block in blocks if block.part is not Part.PAGE_MARK]
    if not text:
        return
    if len(text[0].lines) > 1 and _is_heading_on_text(text[0], printed):
        _cut_heading(blocks, text, 0)
    text[0].part = Part.TITLE
    text = text[1:]
    text = text[: _find_postscript(text, appeals)]
    text = text[_find_introduction(blocks, text, printed) :]
    text = text[: _find_signature(text)]
    for block in reversed(text):
        if not _is_slogans(block):
            break
        block.part = Part.SLOGAN


def _cut_heading(blocks: list[Block], text: list[Block], index: int) -> None:
    block = text[index]
    heading = Block([block.lines.pop(0)])
    blocks.insert(_place(blocks, block), heading)
    text.insert(index, heading)


def _place(blocks: list[Block], block: Block) -> int:
    return next(place for place, one in enumerate(blocks) if one is block)


def _find_postscript(text: list[Block], appeals: list[str]) -> int:
    """Mark what follows the text, and say where that begins."""
    start = next(
        (place for place, block in enumerate(text) if POSTSCRIPT.match(block.lines[0])), len(text)
    )
    is_appeal = is_site_appeal(" ".join(line for block in text[start:] for line in block.lines))
    for block in text[start:]:
        block.part = Part.APPEAL if is_appeal else Part.POSTSCRIPT
    while start and _is_known_appeal(text[start - 1], appeals):
        start -= 1
        text[start].part = Part.APPEAL
    return start


def _is_known_appeal(block: Block, appeals: list[str]) -> bool:
    words = plain.collapse(" ".join(block.lines))
    return len(words) >= SHORTEST_APPEAL and any(words in appeal for appeal in appeals)


def _find_introduction(blocks: list[Block], text: list[Block], printed: int) -> int:
    """Mark the editors' introduction and the title after it; say where the text begins.

    Without a second title there is none, and everything is the organisation's.
    """
    for place, block in enumerate(text[: MOST_BLOCKS_OF_AN_INTRODUCTION + 1]):
        if not any(_is_prose(before) for before in text[:place]):
            continue
        if len(block.lines) > 1 and _is_heading_on_text(block, printed):
            _cut_heading(blocks, text, place)
        elif not (
            len(block.lines) == 1
            and _is_heading(block.lines[0])
            and any(_is_prose(after) for after in text[place + 1 : place + 2])
        ):
            continue
        for before in text[:place]:
            before.part = Part.INTRODUCTION
        text[place].part = Part.ORIGINAL_TITLE
        return place + 1
    return 0


def _is_heading(line: str) -> bool:
    return (
        len(line) <= LONGEST_OWN_TITLE
        and any(letter.isalpha() for letter in line)
        and not line[0].islower()
        and not _ends_sentence(line)
        and not line.endswith((",", ";", ":"))
        and not BULLET.match(line)
    )


def _is_heading_on_text(block: Block, printed: int) -> bool:
    """Whether the first line is a title: the next word would have had room in it."""
    first, second = block.lines[:2]
    room = len(first) + 1 + len(second.split()[0])
    return (
        _is_heading(first)
        and len(first) <= SHORT * printed
        and room <= printed
        and not second[0].islower()
        and not BULLET.match(second)
        # Names and a date that close a text are no title of anything.
        and _is_prose(Block(block.lines[1:]))
    )


def _is_prose(block: Block) -> bool:
    size = sum(len(line) for line in block.lines)
    return size > LONGEST_OWN_TITLE or block.lines[-1].endswith((*SENTENCE_ENDS, ":"))


def _find_signature(text: list[Block]) -> int:
    """Mark the lines of names that close the text; say where they begin."""
    start = len(text)
    while start > 1 and all(_is_name(line) for line in text[start - 1].lines):
        start -= 1
        text[start].part = Part.SIGNATURE
        if any(is_author(line) for line in text[start].lines):
            break
    return start


def _is_name(line: str) -> bool:
    return (
        len(line) <= LONGEST_NAME
        and len(line.split()) <= MOST_WORDS_OF_A_NAME
        and not (line.endswith((*SENTENCE_ENDS, ",", ";")) and not ACRONYM.fullmatch(line))
        and not BULLET.match(line)
    )


def is_author(line: str) -> bool:
    """Whether a signature's line is a name: not a date, not "Signed by:"."""
    return not line.endswith(":") and not any(letter.isdigit() for letter in line)


def _is_slogans(block: Block) -> bool:
    return all(_is_slogan(words) for words in sentences(" ".join(block.lines)))


def _is_slogan(words: str) -> bool:
    bare = words.rstrip("\"'”’»)")
    return bare.endswith(("!", "！")) and len(words.split()) <= MOST_WORDS_OF_A_SLOGAN


def _ends_sentence(line: str) -> bool:
    return line.rstrip("\"'”’»)").endswith(tuple(SENTENCE_ENDS))


# What an editor should look at


def _notes(draft: Draft, doubtful: list[str]) -> Iterator[Seen]:
    kinds = Suggestion.Kind
    if draft.original_title:
        yield Seen(kinds.OWN_TITLE, draft.original_title, Quotation.Field.ORIGINAL_TITLE)
    for word in doubtful:
        yield Seen(kinds.HYPHEN, word)
    for words in draft.of(Part.PAGE_MARK):
        yield Seen(kinds.PAGE_MARK, words)
    if draft.appeal:
        yield Seen(kinds.APPEAL, "\n\n".join(draft.appeal))
    if not draft.signature:
        yield Seen(kinds.NO_SIGNATURE)
    for line in draft.signature:
        if not is_author(line):
            yield Seen(kinds.NOT_AN_AUTHOR, line)


def _demands(draft: Draft) -> Iterator[Seen]:
    """Each sentence that seems to demand something, with its voice, in reading order."""
    for passage in draft.passages:
        if passage.part is Part.INTRODUCTION:
            field, voice = Quotation.Field.INTRODUCTION, DemandAsMade.Voice.EDITORS
        elif passage.part in (Part.BODY, Part.SLOGAN):
            field, voice = Quotation.Field.BODY, DemandAsMade.Voice.ORGANISATION
        else:
            continue
        for words in sentences(passage.words):
            is_own_slogan = voice == DemandAsMade.Voice.ORGANISATION and _is_slogan(words)
            if len(words) <= LONGEST_QUOTATION and (is_own_slogan or DEMANDING.search(words)):
                yield Seen(Suggestion.Kind.DEMAND, words, field, voice)
