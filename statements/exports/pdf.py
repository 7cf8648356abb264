"""A document as PDF (tagged, PDF/UA), where Pango is there to set it.

WeasyPrint needs libraries of the system. Without them the site runs and offers print alone.
"""

from __future__ import annotations

import hashlib
from functools import cache as once
from types import ModuleType

from django.core.cache import cache
from django.template.loader import render_to_string
from PIL import ImageFile

from statements.exports.document import Document
from statements.exports.styles import style_sheet

# Setting takes a second and more. What is kept is found by all that it was made of, so that a
# page that changed is never answered with what it was.
KEPT_FOR = 24 * 60 * 60


class NoEngine(Exception):
    """Pango is not there."""


@once
def engine() -> ModuleType | None:
    """WeasyPrint; None where it cannot be loaded: Pango missing is an OSError."""
    try:
        import weasyprint
    except (ImportError, OSError):
        return None
    # It lets Pillow take files that are cut off, for all of the process; uploads must not be.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return weasyprint


def is_available() -> bool:
    return engine() is not None


def pdf_of(document: Document) -> bytes:
    """Raises NoEngine."""
    weasyprint = engine()
    if not weasyprint:
        raise NoEngine
    html = render_to_string("exports/statement.html", {"document": document})
    style = style_sheet("document.css") + style_sheet("document-pages.css")
    made_of = "\0".join((weasyprint.__version__, style, html))
    key = f"pdf:{hashlib.sha256(made_of.encode()).hexdigest()}"
    return cache.get_or_set(key, lambda: set_pages(html, style, document.address), KEPT_FOR)


def set_pages(html: str, style: str, address: str) -> bytes:
    """A page of HTML as PDF; links in it that have no host lead to `address`."""
    weasyprint = engine()

    class Nothing(weasyprint.URLFetcher):
        """A document loads nothing: no picture, no font, no file of the machine (R-WE6)."""

        def fetch(self, url: str, headers: object = None) -> object:
            raise ValueError(url)

    page = weasyprint.HTML(string=html, base_url=address, url_fetcher=Nothing())
    sheet = weasyprint.CSS(string=style, url_fetcher=Nothing())
    return page.write_pdf(stylesheets=[sheet], pdf_variant="pdf/ua-1")
