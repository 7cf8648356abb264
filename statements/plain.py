"""Text without markup: titles, names, tags, and how two texts are compared (R-CO9)."""

import itertools
import re
import unicodedata
from functools import cache

from django import forms
from django.db import DataError, models

# Controls that reorder what stands beside them; a one-line field is isolated by <bdi> instead.
BIDI_CONTROLS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# Control characters, but not tab and line breaks, which count as white space; U+FEFF, invisible
# operators and tag characters hide in copies from word processors. The two joiners stay:
# Persian, Urdu and the scripts of India need them.
CONTROLS = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u2060-\u2064\u206a-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
)
SURROGATES = "\ud800-\udfff"
NOT_IN_A_LINE = re.compile(f"[{BIDI_CONTROLS}{CONTROLS}{SURROGATES}]")
NOT_IN_A_TEXT = re.compile(f"[{CONTROLS}{SURROGATES}]")
# Marks on one letter: Hebrew with cantillation needs five, others fewer; "Zalgo" has dozens.
MARKS_ALLOWED = 5
# The most marks on one letter in Unicode's Stream-Safe Text Format.
STREAM_SAFE = 30


def collapse(text: str) -> str:
    """NFC with runs of white space made one space: the form in which words are compared."""
    return " ".join(unicodedata.normalize("NFC", text).split())


@cache
def many_marks(most: int) -> re.Pattern[str]:
    """Matches more than so many marks on one letter, the surplus as its only group.

    Normalising takes time with the square of their number, and they cover what stands near.
    """
    points = [
        point
        for point in range(0x300, 0x1F000)
        if unicodedata.combining(chr(point)) or unicodedata.category(chr(point)) == "Me"
    ]
    runs = itertools.groupby(enumerate(points), lambda pair: pair[1] - pair[0])
    spans = [[point for _index, point in run] for _key, run in runs]
    mark = "[" + "".join(f"{chr(span[0])}-{chr(span[-1])}" for span in spans) + "]"
    return re.compile(f"(?<={mark * most})({mark}+)")


@cache
def _far_up(length: int) -> re.Pattern[str]:
    """Matches so many characters beside each other where marks have their places too."""
    return re.compile(f"[\u0300-\U0001efff]{{{length}}}")


def has_many_marks(text: str, most: int) -> bool:
    """Whether there are more than so many marks on one letter: hardly a text has so many characters
    from there on without a space between, and that is looked for ten times as fast."""
    return bool(_far_up(most + 1).search(text) and many_marks(most).search(text))


def line(text: str) -> str:
    """A one-line text made safe to store and show; twice is the same as once.

    NFC; no control characters, no lone surrogates, no bidi controls; at most five marks on
    one letter; white space collapsed.
    """
    text = NOT_IN_A_LINE.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", many_marks(STREAM_SAFE).sub("", text))
        text = many_marks(MARKS_ALLOWED).sub("", text)
    return " ".join(text.split())


def text(words: str) -> str:
    """Paragraphs made safe to store and show; twice is the same as once.

    Like `line`, but that line breaks stay, and at most one blank line between two paragraphs.
    """
    lines = [line(one) for one in BREAKS.sub("\n", words).split("\n")]
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def uncut(field: forms.Field) -> forms.Field:
    """Without the attribute by which a browser cuts off what is pasted, and says nothing.

    The form refuses what is too long, with all of it still there.
    """
    field.widget.attrs.pop("maxlength", None)
    return field


# Spaces that a word processor puts where it will not break a line, and its own signs for breaks.
FIXED_SPACES = re.compile("[\u00a0\u2007\t]")
BREAKS = re.compile("\r\n?|[\x0b\x0c\u0085\u2028]")
SOFT_HYPHEN = re.compile("\u00ad[ \t]*\n?[ \t]*")
# Bullets as they come out of lists, those of symbol fonts among them.
BULLETS = "\u2022\u00b7\u25aa\u25cf\u25e6\u2023\u2043\uf0a7\uf0b7\uf0d8"
BULLET = re.compile(f"^[ ]*[{BULLETS}][ ]*", re.MULTILINE)
# No line of a text that somebody broke by hand is longer.
LONGEST_BROKEN_LINE = 120


def pasted(text: str) -> str:
    """Plain text from a word processor as paragraphs with a blank line between them.

    Words at a soft hyphen are joined, fixed spaces are spaces, bullets are one and the same.
    Where there is no blank line at all, lines too long to have been broken are paragraphs.
    """
    text = BREAKS.sub("\n", text.replace("\u2029", "\n\n"))
    text = FIXED_SPACES.sub(" ", SOFT_HYPHEN.sub("", text))
    text = NOT_IN_A_TEXT.sub("", text)
    text = BULLET.sub("\u2022 ", re.sub("[ ]+(?=\n|$)", "", text)).strip("\n")
    lines = text.split("\n")
    if "" not in lines and max(map(len, lines)) > LONGEST_BROKEN_LINE:
        return "\n\n".join(lines)
    return text


class LineField(models.CharField):
    """One line of text, made safe by `line` whenever it is stored, by bulk writes too."""

    def to_python(self, value: object) -> object:
        value = super().to_python(value)
        return line(value) if isinstance(value, str) else value

    def formfield(self, **kwargs: object) -> forms.Field:
        return uncut(super().formfield(**kwargs))

    def pre_save(self, model_instance: models.Model, add: bool) -> object:
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = line(value)
            setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: object, connection: object) -> object:
        if isinstance(value, str):
            value = line(value)
            if self.max_length and len(value) > self.max_length:
                # SQLite would keep it, PostgreSQL would not.
                raise DataError(f"{self.name} takes {self.max_length} characters.")
        return super().get_db_prep_save(value, connection)
