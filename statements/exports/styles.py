"""Style sheets that go into files."""

from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders


@cache
def style_sheet(name: str) -> str:
    return Path(finders.find(f"css/{name}")).read_text()
