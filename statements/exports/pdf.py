"""A document as PDF (tagged, PDF/UA), where Pango is there to set it.

WeasyPrint needs libraries of the system. Without them the site runs and offers print alone.
"""

from __future__ import annotations

from functools import cache as once
from types import ModuleType

from django.template.loader import render_to_string
from PIL import ImageFile

from statements.exports.document import Document
from statements.exports.keeping import kept
from statements.exports.styles import style_sheet


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
    html = render_to_string("exports/statement.html", {"document": document})
    style = style_sheet("document.css") + style_sheet("document-pages.css")
    made_of = (version(), style, html)
    return kept(made_of, lambda: set_pages(html, style, document.address))


def version() -> str:
    """Which sets pages here. Raises NoEngine."""
    weasyprint = engine()
    if not weasyprint:
        raise NoEngine
    return f"WeasyPrint {weasyprint.__version__}"


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
