"""Cleaned markup in a real browser, without the policy that would stop what gets through."""

from collections.abc import Iterator

import pytest

from statements.markup import clean
from tests.attacks import bodies

ADDRESS = "https://page.example/"
PAGE = "<!doctype html><script>window.fired = 0; function fire() { fired++ }</script><main></main>"
# As scripts do that move content about: what was parsed is written out and parsed again.
SHOW = """
async (bodies) => {
  const main = document.querySelector("main");
  const protocols = new Set();
  for (const body of bodies) {
    const place = document.createElement("div");
    main.append(place);
    place.innerHTML = body;
    for (let round = 0; round < 3; round++) place.innerHTML = place.innerHTML;
    for (const element of place.querySelectorAll("*")) {
      for (const type of ["click", "mouseover", "focus", "pointerenter", "toggle", "wheel"])
        element.dispatchEvent(new Event(type, { cancelable: false }));
      if (element.href) protocols.add(new URL(element.href, location).protocol);
    }
  }
  await new Promise((done) => setTimeout(done, 500));
  return { fired, protocols: [...protocols].sort() };
}
"""


@pytest.fixture
def show(browser) -> Iterator:
    """Put bodies into an empty page; what ran, where links go, and what was asked for."""
    context = browser.new_context()
    page, requests = context.new_page(), []

    def answer(route):
        if route.request.url == ADDRESS:
            return route.fulfill(body=PAGE, content_type="text/html; charset=utf-8")
        requests.append(route.request.url)
        return route.abort()

    context.route("**/*", answer)
    page.goto(ADDRESS)
    yield lambda shown: page.evaluate(SHOW, shown) | {"requests": requests}
    context.close()


def test_hostile_markup_runs_where_it_is_not_cleaned(show):
    seen = show(
        ["<img src=x onerror=fire()>", '<p onclick="fire()">x</p>', '<a href="javascript:0">x</a>']
    )

    assert seen["fired"] >= 2
    assert seen["protocols"] == ["javascript:"]
    assert seen["requests"]


def test_nothing_of_the_corpus_runs_or_fetches_once_it_is_cleaned(show):
    seen = show([str(clean(body)) for _family, body in bodies()])

    assert seen["fired"] == 0
    assert seen["requests"] == []
    assert set(seen["protocols"]) <= {"http:", "https:", "mailto:", "tel:"}
