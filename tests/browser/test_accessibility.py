"""axe-core over every kind of page, and the site by keyboard alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command

from tests.html.pages import crawl
from tests.routes import PAGES

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
}
# The width of a window whose scroll bar takes none of it.
WIDER_THAN_THE_WINDOW = (
    "document.documentElement.scrollWidth > document.documentElement.clientWidth"
)


@pytest.fixture
def demo(live_server):
    call_command("load_demo", verbosity=0)


def addresses(prefix):
    """One address of each kind of page of the demo, and one that is not there."""
    found = [address for address, _page in crawl(most_of_a_kind=1)]
    own = [one for one in found if one.startswith(prefix) and "?" not in one]
    return [one for one in own if prefix != "/" or one[:4] not in ("/de/", "/ar/")]


@pytest.mark.parametrize(("prefix", "look"), [("/", "light"), ("/", "dark"), ("/ar/", "narrow")])
def test_axe_finds_nothing_on_any_kind_of_page(visit, demo, prefix, look):
    window = visit(**LOOKS[look])
    found, read = {}, addresses(prefix)
    for address in read:
        window.page.goto(address)
        violations = Axe().run(window.page).response["violations"]
        for one in violations:
            places = [node["html"][:200] for node in one["nodes"]]
            found[f"{address} {one['id']}"] = places

    assert found == {}
    assert len(read) >= len(PAGES)


def test_every_page_has_one_heading_its_landmarks_and_its_language(visit, demo):
    window = visit()
    for prefix, language, direction in (("/", "en", "ltr"), ("/ar/", "ar", "rtl")):
        for address in addresses(prefix):
            window.page.goto(address)
            counts = {
                what: window.page.locator(what).count()
                for what in ("h1", "main", "header.masthead")
            }
            root = window.page.locator("html")

            assert counts == {"h1": 1, "main": 1, "header.masthead": 1}, address
            assert (root.get_attribute("lang"), root.get_attribute("dir")) == (language, direction)


def test_no_page_is_wider_than_a_small_telephone(visit, demo):
    window = visit(viewport={"width": 320, "height": 640})
    wide = []
    for prefix in ("/", "/ar/"):
        for address in addresses(prefix):
            window.page.goto(address)
            if window.page.evaluate(WIDER_THAN_THE_WINDOW):
                wide.append(address)

    assert wide == []


def test_nothing_is_loaded_from_elsewhere_and_nothing_complained_of(visit, demo):
    window = visit()
    for address in addresses("/"):
        if address not in ("/nothing/", "/submit/"):
            window.page.goto(address)
    assert window.context.cookies() == []

    # The form alone comes with the cookie that protects it.
    window.page.goto("/submit/")
    assert [cookie["name"] for cookie in window.context.cookies()] == ["csrf"]
    assert window.foreign == []
    assert window.complaints == []


def test_the_first_tab_leads_past_the_masthead(visit, demo):
    page = visit().page
    page.goto("/statements/")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    assert page.locator("a.skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_whoever_goes_by_keyboard_sees_where(visit, demo):
    page = visit().page
    page.goto("/")
    hidden, seen = [], set()
    for _ in range(60):
        page.keyboard.press("Tab")
        tag, words, is_marked = page.evaluate(
            """() => {
                const at = document.activeElement, style = getComputedStyle(at);
                const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
                return [at.tagName, at.textContent.trim(), ring || style.boxShadow !== 'none'];
            }"""
        )
        if tag == "BODY":
            break
        seen.add(words)
        if not is_marked:
            hidden.append(words)

    assert hidden == []
    assert len(seen) > 10
