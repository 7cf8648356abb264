"""axe-core over every kind of page, and the site by keyboard alone."""

import pytest

from tests.browser.looking import LOOKS, WIDER_THAN_THE_WINDOW, violations
from tests.routes import PAGES

pytestmark = pytest.mark.django_db(transaction=True)

STATEMENT = "statements/russian-socialist-movement-on-belarus/"
EVENT = "events/strikes-at-big-enterprises-in-belarus-2020/"
# One page of the demo of each kind.
DEMO = {
    "": "",
    "statements/": "statements/",
    "statements/<str:slug>/": STATEMENT,
    "statements/<str:slug>/republish/": f"{STATEMENT}republish/",
    "statements/<str:slug>/versions/": f"{STATEMENT}versions/",
    "statements/<str:slug>/versions/<int:number>/": f"{STATEMENT}versions/1/",
    "events/": "events/",
    "events/<str:slug>/": EVENT,
    "events/<str:slug>/comparison/": f"{EVENT}comparison/",
    "events/<str:slug>/timeline/": f"{EVENT}timeline/",
    "events/<str:slug>/coverage/": f"{EVENT}coverage/",
    "organisations/": "organisations/",
    "organisations/<str:slug>/": "organisations/russian-socialist-movement/",
    "demands/": "demands/",
    "demands/<str:slug>/": "demands/end-the-repression-in-belarus/",
    "demands/<str:slug>/act/": "demands/end-the-repression-in-belarus/act/",
    "people/": "people/",
    "people/<str:slug>/": "people/pavel-katarzhevski/",
    "tags/": "tags/",
    "tags/<str:slug>/": "tags/repression/",
    "places/": "places/",
    "places/<str:code>/": "places/BY/",
    "search/": "search/?q=strike",
    "corrections/": "corrections/",
    "transparency/": "transparency/",
    "years/": "years/",
    "verify/": "verify/",
    "api/v1/": "api/v1/",
    "data/": "data/",
    "about/": "about/",
    "privacy/": "privacy/",
}

OUTLINE = """() => ({
    headings: document.querySelectorAll('h1').length,
    landmarks: document.querySelectorAll('main, header.masthead').length,
    language: document.documentElement.lang,
    direction: document.documentElement.dir,
})"""


def faults(page, language, direction, *, colours):
    """What axe finds, and what is wrong with the outline or the width, of the page that is open."""
    found = {
        one["id"]: [node["html"][:200] for node in one["nodes"]]
        for one in violations(page, colours=colours)
    }
    outline = page.evaluate(OUTLINE)
    expected = {"headings": 1, "landmarks": 2, "language": language, "direction": direction}
    if outline != expected:
        found["outline"] = outline
    if page.evaluate(WIDER_THAN_THE_WINDOW):
        found["wider than the window"] = True
    return found


def test_every_kind_of_page_is_looked_at():
    assert set(DEMO) == set(PAGES)


@pytest.mark.parametrize(
    ("prefix", "look", "language", "direction", "colours"),
    [
        ("/", LOOKS["light"], "en", "ltr", True),
        ("/", LOOKS["dark"] | LOOKS["narrow"], "en", "ltr", True),
        ("/ar/", LOOKS["narrow"], "ar", "rtl", False),
    ],
)
def test_no_page_has_a_fault_or_loads_from_elsewhere(
    visit, demo, prefix, look, language, direction, colours
):
    window, found = visit(**look), {}

    def look_at(address, status=200):
        assert window.page.goto(prefix + address).status == status, address
        if wrong := faults(window.page, language, direction, colours=colours):
            found[address] = wrong

    for address in DEMO.values():
        look_at(address)
    assert window.complaints == []
    assert window.context.cookies() == []
    # The form alone comes with the cookie that protects it.
    look_at("submit/")
    assert [cookie["name"] for cookie in window.context.cookies()] == ["csrf"]
    look_at("nothing/", status=404)

    assert found == {}
    assert window.foreign == []


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
