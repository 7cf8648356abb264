"""A stranger sends a statement and follows it: with and without JavaScript, in two languages."""

import re

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from statements.models import Submission
from statements.submissions import workflow
from tests.browser.looking import LOOKS, WIDER_THAN_THE_WINDOW, violations

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def address(live_server, settings):
    """Private links begin with the site's own address."""
    settings.SITE_URL = live_server.url


ENGLISH = {
    "organisation_name": "Tenants of Example",
    "language": "en",
    "title": "No evictions",
    "text": "Line one.\n\n\u2022\tNo family on the street!",
    "demands": "No family on the street!",
}


class Sender:
    """A person before the form, who checks each page on the way."""

    def __init__(self, window, prefix="", *, colours=True):
        self.window, self.page, self.prefix = window, window.page, prefix
        self.colours, self.faults = colours, {}

    def look(self, name):
        for one in violations(self.page, colours=self.colours):
            self.faults[f"{name} {one['id']}"] = [node["html"][:200] for node in one["nodes"]]
        if self.page.evaluate(WIDER_THAN_THE_WINDOW):
            self.faults[f"{name} is too wide"] = []

    def go_on(self):
        with self.page.expect_navigation():
            self.page.click(".actions .button >> nth=0")

    def send(self, *, event="", look=lambda name: None, wait=lambda: None, words=ENGLISH):
        page = self.page
        page.goto(f"{self.prefix}/submit/")
        wait()
        look("sender")
        page.check("#id_sender_0")
        page.fill("#id_organisation_name", words["organisation_name"])
        self.go_on()
        page.fill("#id_title", words["title"])
        page.select_option("#id_language", words["language"])
        page.fill("#id_text", words["text"])
        page.fill("#id_day", "31")
        page.fill("#id_month", "6")
        page.fill("#id_year", "2026")
        look("words")
        self.go_on()
        look("words with a fault")
        assert page.input_value("#id_text") == words["text"]
        page.fill("#id_day", "30")
        self.go_on()
        page.select_option("#id_event", event)
        page.fill("#id_demands", words["demands"])
        look("about")
        self.go_on()
        look("send")
        page.check("#id_consent")
        self.go_on()
        look("sent")
        return page.text_content(".private-link").strip()


