"""What was typed and not saved comes back: after a crash, an ended session, a refused save."""

import json
from contextlib import suppress

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from playwright.sync_api import Error

from statements.models import Attachment, Statement, Text
from statements.publishing import workflow
from tests.browser.test_editor import ADD, complaints, data, editing_area
from tests.factories import make_demand, make_text, picture_bytes

KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('kept-words '))"


def kept(page):
    """The bodies that the browser keeps, once it has had its second to do so."""
    page.wait_for_timeout(1200)
    entries = page.evaluate(f"{KEPT}.map((key) => localStorage.getItem(key))")
    return [dict(json.loads(one)["fields"])["body"] for one in entries]


def type_body(page, words):
    editing_area(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def crash(page):
    """The page is gone without a chance to do anything more."""
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash")
    page.close()


def sign_in(page, name="ed"):
    page.fill("#id_login", name)
    page.fill("#id_password", "password")
    page.click("[type=submit]")


def take_over(page):
    page.get_by_role("button", name="Take over").click()
    page.get_by_text("These are the words that this browser kept.").wait_for()


def saved(page):
    page.locator(".messagelist .success").wait_for()


def change(statement):
    return f"/admin/statements/statement/{statement.pk}/change/"


def test_a_crash_loses_nothing_and_saving_lets_go_of_it(desk):
    make_demand("Higher pay")
    window = desk(ADD)
    page = window.page
    page.fill("#id_title", "Nurses on strike")
    type_body(page, "Pay the nurses.")
    page.locator("#authorships-group .add-row a").click()
    page.fill("#id_authorships-1-name_as_printed", "Union of Nurses")
    before = list(window.requests)
    assert kept(page) == ["<p>Pay the nurses.</p>\n"]
    assert window.requests == before

    crash(page)
    page = window.context.new_page()
    page.goto(ADD)
    notice = page.locator("#kept-words")
    assert notice.inner_text().startswith("Not saved")
    assert notice.locator(".kept-title").inner_text() == "Nurses on strike"
    assert not notice.locator(".kept-since").is_visible()
    take_over(page)

    assert Statement.objects.count() == 0
    assert page.input_value("#id_title") == "Nurses on strike"
    assert page.input_value("#id_authorships-1-name_as_printed") == "Union of Nurses"
    editing_area(page)
    assert data(page) == "<p>Pay the nurses.</p>"
    assert not notice.is_visible()
    assert kept(page) == ["<p>Pay the nurses.</p>"]
    page.click("[name=_save]")
    saved(page)

    assert Text.objects.get().working_revision.body == "<p>Pay the nurses.</p>"
    assert kept(page) == []
    assert complaints(window) == []


def test_a_session_that_ends_while_somebody_types_leads_back_to_the_words(desk):
    text = make_text(body="<p>Pay the nurses.</p>")
    address = f"/admin/statements/text/add/?statement={text.statement_id}"
    page = desk(address).page
    page.fill("#id_language", "fr")
    page.fill("#id_title", "Grève")
    type_body(page, "Payez-les.")
    Session.objects.all().delete()

    page.click("[name=_continue]")
    sign_in(page)
    page.wait_for_url(f"**{address}")
    take_over(page)
    assert page.input_value("#id_title") == "Grève"
    editing_area(page)
    page.click("[name=_continue]")
    saved(page)

    assert text.statement.texts.get(language="fr").working_revision.body == "<p>Payez-les.</p>"
    assert kept(page) == []


def test_a_refused_save_is_kept_until_it_is_saved(desk):
    text = make_text(body="<p>Pay the nurses.</p>")
    window = desk(change(text.statement))
    page = window.page
    type_body(page, " At once.")
    page.fill("#id_title", "")
    page.click("[name=_continue]")
    page.locator(".errornote").wait_for()
    editing_area(page)
    assert len(kept(page)) == 1

    crash(page)
    page = window.context.new_page()
    page.goto(change(text.statement))
    take_over(page)
    page.fill("#id_title", "Again")
    editing_area(page)
    page.click("[name=_continue]")
    saved(page)

    text.refresh_from_db()
    assert text.working_revision.body == "<p>Pay the nurses. At once.</p>"
    assert kept(page) == []
    assert not page.locator("#kept-words").is_visible()


def test_words_of_a_record_that_was_saved_since_are_compared(desk):
    text = make_text("Title", body="<p>Pay the nurses.</p>")
    window = desk(change(text.statement))
    page = window.page
    type_body(page, " At once.")
    assert len(kept(page)) == 1
    crash(page)
    words = text.working_revision.words | {"body": "<p>Pay the doctors.</p>"}
    workflow.save_words(text, words, by=None, based_on=text.working_revision_id)

    page = window.context.new_page()
    page.goto(change(text.statement))
    assert page.locator(".kept-since").is_visible()
    take_over(page)

    assert page.locator(".conflict del", has_text="doctors").is_visible()
    editing_area(page)
    assert data(page) == "<p>Pay the nurses. At once.</p>"
    text.refresh_from_db()
    assert text.working_revision.body == "<p>Pay the doctors.</p>"


def test_what_nobody_typed_is_not_kept_and_what_is_thrown_away_is_gone(desk):
    statement = make_text(body="Words <p>that the editor puts in order.").statement
    window = desk(change(statement))
    page = window.page
    editing_area(page)
    assert kept(page) == []
    type_body(page, " And more.")
    assert len(kept(page)) == 1

    page.goto("/admin/")
    page.goto(change(statement))
    page.get_by_role("button", name="Throw away").click()

    assert not page.locator("#kept-words").is_visible()
    assert kept(page) == []


@pytest.mark.parametrize(
    ("address", "button"),
    [
        ("/admin/", "#logout-form button"),
        ("/account/", "nav form button"),
        ("/account/sign-out/", "main .account form button"),
    ],
)
def test_signing_out_asks_and_then_removes_everything(desk, address, button):
    window = desk(ADD)
    left_open, page = window.page, window.context.new_page()
    type_body(left_open, "Somebody at risk.")
    assert len(kept(left_open)) == 1

    page.goto(address)
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.click(button)
    assert len(kept(page)) == 1
    page.once("dialog", lambda dialog: dialog.accept())
    with page.expect_navigation():
        page.click(button)
    type_body(left_open, " And who they are.")

    assert kept(left_open) == []
    assert page.evaluate("JSON.stringify(localStorage)").count("risk") == 0
    page.goto("/admin/")
    assert "/account/sign-in/" in page.url


def test_words_are_for_one_account_and_for_fourteen_days(desk):
    get_user_model().objects.create_superuser("other", "", "password")
    window = desk(ADD)
    page = window.page
    type_body(page, "Mine.")
    assert len(kept(page)) == 1
    page.goto("/admin/")
    Session.objects.all().delete()
    page.goto("/account/sign-in/?next=" + ADD)
    sign_in(page, "other")
    page.wait_for_url("**" + ADD)
    assert not page.locator("#kept-words").is_visible()
    assert len(kept(page)) == 1

    age = f"""(days) => {KEPT}.forEach((key) => {{
        const entry = JSON.parse(localStorage.getItem(key));
        entry.at = Date.now() - days * 24 * 3600 * 1000;
        localStorage.setItem(key, JSON.stringify(entry));
    }})"""
    page.evaluate(age, 13.9)
    page.goto("/admin/")
    assert len(kept(page)) == 1
    page.evaluate(age, 14.1)
    page.goto("/admin/")
    assert kept(page) == []


def test_a_browser_that_keeps_nothing_more_says_so(desk):
    page = desk(ADD).page
    page.evaluate(
        """() => {
            for (let size = 5e6; size >= 1; size = Math.floor(size / 2)) {
                try {
                    localStorage.setItem('other' + size, 'x'.repeat(size));
                } catch { continue; }
            }
        }"""
    )
    type_body(page, "Words")

    page.get_by_text("This browser keeps nothing more").wait_for()


def test_a_form_that_was_open_while_somebody_signed_in_again_is_sent_again(desk):
    text = make_text(body="<p>Pay the nurses.</p>")
    window = desk(change(text.statement))
    page, other = window.page, window.context.new_page()
    type_body(page, " At once.")
    Session.objects.all().delete()
    other.goto("/admin/")
    sign_in(other)

    page.click("[name=_continue]")
    page.get_by_text("nothing that you typed is lost").wait_for()
    assert kept(page) == ["<p>Pay the nurses. At once.</p>\n"]
    page.click("text=Send again")
    saved(page)

    text.refresh_from_db()
    assert text.working_revision.body == "<p>Pay the nurses. At once.</p>"
    assert kept(page) == []


def test_without_script_a_form_is_sent_again_once_somebody_has_signed_in(desk, settings):
    settings.RICH_TEXT_WIDGET = "django.forms.Textarea"
    text = make_text(body="<p>Pay the nurses.</p>")
    window = desk(change(text.statement), java_script_enabled=False)
    page = window.page
    page.fill("#id_body", "<p>Pay them.</p>\n<p>At once.</p>")
    window.context.clear_cookies()

    page.click("[name=_continue]")
    with window.context.expect_page() as opened:
        page.click("text=Sign in in another tab")
    sign_in(opened.value)
    opened.value.wait_for_selector("#user-tools")
    page.click("text=Send again")
    page.get_by_text("You have signed in again").wait_for()
    page.click("text=Send again")
    saved(page)

    text.refresh_from_db()
    assert text.working_revision.body == "<p>Pay them.</p>\n<p>At once.</p>"


def test_a_file_that_came_with_a_refused_form_need_not_be_chosen_again(desk):
    text = make_text("Title")
    page = desk(change(text.statement)).page
    page.locator("#attachments-group .add-row a").click()
    picture = {"name": "gate.png", "mimeType": "image/png", "buffer": picture_bytes()}
    page.set_input_files("#id_attachments-0-file", picture)
    page.fill("#id_attachments-0-alternative", "A gate")
    page.fill("#id_attachments-0-credit", "Example Union")
    page.click("[name=_continue]")
    page.get_by_text("“gate.png” has arrived").wait_for()
    assert Attachment.objects.count() == 0

    page.fill("#id_attachments-0-licence", "CC BY-SA 4.0")
    page.click("[name=_continue]")
    saved(page)

    assert Attachment.objects.get().alternative == "A gate"
