"""One invented text: its words, its revisions, and the quotations of the demands in it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape

from statements.models import DemandAsMade, Revision
from statements.publishing import wording
from statements.sample.rows import Row
from statements.sample.vocabulary import COUNT
from statements.sample.words import LANGUAGES

SHORT, LONG = (5, 12), (26, 34)  # sentences of a body


@dataclass
class Blocks:
    """Rich text as (tag, lines); it gives markup and plain words without parsing.

    The lines are words without markup, of known sentences: escaped, they are as `clean` leaves
    them, so nothing is cleaned here. A test holds it.
    """

    blocks: list[tuple[str, list[str]]] = field(default_factory=list)

    def without(self, line: str) -> Blocks:
        kept = [(tag, [one for one in lines if one != line]) for tag, lines in self.blocks]
        return Blocks([(tag, lines) for tag, lines in kept if lines])

    def having(self, tag: str, *lines: str) -> Blocks:
        return Blocks([*self.blocks, (tag, list(lines))])

    @property
    def html(self) -> str:
        parts = []
        for tag, lines in self.blocks:
            words = [escape(line, quote=False) for line in lines]
            if tag == "ul":
                inner = "".join(f"<li>{line}</li>" for line in words)
            else:
                inner = " ".join(words)
            parts.append(f"<{tag}>{inner}</{tag}>")
        return "\n".join(parts)

    @property
    def plain(self) -> str:
        return " ".join(line for _tag, lines in self.blocks for line in lines)


class Told:
    """The words of one statement in one language."""

    def __init__(
        self,
        code: str,
        made: list[Row],
        event: Row | None,
        rng: random.Random,
    ) -> None:
        self.code, self.vocabulary, self.random = code, LANGUAGES[code], rng
        self.town = made[0].demand.said[1] if made else rng.randrange(COUNT)
        self.sentences = [(one, self.vocabulary.say(*one.demand.said)) for one in made]
        self.title = self._fill(rng.choice(self.vocabulary.titles))
        self.surtitle = event.name if event and event.language == code else ""
        titles = self.vocabulary.titles
        self.original_title = self._fill(rng.choice(titles)) if rng.random() < 0.3 else ""
        self.introduction = self._introduction()
        self.body = self._body()
        self.postscript = Blocks()
        if rng.random() < 0.1:
            self.postscript = Blocks([("p", [self.vocabulary.postscript])])

    def _fill(self, template: str) -> str:
        return self.vocabulary.fill(template, self.town)

    def sentence(self) -> str:
        return self._fill(self.random.choice(self.vocabulary.sentences))

    def _introduction(self) -> Blocks:
        editors = DemandAsMade.Voice.EDITORS
        theirs = [line for one, line in self.sentences if one.voice == editors]
        if theirs or self.random.random() < 0.3:
            return Blocks([("p", [self.vocabulary.introduction, *theirs])])
        return Blocks()

    def _body(self) -> Blocks:
        editors = DemandAsMade.Voice.EDITORS
        demands = [line for one, line in self.sentences if one.voice != editors]
        low, high = LONG if self.random.random() < 0.15 else SHORT
        lines = [self.sentence() for _n in range(self.random.randrange(low, high))]
        blocks = [("p", lines[first : first + 4]) for first in range(0, len(lines), 4)]
        if low == LONG[0]:
            blocks.insert(3, ("h2", [self._fill(self.vocabulary.titles[1])]))
        if len(demands) > 1 and self.random.random() < 0.5:
            blocks.append(("ul", demands))
        else:
            for line in demands:
                self.random.choice(blocks)[1].append(line)
        return Blocks(blocks)


class Draft:
    """A text with its revisions; `state` is published, draft, or over (draft over published)."""

    def __init__(self, text: Row, told: Told, state: str, since: datetime | None) -> None:
        self.text, self.told, self.state = text, told, state
        self.since = None if state == "draft" else since
        self.bodies: list[Blocks] = [told.body]
        self.numbered = 1 if self.since else 0
        rng = told.random
        if self.since and rng.random() < 0.1:
            self.bodies.append(told.body.having("p", told.sentence(), told.sentence()))
            self.numbered = 2
        if self.since and state == "over":
            working = self.bodies[-1].having("p", told.sentence())
            if told.sentences and rng.random() < 0.3:
                working = working.without(told.sentences[0][1])
            self.bodies.append(working)

    def name(self, spelling: str) -> None:
        """Have every revision name somebody."""
        template = self.told.vocabulary.naming
        line = template.replace("{person}", spelling)
        self.bodies = [body.having("p", line) for body in self.bodies]

    def revisions(self) -> Iterator[dict[str, object]]:
        """The columns of each, in the order in which they were saved."""
        for index, body in enumerate(self.bodies):
            yield self._revision(body, index + 1 if index < self.numbered else None)

    def _revision(self, body: Blocks, number: int | None) -> dict[str, object]:
        told = self.told
        line = {"surtitle": told.surtitle, "title": told.title}
        line |= {"subtitle": "", "original_title": told.original_title}
        rich = {"introduction": told.introduction, "body": body, "postscript": told.postscript}
        values = {"text_id": self.text.id, **line, **{name: rich[name].html for name in rich}}
        if number and self.since:
            plain = line | {name: rich[name].plain for name in rich}
            parts = {name: plain[name] for name in Revision.FIELDS}
            fingerprint, own = wording.fingerprints_of(parts)
            values |= {"number": number, "fingerprint": fingerprint, "own_fingerprint": own}
            values["published_at"] = self.since + timedelta(30 * (number - 1))
            # A kind that the register of corrections has no entry of.
            values["change"] = Revision.Change.TYPOGRAPHICAL if number > 1 else ""
        return values

    def quotations(self) -> Iterator[dict[str, object]]:
        told = self.told
        working = self.bodies[-1].plain
        live = self.bodies[self.numbered - 1].plain if self.numbered else ""
        often = 0.9 if self.text.is_leading else 0.5
        for made, line in told.sentences:
            if told.random.random() > often:
                continue
            is_introduced = made.voice == DemandAsMade.Voice.EDITORS
            yield {
                "made_id": made.id,
                "text_id": self.text.id,
                "field": "introduction" if is_introduced else "body",
                "words": line,
                "in_working": is_introduced or line in working,
                "in_live": bool(self.numbered) and (is_introduced or line in live),
            }
