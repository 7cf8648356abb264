"""A private link as a QR code: an outline for one path of an SVG, without markup of its own."""

from __future__ import annotations

from dataclasses import dataclass

import segno

# Modules of light round the code, without which cameras do not find it.
QUIET = 4


@dataclass(frozen=True)
class QRCode:
    size: int
    path: str


def of(words: str) -> QRCode:
    code = segno.make(words, error="m", micro=False)
    path = []
    for y, row in enumerate(code.matrix, QUIET):
        for x, is_dark in enumerate(row, QUIET):
            if is_dark:
                path.append(f"M{x} {y}h1v1h-1z")
    return QRCode(size=len(code.matrix) + 2 * QUIET, path="".join(path))
