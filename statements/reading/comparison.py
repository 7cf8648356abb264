"""What organisations demand about one event, side by side.

Beside each demand stand the words of those who make it. Everything is counted over the claims
that the page is made of, never stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from statements import languages
from statements.models import Demand
from statements.reading.claims import Claim
from statements.reading.rows import Author

# Beyond this many organisations columns are too narrow to read: a list for each demand follows.
MOST_COLUMNS = 5
# So many claims, or a few more, stand on one page: a demand is never divided between two.
ON_A_PAGE = 60

Key = int | str


@dataclass(frozen=True)
class Order:
    """How a comparison is sorted: what its address asks for, else the first of each."""

    demands: str = "kind"
    organisations: str = "date"

    DEMANDS = {"kind": _("by kind"), "number": _("by number of organisations")}
    ORGANISATIONS = {"date": _("by the day they first spoke"), "name": _("by name")}

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Order:
        known = {"demands": cls.DEMANDS, "organisations": cls.ORGANISATIONS}
        chosen = {name: query.get(name, "") for name in known}
        return cls(**{name: value for name, value in chosen.items() if value in known[name]})

    def address(self, **changes: object) -> str:
        """The query of the same comparison sorted otherwise, or of another page of it."""
        values = {"demands": self.demands, "organisations": self.organisations} | changes
        usual = {"demands": "kind", "organisations": "date", "page": 1}
        return urlencode({name: one for name, one in values.items() if one != usual[name]})

    def choices(self) -> list[tuple[Promise, list[tuple[Promise, str, bool]]]]:
        """What can be sorted, and how: words, the address, whether it is so now."""
        return [
            (heading, [(words, self.address(**{name: key}), key == now) for key, words in ways])
            for heading, name, ways, now in (
                (_("Demands"), "demands", self.DEMANDS.items(), self.demands),
                (
                    _("Organisations"),
                    "organisations",
                    self.ORGANISATIONS.items(),
                    self.organisations,
                ),
            )
        ]


@dataclass
class Cell:
    """What one organisation says of one demand; nothing, where it does not make it."""

    speaker: Author
    claims: list[Claim] = field(default_factory=list)
    is_only: bool = False


@dataclass
class Line:
    """One demand: who makes it, in which words, and the editors' own."""

    demand: Demand
    by_speaker: dict[Key, list[Claim]] = field(default_factory=dict)
    # Each once, however many organisations issued the statement.
    claims: list[Claim] = field(default_factory=list)
    by_editors: list[Claim] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    is_only: bool = False

    @property
    def organisation_count(self) -> int:
        return len(self.by_speaker)

    @property
    def all_claims(self) -> list[Claim]:
        return [*self.claims, *self.by_editors]


@dataclass
class Group:
    """Demands of one kind; without a label where they are not sorted by kind."""

    label: str
    lines: list[Line] = field(default_factory=list)


@dataclass
class Comparison:
    lines: list[Line]
    # The organisations that make a demand, in the order asked for.
    speakers: list[Author]
    has_editors: bool
    order: Order

    @property
    def demand_count(self) -> int:
        return sum(bool(line.claims) for line in self.lines)

    @property
    def editors_count(self) -> int:
        """Demands that only the editors make."""
        return len(self.lines) - self.demand_count

    @property
    def is_table(self) -> bool:
        return len(self.speakers) <= MOST_COLUMNS

    @property
    def column_count(self) -> int:
        return 1 + len(self.speakers) + self.has_editors

    def pages(self) -> list[list[Line]]:
        """The lines, a page after the other: whole demands, until a page has claims enough."""
        pages: list[list[Line]] = [[]]
        size = 0
        for line in self.lines:
            if pages[-1] and size + len(line.all_claims) > ON_A_PAGE:
                pages.append([])
                size = 0
            pages[-1].append(line)
            size += len(line.all_claims)
        return pages

    def groups(self, lines: Iterable[Line]) -> list[Group]:
        """By kind, in the order in which kinds are declared, or all of them together."""
        if self.order.demands != "kind":
            return [Group("", list(lines))]
        groups = {value: Group(str(label)) for value, label in Demand.Kind.choices}
        for line in lines:
            groups[line.demand.kind].lines.append(line)
        return [group for group in groups.values() if group.lines]

    def most_shared(self) -> list[Line]:
        return sorted(self.lines, key=_by_number)


def compare(claims: Iterable[Claim], order: Order | None = None) -> Comparison:
    """Set claims, newest first, side by side."""
    order = order or Order()
    lines: dict[int, Line] = {}
    speakers: dict[Key, Author] = {}
    # The oldest first: in that order organisations spoke.
    for claim in reversed(list(claims)):
        line = lines.setdefault(claim.demand.pk, Line(claim.demand))
        if claim.is_of_editors:
            line.by_editors.append(claim)
            continue
        line.claims.append(claim)
        for key, speaker in (claim.speakers or nobody()).items():
            line.by_speaker.setdefault(key, []).append(claim)
            speakers.setdefault(key, speaker)
    if order.organisations == "name":
        speakers = dict(sorted(speakers.items(), key=lambda item: languages.sort_key(item[1].name)))
        for line in lines.values():
            line.claims.sort(key=_first_name)
    for line in lines.values():
        line.is_only = line.organisation_count == 1 and len(speakers) > 1
        if len(speakers) <= MOST_COLUMNS:
            line.cells = _cells(line, speakers)
    return Comparison(
        lines=sorted(lines.values(), key=_by_number if order.demands == "number" else _by_kind),
        speakers=list(speakers.values()),
        has_editors=any(line.by_editors for line in lines.values()),
        order=order,
    )


def nobody() -> dict[Key, Author]:
    """Who speaks in a statement that names no author."""
    return {"": Author(name=gettext("author not named"))}


def _cells(line: Line, speakers: Mapping[Key, Author]) -> list[Cell]:
    return [
        Cell(speaker, line.by_speaker.get(key, []), line.is_only and key in line.by_speaker)
        for key, speaker in speakers.items()
    ]


KINDS = {kind: place for place, kind in enumerate(Demand.Kind.values)}


def _by_number(line: Line) -> tuple:
    return -line.organisation_count, languages.sort_key(line.demand.name_shown), line.demand.pk


def _by_kind(line: Line) -> tuple:
    return KINDS[line.demand.kind], *_by_number(line)


def _first_name(claim: Claim) -> str:
    return languages.sort_key(next(iter((claim.speakers or nobody()).values())).name)
