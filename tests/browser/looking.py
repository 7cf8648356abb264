"""What is looked for on a page that is open: the looks it is seen in, and the faults found."""

from axe_playwright_python.sync_playwright import Axe

LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
}
# The width of a window whose scroll bar takes none of it.
WIDER_THAN_THE_WINDOW = (
    "document.documentElement.scrollWidth > document.documentElement.clientWidth"
)
# Violations alone are handed over, and style sheets are not fetched once more: the one rule that
# reads them is not among those that run.
OPTIONS = {"resultTypes": ["violations"], "reporter": "no-passes", "preload": False}


def violations(page, *, colours=True):
    """What axe finds, on the page that the last click led to and not on the one it left.

    To compare colours takes longer than all else. A page that is read in the same colours, in
    another language or width, need not be compared again.
    """
    page.wait_for_load_state()
    rules = {"color-contrast": {"enabled": colours}}
    return Axe().run(page, options=OPTIONS | {"rules": rules}).response["violations"]
