"""A timeline as a drawing: places in per cent, heights by the size of its letters.

Without a `viewBox`, so that nothing shrinks on a narrow screen, and whoever needs larger letters
has them with as much room: heights are fourteenths of a letter's, which the template writes as
`em`. In a right-to-left language the axis runs from right to left. The numbers are written into
attributes: no style is in the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import get_language_bidi

from statements import languages
from statements.dates import PartialDate
from statements.models import Event
from statements.reading.timeline import Entry, Timeline, words_of_day

# The axis leaves room for a mark on each side.
EDGE = 4.0
EVENT_HEIGHT, ROW_HEIGHT, BAR_HEIGHT, LABEL_HEIGHT = 44, 26, 64, 30
# Marks are 20 fourteenths of a letter wide: so much of the narrowest drawing that is shown.
MARK_WIDTH = 7.5
MOST_EVENTS = 8
# With more marks above each other than this they are counted instead.
MOST_ROWS = 5
MOST_LETTERS = 40


@dataclass(frozen=True)
class Line:
    """A stretch of time: drawn through where it is known, dotted where its end is open."""

    x1: str
    x2: str
    y: int
    is_open: bool = False


@dataclass(frozen=True)
class Mark:
    """An entry by its number in the table: round, or square for a person."""

    x: str
    y: int
    number: int
    is_square: bool = False

    @property
    def text_y(self) -> int:
        return self.y + 5


@dataclass(frozen=True)
class Bar:
    x: str
    width: str
    y: int
    height: int


@dataclass(frozen=True)
class Words:
    """Words at an edge of the drawing, or in the middle of it."""

    x: str
    y: int
    words: str
    anchor: str = "start"
    language: str = ""
    direction: str = ""


@dataclass
class Drawing:
    height: int = 0
    first: str = ""
    last: str = ""
    lines: list[Line] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    labels: list[Words] = field(default_factory=list)
    lanes: list[Words] = field(default_factory=list)
    numbers: list[Words] = field(default_factory=list)
    ticks: list[Words] = field(default_factory=list)
    # Events that have no line of their own; they are in the table.
    hidden_count: int = 0
    is_grouped: bool = False
    # What each of the bars counts: a day, a month or a year.
    precision: str = ""

    # The edges of the drawing where lines of the page begin and end.
    start: str = "0"
    end: str = "100%"

    @property
    def axis_y(self) -> int:
        return self.height - 30


class Axis:
    """Days as places from one edge to the other, in the direction of the language."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.span = first, max((last - first).days, 1)
        self.is_point = first == last
        self.is_mirrored = get_language_bidi()

    def at(self, day: date) -> float:
        """Along the axis, in the direction of reading."""
        if self.is_point:
            return 50.0
        return EDGE + (100 - 2 * EDGE) * (day - self.first).days / self.span

    def place(self, along: float) -> str:
        return f"{100 - along if self.is_mirrored else along:.2f}%"


def draw(timeline: Timeline) -> Drawing | None:
    """None where nothing has a day, or there is only one entry to draw."""
    bounds = timeline.bounds
    if not bounds or len(timeline.table) < 2:
        return None
    axis = Axis(*bounds)
    rows = {kind: _rows(timeline, kind, axis) for kind in timeline.lanes}
    is_grouped = timeline.is_grouped or any(len(lane) > MOST_ROWS for lane in rows.values())
    drawing = Drawing(
        first=words_of_day(bounds[0]), last=words_of_day(bounds[1]), is_grouped=is_grouped
    )
    drawing.precision = timeline.precision
    drawing.start, drawing.end = axis.place(0), axis.place(100)
    drawing.hidden_count = max(len(timeline.events) - MOST_EVENTS, 0)
    y = 0
    for entry in timeline.events[:MOST_EVENTS]:
        _draw_event(drawing, axis, entry, y)
        y += EVENT_HEIGHT
    for kind, words in timeline.lanes.items():
        y += LABEL_HEIGHT
        drawing.lanes.append(_label(axis, words, y - 8))
        if is_grouped:
            y = _draw_bars(drawing, axis, timeline, kind, y)
        else:
            y = _draw_rows(drawing, axis, rows[kind], y)
    drawing.height = y + 44
    _draw_ticks(drawing, axis, bounds)
    return drawing


