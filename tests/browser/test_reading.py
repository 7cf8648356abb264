"""A reader's way through the demo: from the list to a demand, to its words, and back."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["with scripts", "without scripts"])
def page(request, visit, demo):
    return visit(java_script_enabled=request.param == "with scripts").page


def open_the_statement(page):
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Statements").click()
    page.get_by_role("link", name=re.compile("Russian Socialist Movement on Belarus")).first.click()
    expect(page.locator("h1")).to_contain_text("Russian Socialist Movement on Belarus")


def test_from_the_list_to_a_demand_to_its_words_and_back(page):
    open_the_statement(page)

    followed = 0
    for card in page.locator(".demand.numbered").all():
        to_words = card.locator("a.ref")
        if not to_words.count():
            continue
        words = page.locator(to_words.get_attribute("href"))
        to_words.click()
        expect(words).to_be_in_viewport()
        assert words.evaluate("at => at.matches('mark.claim')")
        number = to_words.inner_text()
        page.locator("mark.claim ~ a.ref").filter(has_text=re.compile(f"^{number}$")).first.click()
        expect(card).to_be_in_viewport()
        followed += 1
    assert followed > 3


def test_from_a_statement_to_what_it_demands_and_who_else_does(page):
    open_the_statement(page)
    demand = page.locator(".demand.numbered .name a:not(.ref)").first
    words = demand.inner_text()
    demand.click()

    expect(page.locator("h1")).to_contain_text(words)
    back = page.get_by_role("link", name=re.compile("Russian Socialist Movement on Belarus"))
    back.first.click()
    expect(page.locator("h1")).to_contain_text("Russian Socialist Movement on Belarus")


def test_the_words_can_be_read_in_another_language(page):
    open_the_statement(page)
    page.locator("main a[hreflang=ru], main a[lang=ru]").first.click()

    text = page.locator("main [lang=ru]").first
    expect(text).to_be_visible()
    assert text.get_attribute("dir") == "ltr"


COPY = """words => {
    const all = document.createRange();
    all.setStartBefore(words[0]);
    all.setEndAfter(words.at(-1));
    getSelection().removeAllRanges();
    getSelection().addRange(all);
    return getSelection().toString();
}"""


def test_who_copies_a_text_copies_its_words_and_is_told_that_they_are_real(page):
    open_the_statement(page)
    copied = page.locator(".passage .words").evaluate_all(COPY)

    page.goto("/verify/")
    page.get_by_label("The text, or a fingerprint").fill(copied)
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("main")).to_contain_text("Published here, word for word")
