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


def violations(page):
    """What axe finds, on the page that the last click led to and not on the one it left."""
    page.wait_for_load_state()
    return Axe().run(page).response["violations"]
