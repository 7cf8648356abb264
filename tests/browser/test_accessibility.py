"""axe-core over every kind of page, and the site by keyboard alone."""

from functools import cache

import pytest
from django.core.management import call_command

from tests.browser.looking import LOOKS, WIDER_THAN_THE_WINDOW, violations
from tests.html.pages import crawl
from tests.routes import PAGES

pytestmark = pytest.mark.django_db(transaction=True)

OUTLINE = """() => ({
    headings: document.querySelectorAll('h1').length,
    landmarks: document.querySelectorAll('main, header.masthead').length,
    language: document.documentElement.lang,
    direction: document.documentElement.dir,
})"""


@pytest.fixture
def demo(live_server):
    call_command("load_demo", verbosity=0)


@cache
def crawled():
    """Of the demo, which is the same for every test."""
    return [address for address, _page in crawl(most_of_a_kind=1)]


def addresses(prefix):
    """One address of each kind of page of the demo, and one that is not there."""
    own = [one for one in crawled() if one.startswith(prefix) and "?" not in one]
    # A statement to carry away has nothing of the site around it.
    own = [one for one in own if not one.endswith(".html")]
    return [one for one in own if prefix != "/" or one[:4] not in ("/de/", "/ar/")]


def faults(page, language, direction):
    """What axe finds, and what is wrong with the outline or the width, of the page that is open."""
    found = {one["id"]: [node["html"][:200] for node in one["nodes"]] for one in violations(page)}
    outline = page.evaluate(OUTLINE)
    expected = {"headings": 1, "landmarks": 2, "language": language, "direction": direction}
    if outline != expected:
        found["outline"] = outline
    if page.evaluate(WIDER_THAN_THE_WINDOW):
        found["wider than the window"] = True
    return found


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


@pytest.mark.parametrize(
    ("prefix", "look", "language", "direction"),
    [
        ("/", LOOKS["light"], "en", "ltr"),
        ("/", LOOKS["dark"] | LOOKS["narrow"], "en", "ltr"),
        ("/ar/", LOOKS["narrow"], "ar", "rtl"),
    ],
)
def test_no_page_has_a_fault(visit, demo, prefix, look, language, direction):
    window, read, found = visit(**look), addresses(prefix), {}
    for address in read:
        window.page.goto(address)
        if wrong := faults(window.page, language, direction):
            found[address] = wrong

    assert found == {}
    assert len(read) >= len(PAGES)


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
