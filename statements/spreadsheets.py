"""Tables of words as CSV, which no spreadsheet takes for formulas."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable

# A spreadsheet reads a cell that begins so as a formula, and runs it: with full-width letters too.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
QUOTE = "'"
MARK = codecs.BOM_UTF8


def guarded(words: str) -> str:
    """Words behind a quote mark where a spreadsheet would run them; its users see them as text.

    Some programs pass over spaces before a formula.
    """
    return QUOTE + words if words.lstrip(" \u00a0").startswith(FORMULA) else words


def table(rows: Iterable[Iterable[object]]) -> bytes:
    """RFC 4180, with the mark by which spreadsheets know letters of every script (UTF-8)."""
    return MARK + further(rows)


def further(rows: Iterable[Iterable[object]]) -> bytes:
    """Rows that go on a table."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    for row in rows:
        writer.writerow([guarded(str(cell)) for cell in row])
    return written.getvalue().encode()
