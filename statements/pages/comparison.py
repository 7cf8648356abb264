"""What organisations demand about one event, side by side.

Beside each demand stand the words of those who make it. Everything is counted over the claims
that the page shows, never stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext

from statements.models import Demand
from statements.pages.claims import Claim
from statements.pages.rows import Author

# Beyond this many organisations columns are too narrow to read: a list for each demand follows.
MOST_COLUMNS = 5
MOST_DEMANDS = 100
# In the list, how many organisations' words stand under one demand.
MOST_IN_LIST = 5

Key = int | str


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
    claims: dict[Key, list[Claim]] = field(default_factory=dict)
    by_editors: list[Claim] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)

    @property
    def organisation_count(self) -> int:
        return len(self.claims)

    @property
    def more(self) -> int:
        """How many more organisations make it than are shown."""
        return len(self.claims) - len(self.cells)


@dataclass
class Group:
    """Demands of one kind."""

    label: str
    lines: list[Line] = field(default_factory=list)


@dataclass
class Comparison:
    groups: list[Group]
    # The organisations that make a demand, in the order in which they first spoke.
    speakers: list[Author]
    has_editors: bool
    demand_count: int
    # Demands that only the editors make.
    editors_count: int
    # How many demands are not shown, because there are too many.
    hidden_count: int

    @property
    def is_table(self) -> bool:
        return len(self.speakers) <= MOST_COLUMNS

    @property
    def column_count(self) -> int:
        return 1 + len(self.speakers) + self.has_editors


def compare(claims: Iterable[Claim]) -> Comparison:
    """Set claims, newest first, side by side."""
    lines: dict[int, Line] = {}
    speakers: dict[Key, Author] = {}
    for claim in claims:
        line = lines.setdefault(claim.demand.pk, Line(claim.demand))
        if claim.is_of_editors:
            line.by_editors.append(claim)
            continue
        for key, speaker in (claim.speakers or nobody()).items():
            line.claims.setdefault(key, []).append(claim)
            speakers.setdefault(key, speaker)
    ranked = sorted(lines.values(), key=lambda line: (-len(line.claims), line.demand.name_shown))
    shown = ranked[:MOST_DEMANDS]
    in_order = dict(reversed(speakers.items()))
    is_table = len(speakers) <= MOST_COLUMNS
    for line in shown:
        line.cells = _cells(line, in_order, is_table)
    return Comparison(
        groups=_grouped(shown),
        speakers=list(in_order.values()),
        has_editors=any(line.by_editors for line in shown),
        demand_count=sum(bool(line.claims) for line in lines.values()),
        editors_count=sum(not line.claims for line in lines.values()),
        hidden_count=len(ranked) - len(shown),
    )


def nobody() -> dict[Key, Author]:
    """Who speaks in a statement that names no author."""
    return {"": Author(name=gettext("author not named"))}


def _cells(line: Line, speakers: dict[Key, Author], is_table: bool) -> list[Cell]:
    """In a table a cell for every organisation; in a list only the first that make the demand."""
    is_only = len(line.claims) == 1 and len(speakers) > 1
    if is_table:
        return [
            Cell(speaker, line.claims.get(key, []), is_only and key in line.claims)
            for key, speaker in speakers.items()
        ]
    keys = list(line.claims)[:MOST_IN_LIST]
    return [Cell(speakers[key], line.claims[key], is_only) for key in keys]


def _grouped(lines: list[Line]) -> list[Group]:
    """By kind, in the order in which kinds are declared."""
    groups = {value: Group(str(label)) for value, label in Demand.Kind.choices}
    for line in lines:
        groups[line.demand.kind].lines.append(line)
    return [group for group in groups.values() if group.lines]
