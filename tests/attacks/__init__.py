"""Hostile markup by family: a body a line, with ↵ for a line feed in it.

Each calls `fire()` or fetches from evil.example wherever it is not cleaned.
"""

from pathlib import Path

FAMILIES = sorted(Path(__file__).parent.glob("*.txt"))


def bodies():
    """(family, body) for every body, and for every family as one text."""
    for family in FAMILIES:
        text = family.read_text("utf-8")
        for body in text.split("\n"):
            yield family.stem, body.replace("↵", "\n")
        yield family.stem, text.replace("↵", "\n")
