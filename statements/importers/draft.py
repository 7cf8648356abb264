"""What a reader of any format gives and the writer of drafts takes: words, each with its part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from statements.models import Suggestion

SENTENCE_ENDS = ".!?…؟。！？।"
# A sentence ends where a new one may begin: never before a small letter.
BETWEEN_SENTENCES = re.compile(rf"(?<=[{SENTENCE_ENDS}])(?P<closing>[\"'”’»)\]]*)\s+")


class NotReadable(Exception):
    """The file is not what the reader reads; the message says why, in one line."""


class Part(StrEnum):
    """What a passage is; the first five are words of the text, in this order."""

    TITLE = "title"
    INTRODUCTION = "introduction"
    ORIGINAL_TITLE = "original_title"
    BODY = "body"
    SLOGAN = "slogan"
    SIGNATURE = "signature"
    POSTSCRIPT = "postscript"
    APPEAL = "appeal"
    PAGE_MARK = "page_mark"


@dataclass(frozen=True)
class Passage:
    """A paragraph with its part. Lines of the page are joined; a line feed is a meant break."""

    part: Part
    words: str


@dataclass(frozen=True)
class Seen:
    """A suggestion or note, before it is stored: see the model for what the kinds say."""

    kind: Suggestion.Kind
    words: str = ""
    field: str = ""
    voice: str = ""


@dataclass
class Draft:
    """The words of a file in reading order, nothing left out, and what was seen in them."""

    passages: list[Passage]
    language: str
    # SHA-256 of the words: the same text in another layout or encoding is the same file.
    fingerprint: str
    seen: list[Seen] = field(default_factory=list)

    def of(self, *parts: Part) -> list[str]:
        return [passage.words for passage in self.passages if passage.part in parts]

    @property
    def title(self) -> str:
        return " ".join(self.of(Part.TITLE))

    @property
    def introduction(self) -> list[str]:
        return self.of(Part.INTRODUCTION)

    @property
    def original_title(self) -> str:
        return " ".join(self.of(Part.ORIGINAL_TITLE))

    @property
    def body(self) -> list[str]:
        """The organisation's own paragraphs, slogans and signature among them."""
        return self.of(Part.BODY, Part.SLOGAN, Part.SIGNATURE)

    @property
    def slogans(self) -> list[str]:
        return [slogan for words in self.of(Part.SLOGAN) for slogan in sentences(words)]

    @property
    def signature(self) -> list[str]:
        """The lines under the text, one name a line."""
        return [line for words in self.of(Part.SIGNATURE) for line in words.split("\n")]

    @property
    def postscript(self) -> list[str]:
        return self.of(Part.POSTSCRIPT)

    @property
    def appeal(self) -> list[str]:
        """A site's own donation appeal: read, and left out of the text."""
        return self.of(Part.APPEAL)


def sentences(words: str) -> Iterator[str]:
    """The sentences of a paragraph, each exactly as it stands there but for line breaks."""
    words = " ".join(words.split())
    start = 0
    for match in BETWEEN_SENTENCES.finditer(words):
        following = words[match.end() : match.end() + 1]
        if not following.islower():
            yield words[start : match.end("closing")]
            start = match.end()
    if words[start:]:
        yield words[start:]
