"""The picture that is shown where a statement's address is shared: its title, who, and when.

What has no font here, and any statement on a machine without Pango, gets a plain picture.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from PIL import Image, ImageDraw

from statements.exports.document import Document
from statements.exports.lettering import Drawn, Font, NoEngine, draw

SIZE = WIDTH, HEIGHT = 1200, 630
# The colours of the site's own pages.
PAPER, INK, QUIET, RUBRIC = "#fbfcfc", "#17202a", "#4b5763", "#a8132c"
SERIF = "Noto Serif, Noto Naskh Arabic, DejaVu Serif"
SANS = "Noto Sans, Noto Sans Arabic, DejaVu Sans"
# The double line, from the edge where lines of words begin; the words, and the room beside them.
LINES = ((52, 58), (66, 70))
EDGE, TOP, FOOT = 112, 52, 104
ROOM = WIDTH - EDGE - 72
# From the largest letters to the smallest; what then has no room is cut off between words.
TITLES = tuple(Font(SERIF, size, "Bold") for size in (72, 62, 54, 46))
ABOVE, BELOW = Font(SANS, 32, "Semi-Bold"), Font(SANS, 30)
ROOM_ABOVE = 96
MOST_AUTHORS = 2
# So many shades are enough for letters on paper.
SHADES = 32


class Lacking(Exception):
    """There is no font for one of the letters."""


def picture_of(document: Document, day: str) -> bytes:
    """A PNG; the plain one where the words cannot be drawn."""
    try:
        return _written(_with_words(document, day))
    except (NoEngine, Lacking):
        return _written(_plain())


def description_of(title: str, names: Sequence[str]) -> str:
    """What a picture says, for those who do not see it."""
    if not names:
        return title
    return _("%(title)s, issued by %(names)s") % {"title": title, "names": _some(names)}


def _with_words(document: Document, day: str) -> Image.Image:
    sheet = Sheet(is_mirrored=document.direction == "rtl")
    labels = document.language
    issued = _some([author.words for author in document.authors])
    top = TOP + sheet.put(issued, labels, (ABOVE,), QUIET, TOP, ROOM_ABOVE) + 24
    sheet.put(document.title, document.text.language, TITLES, INK, top, HEIGHT - FOOT - 16 - top)
    example = _("Invented example") if document.is_example else ""
    foot = pgettext("between the entries of a short list", ", ").join(filter(None, [day, example]))
    sheet.put(foot, labels, (BELOW,), QUIET, HEIGHT - FOOT, FOOT, width=ROOM // 2)
    sheet.put(
        document.site, labels, (BELOW,), QUIET, HEIGHT - FOOT, FOOT, width=ROOM // 2, end=True
    )
    return sheet.image


def _some(names: Sequence[str]) -> str:
    """As many as there is room for, and how many more there are."""
    shown, more = list(names[:MOST_AUTHORS]), len(names) - MOST_AUTHORS
    if more > 0:
        shown.append(
            ngettext("and %(number)s more", "and %(number)s more", more) % {"number": more}
        )
    return pgettext("between the entries of a short list", ", ").join(shown)


class Sheet:
    """The paper with its red double line, as on a page; words stand beside that."""

    def __init__(self, *, is_mirrored: bool = False) -> None:
        self.image = Image.new("RGB", SIZE, PAPER)
        self.is_mirrored = is_mirrored
        pen = ImageDraw.Draw(self.image)
        for start, end in LINES:
            across = (WIDTH - end, WIDTH - start) if is_mirrored else (start, end)
            pen.rectangle((across[0], 0, across[1] - 1, HEIGHT), fill=RUBRIC)

    def put(
        self,
        words: str,
        language: str,
        fonts: Sequence[Font],
        colour: str,
        top: int,
        room: int,
        *,
        width: int = ROOM,
        end: bool = False,
    ) -> int:
        """Put words where lines begin, or where they end, and say how high they are.

        In the first font in which there is room for all of them; in the last one what has no room
        is cut off. Raises Lacking.
        """
        if not words:
            return 0

        is_at_right = self.is_mirrored != end

        def drawn(words: str, font: Font) -> Drawn:
            return draw(words, font, width, language=language, is_at_right=is_at_right)

        def fits(found: Drawn) -> bool:
            return found.height <= room

        found = next((one for font in fonts if fits(one := drawn(words, font))), None)
        if not found:
            shorter = longest(words, lambda part: fits(drawn(part, fonts[-1])))
            found = drawn(shorter, fonts[-1])
        if found.is_lacking:
            raise Lacking
        left = WIDTH - EDGE - ROOM if self.is_mirrored else EDGE
        left += ROOM - width if is_at_right else 0
        self.image.paste(Image.new("RGB", found.mask.size, colour), (left, top), found.mask)
        return found.height


def longest(words: str, fits: Callable[[str], bool]) -> str:
    """As much of words as fits, cut between two and marked; of a single long one its letters."""
    for cuts in (_between_words(words), _between_letters(words)):
        low, high = 0, len(cuts)
        while low < high:
            middle = (low + high + 1) // 2
            if fits(f"{words[: cuts[middle - 1]]}…"):
                low = middle
            else:
                high = middle - 1
        if low:
            return f"{words[: cuts[low - 1]]}…"
    return "…"


def _between_words(words: str) -> list[int]:
    return [found.start() for found in re.finditer(r"[\s,;:.·–—-]*\s+", words) if found.start()]


def _between_letters(words: str) -> list[int]:
    """No mark is parted from its letter."""
    return [
        at for at in range(1, len(words)) if not unicodedata.category(words[at]).startswith("M")
    ]


def _plain() -> Image.Image:
    """The mark of the site in the middle of the paper, and no words."""
    image = Sheet().image
    pen = ImageDraw.Draw(image)
    for top, length in ((0, 12), (5, 12), (10, 12), (15, 8)):
        pen.rectangle(_scaled(1, top + 3, length, 2.6), fill=QUIET)
    for left in (16, 20):
        pen.rectangle(_scaled(left, 1, 2, 22), fill=RUBRIC)
    return image


def _scaled(left: float, top: float, width: float, height: float) -> tuple[float, ...]:
    """A part of the mark (static/img/mark.svg, 24 units wide) in the middle of the picture."""
    unit = 12
    across, down = WIDTH / 2 - 12 * unit, HEIGHT / 2 - 12 * unit
    return (
        across + left * unit,
        down + top * unit,
        across + (left + width) * unit,
        down + (top + height) * unit,
    )


def _written(image: Image.Image) -> bytes:
    """Few shades, so that it weighs little where it is shown small."""
    written = io.BytesIO()
    image.quantize(SHADES).save(written, "PNG", optimize=True)
    return written.getvalue()