def _draw_event(drawing: Drawing, axis: Axis, entry: Entry, top: int) -> None:
    event, y = entry.record, top + 30
    words = entry.told.title
    if len(words) > MOST_LETTERS:
        words = words[: MOST_LETTERS - 1].rstrip() + "…"
    drawing.labels.append(_label(axis, words, top + 14, entry.told.language))
    start, end = event.start or event.end, event.end
    at = _draw_stretch(drawing, axis, _stretch(event, start, end), y)
    drawing.marks.append(Mark(axis.place(at), y, entry.number))


def _stretch(
    event: Event, start: PartialDate, end: PartialDate | None
) -> tuple[date | None, date | None]:
    """From its first day to its last; None where that is open."""
    if end:
        return start.earliest, end.latest
    return start.earliest, None if event.is_ongoing else start.latest


def _draw_stretch(
    drawing: Drawing, axis: Axis, stretch: tuple[date | None, date | None], y: int
) -> float:
    """Draw from one day to another, dotted to the edge of the axis where one is open.

    The place of the mark is the first day that is known.
    """
    first, last = stretch
    known = first or last
    if not known:
        return 50.0
    begin, finish = axis.at(first or known), axis.at(last or known)
    if first is None:
        drawing.lines.append(Line(axis.place(0), axis.place(finish), y, is_open=True))
    if last is None:
        drawing.lines.append(Line(axis.place(begin), axis.place(100), y, is_open=True))
    if first and last and first != last:
        drawing.lines.append(Line(axis.place(begin), axis.place(finish), y))
    return begin


def _rows(timeline: Timeline, kind: str, axis: Axis) -> list[list[Entry]]:
    """The entries of a lane in as many rows as it takes that no mark lies on another."""
    rows: list[list[Entry]] = []
    ends: list[float] = []
    for entry in timeline.entries if not timeline.is_grouped else ():
        if entry.kind != kind or not entry.day:
            continue
        at = axis.at(entry.sort_day)
        free = next((row for row, end in enumerate(ends) if at - end >= MARK_WIDTH), len(rows))
        if free == len(rows):
            rows.append([])
            ends.append(at)
        rows[free].append(entry)
        ends[free] = at
    return rows


def _draw_rows(drawing: Drawing, axis: Axis, rows: list[list[Entry]], y: int) -> int:
    for row in rows:
        middle = y + ROW_HEIGHT // 2
        for entry in row:
            _draw_stretch(drawing, axis, (entry.day.earliest, entry.day.latest), middle)
            at = axis.place(axis.at(entry.sort_day))
            drawing.marks.append(Mark(at, middle, entry.number, entry.kind == "person"))
        y += ROW_HEIGHT
    return y


def _draw_bars(drawing: Drawing, axis: Axis, timeline: Timeline, kind: str, y: int) -> int:
    periods = [one for one in timeline.periods if one.counts[kind]]
    highest = max(periods, key=lambda one: one.counts[kind])
    most = highest.counts[kind]
    bottom = y + BAR_HEIGHT
    for one in periods:
        first, last = axis.at(max(one.day.earliest, axis.first)), axis.at(one.day.latest)
        width = min(max(min(last, 100 - EDGE) - first, 1.2), 6)
        middle = min((first + min(last, 100 - EDGE)) / 2, 100 - EDGE)
        height = max(round((BAR_HEIGHT - 18) * one.counts[kind] / most), 3)
        start = axis.place(middle + width / 2 if axis.is_mirrored else middle - width / 2)
        drawing.bars.append(Bar(start, f"{width:.2f}%", bottom - height, height))
        # Every bar has its number in the table; here only the highest, which is the scale.
        if one is highest:
            top = bottom - height - 4
            drawing.numbers.append(Words(axis.place(middle), top, str(most), "middle"))
    drawing.lines.append(Line(axis.place(0), axis.place(100), bottom))
    return bottom


def _draw_ticks(drawing: Drawing, axis: Axis, bounds: tuple[date, date]) -> None:
    first, last = bounds
    days = [(axis.at(first), first)] if axis.is_point else [(EDGE, first), (100 - EDGE, last)]
    for along, day in days:
        edge = "middle" if axis.is_point else "start" if along == EDGE else "end"
        drawing.ticks.append(Words(axis.place(along), drawing.height - 10, words_of_day(day), edge))


def _label(axis: Axis, words: str, y: int, language: str = "") -> Words:
    """Words that begin at the edge where lines of the page do, whatever script they are in."""
    direction = languages.direction(language) if language else ""
    is_foreign = bool(direction) and (direction == "rtl") != axis.is_mirrored
    return Words(axis.place(0), y, words, "end" if is_foreign else "start", language, direction)