def solved(page):
    """The browser has done its proof of work."""
    for _ in range(300):
        if page.input_value("[name=proof]"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("no proof of work was found")


def test_a_person_with_javascript_sends_follows_answers_and_withdraws(visit, settings):
    settings.PROOF_OF_WORK_BITS = 12
    window = visit(**LOOKS["light"])
    sender = Sender(window)
    link = sender.send(wait=lambda: solved(window.page))
    one = Submission.objects.get()

    # Whoever types so fast is no person; but for that there is no doubt.
    assert one.doubts in ("", "fast")
    assert one.text == "Line one.\n\n\u2022\tNo family on the street!"
    moderator = get_user_model().objects.create_user("moderator")
    workflow.take_up(one, by=moderator)
    workflow.ask(one, by=moderator, words="Who can confirm it?")

    later = visit()
    later.page.goto(link)
    assert re.fullmatch(r"http://[^/]+/submissions/[a-z0-9]{12}/", later.page.url)
    assert "Who can confirm it?" in later.page.text_content("main")
    later.page.fill("#id_words", "Our secretary.")
    later.page.click("form .button")
    assert "Our secretary." in later.page.text_content("#conversation")
    later.page.click("text=Withdraw it")
    later.page.click("form .button")
    one.refresh_from_db()

    assert one.state == "withdrawn"
    assert window.complaints + later.complaints == []
    assert window.foreign + later.foreign == []


def test_a_person_without_javascript_is_not_sent_away(visit):
    window = visit(java_script_enabled=False)
    link = Sender(window).send()
    one = Submission.objects.get()

    assert (one.state, "proof" in one.doubts) == ("quarantined", True)
    window.page.goto(link)
    assert "Received" in window.page.text_content("main")
    window.page.click("text=Correct it")
    window.page.fill("#id_title", "No evictions at all")
    window.page.click("form .button")
    one.refresh_from_db()
    assert one.title == "No evictions at all"


def test_in_arabic_on_a_narrow_screen_in_the_dark(visit, settings):
    settings.PROOF_OF_WORK_BITS = 8
    window = visit(**LOOKS["narrow"], color_scheme="dark")
    sender = Sender(window, "/ar")
    link = sender.send(look=sender.look)
    window.page.goto(link)
    sender.look("private page")
    for page in ("correct", "withdraw"):
        window.page.goto(link)
        window.page.goto(f"{window.page.url}{page}/")
        sender.look(page)

    assert "/ar/submissions/" in link
    assert window.page.get_attribute("html", "dir") == "rtl"
    assert sender.faults == {}


def test_the_link_leaves_the_address_and_opens_nothing_without_its_cookie(visit):
    link = Sender(visit()).send()
    window = visit()
    window.page.goto(link)
    clean = window.page.url
    other = visit()
    response = other.page.goto(clean)

    assert link.split("/")[-2] not in clean
    assert response.status == 404


def test_words_outlive_another_language_and_a_lost_cookie_without_javascript(visit):
    window = visit(java_script_enabled=False)
    page = window.page
    page.goto("/submit/")
    page.check("#id_sender_0")
    page.fill("#id_organisation_name", "Tenants of Example")

    # By the keyboard: the languages are buttons of the form.
    page.get_by_role("navigation", name="Language of this site").get_by_text("Deutsch").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    page.wait_for_url("**/de/submit/*/sender/")
    assert page.get_attribute("html", "lang") == "de"
    assert page.input_value("#id_organisation_name") == "Tenants of Example"
    assert page.is_checked("#id_sender_0")
    window.context.clear_cookies()
    page.click(".actions .button >> nth=0")
    expect(page.locator("h1")).to_have_text("Das Formular wurde nicht gesendet")
    page.click(".actions .button >> nth=0")
    expect(page.locator("[aria-current=step]")).to_contain_text("2.")
    # What the first step was given is carried along.
    assert page.input_value("[name=organisation_name]") == "Tenants of Example"
    assert window.foreign == []


def test_back_and_reload_lose_nothing_and_ask_nothing_without_javascript(visit):
    """A browser that would have to send a form again shows a page of its own instead."""
    window = visit(java_script_enabled=False)
    page, sender = window.page, Sender(window)
    page.goto("/submit/")
    page.check("#id_sender_0")
    page.fill("#id_organisation_name", "Tenants of Example")
    sender.go_on()
    page.fill("#id_title", "No evictions")
    page.select_option("#id_language", "en")
    page.fill("#id_text", "No family on the street!")
    page.fill("#id_day", "33")
    sender.go_on()
    page.fill("#id_day", "")
    sender.go_on()
    page.fill("#id_demands", "No family on the street!")
    sender.go_on()

    # Back over all steps and the refused one, with a change at the first.
    for step, field, typed in (
        ("about", "#id_demands", "No family on the street!"),
        ("words", "#id_text", "No family on the street!"),
        ("words", "#id_title", "No evictions"),
        ("sender", "#id_organisation_name", "Tenants of Example"),
    ):
        page.go_back()
        assert page.url.endswith(f"/{step}/")
        assert page.input_value(field) == typed
        page.reload()
        assert page.input_value(field) == typed
    page.fill("#id_organisation_name", "Tenants of Example Harbour")
    for _step in ("sender", "words", "about"):
        sender.go_on()
    page.check("#id_consent")
    sender.go_on()
    one = Submission.objects.get()
    assert (one.organisation_name, one.title) == ("Tenants of Example Harbour", "No evictions")
    assert one.text == one.demands == "No family on the street!"

    # Whoever finds the machine afterwards finds nothing by going back.
    page.go_back()
    assert "No family on the street!" not in page.content()
    assert page.locator("main [role=alert]").count() == 1
    assert window.complaints == []
