"""From the bytes of a plain-text file to its characters, or a refusal that says which byte."""

from __future__ import annotations

import codecs
import re
import unicodedata

from statements.importers.draft import NotReadable

# A statement of 300,000 letters, the longest that is stored, in the widest encoding and script.
MOST_BYTES = 1_200_000
KNOWN_FORMATS = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a word processor's document or an archive",
    b"\xd0\xcf\x11\xe0": "a word processor's document",
    b"{\\rtf": "a rich-text document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "an archive",
}
BYTE_ORDER_MARKS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
LINE_ENDS = re.compile("\r\n|[\r\v\x85\u2028\u2029]")
# Controls that no text holds; tab, line feed and form feed are left.
FOREIGN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


def decode(data: bytes) -> str:
    """The characters of a file in NFC, every line ending in a line feed. Raises NotReadable."""
    if len(data) > MOST_BYTES:
        raise NotReadable(f"The file is too large: at most {MOST_BYTES:,} bytes can be read.")
    for start, name in KNOWN_FORMATS.items():
        if data.startswith(start):
            raise NotReadable(f"This is {name}, not plain text. Save it as plain text first.")
    mark, encoding = next(
        ((mark, name) for mark, name in BYTE_ORDER_MARKS if data.startswith(mark)), (b"", "utf-8")
    )
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise NotReadable(_wrong_byte(data, len(mark) + error.start, encoding)) from error
    text = LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))
    if foreign := FOREIGN.search(text):
        what = (
            "NUL bytes" if foreign.group() == "\0" else f"the control U+{ord(foreign.group()):04X}"
        )
        line = text.count("\n", 0, foreign.start()) + 1
        raise NotReadable(f"The file holds {what} (first in line {line}): it is not plain text.")
    if not re.search(r"\w", text):
        raise NotReadable("The file is empty: there is no word in it.")
    return text


def _wrong_byte(data: bytes, at: int, encoding: str) -> str:
    line = data.count(b"\n", 0, at) + 1
    where = f"byte 0x{data[at]:02X} at position {at + 1:,}, line {line}"
    if encoding != "utf-8":
        return f"The file is not sound {encoding.upper()}: {where}."
    return (
        f"The file is not UTF-8: {where}. It may be Windows-1252 or another older encoding:"
        " save it as UTF-8."
    )
