"""One invented text: its words, its revisions, and the quotations of the demands in it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from statements.models import DemandAsMade, Quotation, Revision
from statements.publishing import workflow
from statements.sample.rows import Row, Rows
from statements.sample.words import COUNT, Vocabulary

SHORT, LONG = (5, 12), (26, 34)  # sentences of a body
EDITORS = DemandAsMade.Voice.EDITORS.value


@dataclass
class Blocks:
    """Rich text as (tag, lines); it gives markup and plain words without parsing.

    The lines are the vocabulary's, without a character that markup would escape; a test holds
    that cleaning changes nothing of it.
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
            if tag == "ul":
                items = "".join(f"<li>{line}</li>" for line in lines)
                parts.append(f"<ul>{items}</ul>")
            else:
                parts.append(f"<{tag}>{' '.join(lines)}</{tag}>")
        return "\n".join(parts)

    @property
    def plain(self) -> str:
        return " ".join(line for _tag, lines in self.blocks for line in lines)


class Told:
    """The words of one statement in one language."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        code: str,
        made: list[Row],
        event: Row | None,
        rng: random.Random,
    ) -> None:
        self.vocabulary, self.random = vocabulary, rng
        self.town = made[0].demand_id.said[1] if made else rng.randrange(COUNT)
        self.sentences = [(one, vocabulary.say(*one.demand_id.said)) for one in made]
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
        theirs = [line for one, line in self.sentences if one.voice == EDITORS]
        if theirs or self.random.random() < 0.3:
            return Blocks([("p", [self.vocabulary.introduction, *theirs])])
        return Blocks()

    def _body(self) -> Blocks:
        demands = [line for one, line in self.sentences if one.voice != EDITORS]
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
        self.text, self.told = text, told
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

    def write(self, rows: Rows) -> None:
        """Add the revisions and quotations, and say which revisions work and live."""
        revisions = [
            self._revision(rows, body, index + 1 if index < self.numbered else None)
            for index, body in enumerate(self.bodies)
        ]
        self.first_revision = revisions[0]
        self.text.working_revision_id = revisions[-1]
        self.text.live_revision_id = revisions[self.numbered - 1] if self.numbered else None
        self._quote(rows)

    def _revision(self, rows: Rows, body: Blocks, number: int | None) -> Row:
        told = self.told
        revision = rows.add(
            Revision,
            text_id=self.text,
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
            parts = {name: getattr(revision, name, "") for name in Revision.FIELDS}
            parts |= {"introduction": told.introduction.plain, "body": body.plain}
            parts["postscript"] = told.postscript.plain
            revision.fingerprint, revision.own_fingerprint = workflow.fingerprints_of(parts)
        return revision

    def _quote(self, rows: Rows) -> None:
        told = self.told
        working = self.bodies[-1].plain
        live = self.bodies[self.numbered - 1].plain if self.numbered else ""
        often = 0.9 if self.text.is_leading else 0.5
        for made, line in told.sentences:
            if told.random.random() > often:
                continue
            in_introduction = made.voice == EDITORS
            rows.add(
                Quotation,
                made_id=made,
                text_id=self.text,
                field="introduction" if in_introduction else "body",
                words=line,
                in_working=in_introduction or line in working,
                in_live=bool(self.numbered) and (in_introduction or line in live),
            )
