"""Text without markup: titles, names, tags, and how two texts are compared (R-CO9)."""

import re
import unicodedata

from django.db import models

# Controls that reorder what stands beside them; a one-line field is isolated by <bdi> instead.
BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Control characters, but not tab and line breaks, which count as white space; U+FEFF and
# unassigned tag characters hide in copies from word processors.
CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
SURROGATES = re.compile("[\ud800-\udfff]")
# Scripts in which a letter may bear more than two marks.
MARKS_ALLOWED = 4


def collapse(text: str) -> str:
    """NFC with runs of white space made one space: the form in which words are compared."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def line(text: str) -> str:
    """A one-line text made safe to store and show.

    NFC; no control characters, no lone surrogates, no bidi controls; at most four marks on
    one letter (Vietnamese, Hebrew and Tibetan need up to three); white space collapsed.
    """
    text = SURROGATES.sub("", text)
    text = BIDI_CONTROLS.sub("", CONTROLS.sub("", text))
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", text):
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MARKS_ALLOWED:
            kept.append(character)
    return " ".join("".join(kept).split())


class LineField(models.CharField):
    """One line of text, made safe by `line` whenever it is stored, by bulk writes too."""

    def to_python(self, value: object) -> object:
        value = super().to_python(value)
        return line(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> object:
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = line(value)
            setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: object, connection: object) -> object:
        if isinstance(value, str):
            value = line(value)
        return super().get_db_prep_save(value, connection)
