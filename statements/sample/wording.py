"""One invented text: its words, its revisions, and the quotations of the demands in it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from statements.markup import CleanHTML, clean
from statements.models import DemandAsMade, Event, Quotation, Revision, Text
from statements.publishing import workflow
from statements.sample.words import COUNT, LANGUAGES

SHORT, LONG = (5, 12), (26, 34)  # sentences of a body
Said = tuple[int, int, int]  # kind of the demand, town, other name


@dataclass
class Blocks:
    """Rich text as (tag, lines); it gives markup and plain words without parsing."""

    blocks: list[tuple[str, list[str]]] = field(default_factory=list)

    def without(self, line: str) -> Blocks:
        kept = [(tag, [one for one in lines if one != line]) for tag, lines in self.blocks]
        return Blocks([(tag, lines) for tag, lines in kept if lines])

    def having(self, tag: str, *lines: str) -> Blocks:
        return Blocks([*self.blocks, (tag, list(lines))])

    @property
    def html(self) -> CleanHTML:
        parts = []
        for tag, lines in self.blocks:
            if tag == "ul":
                items = "".join(f"<li>{line}</li>" for line in lines)
                parts.append(f"<ul>{items}</ul>")
            else:
                parts.append(f"<{tag}>{' '.join(lines)}</{tag}>")
        return clean("\n".join(parts))

    @property
    def plain(self) -> str:
        return " ".join(line for _tag, lines in self.blocks for line in lines)


class Told:
    """The words of one statement in one language."""

    def __init__(
        self,
        code: str,
        made: list[tuple[DemandAsMade, Said]],
        event: Event | None,
        rng: random.Random,
    ) -> None:
        self.vocabulary, self.random = LANGUAGES[code], rng
        self.town = made[0][1][1] if made else rng.randrange(COUNT)
        self.sentences = [(one, self.vocabulary.say(*said)) for one, said in made]
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

    def __init__(self, text: Text, told: Told, state: str, since: datetime | None) -> None:
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

    @property
    def is_public(self) -> bool:
        return self.numbered > 0

    def name(self, spelling: str) -> None:
        """Have every revision name somebody."""
        template = self.told.vocabulary.naming
        line = template.replace("{person}", spelling)
        self.bodies = [body.having("p", line) for body in self.bodies]

    def revisions(self) -> Iterator[Revision]:
        for index, body in enumerate(self.bodies):
            yield self._revision(body, index + 1 if index < self.numbered else None)

    def _revision(self, body: Blocks, number: int | None) -> Revision:
        told = self.told
        revision = Revision(
            text=self.text,
            surtitle=told.surtitle,
            title=told.title,
            introduction=told.introduction.html,
            original_title=told.original_title,
            body=body.html,
            postscript=told.postscript.html,
        )
        if number and self.since:
            revision.number = number
            revision.published_at = self.since + timedelta(30 * (number - 1))
            parts = {name: getattr(revision, name) for name in Revision.FIELDS}
            parts |= {"introduction": told.introduction.plain, "body": body.plain}
            parts["postscript"] = told.postscript.plain
            revision.fingerprint, revision.own_fingerprint = workflow.fingerprints_of(parts)
        return revision

    def quotations(self) -> Iterator[Quotation]:
        told = self.told
        working = self.bodies[-1].plain
        live = self.bodies[self.numbered - 1].plain if self.numbered else ""
        often = 0.9 if self.text.is_leading else 0.5
        for made, line in told.sentences:
            if told.random.random() > often:
                continue
            in_introduction = made.voice == DemandAsMade.Voice.EDITORS
            field_name = "introduction" if in_introduction else "body"
            yield Quotation(
                made=made,
                text=self.text,
                field=field_name,
                words=line,
                in_working=in_introduction or line in working,
                in_live=bool(self.numbered) and (in_introduction or line in live),
            )
