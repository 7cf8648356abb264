"""Passages and rows by keyboard: into a row, back to the text, and words that left the text."""

from statements.models import Quotation
from statements.publishing import links, workflow
from tests.browser.test_editor import choose, data, editing_area, select
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_person,
    make_place,
    make_text,
)


def change(text):
    return f"/admin/statements/statement/{text.statement_id}/change/"


def tab_to(page, words, most=80):
    """Go on by Tab until the field or button that bears the words has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "document.activeElement.ariaLabel || document.activeElement.textContent.trim()"
        )
        if name.startswith(words):
            return
    raise AssertionError(f"not reached: {words}")


def test_after_quoting_the_way_leads_back_to_the_place_in_the_text(desk):
    make_demand("Free elections")
    make_person("Amina Okoye")
    text = make_text(body="<p>We want free elections. Free Amina Okoye too.</p>")
    page = desk(change(text)).page
    editing_area(page)
    select(page, "free elections")
    page.keyboard.press("Alt+Shift+D")
    choose(page, "Free", "Free elections")
    tab_to(page, "Back to the text")

    page.keyboard.press("Enter")
    page.keyboard.type(" at once")

    assert data(page) == "<p>We want free elections at once. Free Amina Okoye too.</p>"
    # The keys that led to the row lead back, out of an open look-up too.
    select(page, "Amina Okoye")
    page.keyboard.press("Alt+Shift+P")
    page.locator(".select2-container--open .select2-search__field:focus").wait_for()
    page.keyboard.press("Alt+Shift+P")
    page.locator(".select2-container--open").wait_for(state="detached")
    page.keyboard.type(" and all others")
    assert data(page).endswith("Free Amina Okoye and all others too.</p>")


def test_words_that_left_the_text_give_way_to_those_selected_there(desk):
    text = make_text(introduction="<p>They call for an end.</p>", body="<p>Pay the nurses.</p>")
    made = make_demand_made(text, "Pay the nurses.")
    words = text.working_revision.words | {"body": "<p>Pay all nurses.</p>"}
    workflow.save_words(text, words, based_on=text.working_revision_id)
    page = desk(change(text)).page
    editing_area(page)
    assert page.get_by_text("These words are no longer in the text.").is_visible()
    page.focus("#id_why")
    tab_to(page, "Take the words")
    page.keyboard.press("Enter")
    page.get_by_text("Select the words in the text first.").wait_for()

    select(page, "call for an end", "introduction")
    tab_to(page, "Take the words")
    page.keyboard.press("Enter")

    words = page.locator("#id_demands_made-0-quotations-0-words:focus")
    assert words.input_value() == "call for an end"
    page.click("[name=_continue]")
    page.locator(".messagelist .success").wait_for()
    assert list(made.quotations.values_list("words", "field", "in_working")) == [
        ("call for an end", "introduction", True)
    ]


def test_a_translation_takes_the_selected_words_as_well(desk):
    leading = make_text()
    french = make_text(
        statement=leading.statement, language="fr", body="<p>Payez toutes les infirmières.</p>"
    )
    made = make_demand_made(leading, "Words.")
    Quotation.objects.create(made=made, text=french, words="Payez les infirmières")
    links.links_changed(leading.statement)
    page = desk(f"/admin/statements/text/{french.pk}/change/").page
    editing_area(page)
    assert page.locator("#part-demands .is-broken .unfinished").is_visible()

    select(page, "Payez toutes les infirmières")
    page.get_by_role("button", name="Take the words").click()
    page.click("[name=_continue]")
    page.locator(".messagelist .success").wait_for()

    assert list(french.quotations.values_list("words", "in_live")) == [
        ("Payez toutes les infirmières", True)
    ]


def test_a_plain_text_area_has_the_keys_too(desk, settings):
    settings.RICH_TEXT_WIDGET = "django.forms.Textarea"
    make_demand("Pay us")
    text = make_text(body="<p>Pay us.</p>")
    page = desk(change(text)).page
    page.focus("#id_body")
    page.evaluate("document.getElementById('id_body').setSelectionRange(3, 10)")

    page.keyboard.press("Alt+Shift+D")
    choose(page, "Pay", "Pay us")
    page.keyboard.press("Alt+Shift+D")

    assert page.input_value("#id_demands_made-0-quotations-0-words") == "Pay us."
    assert page.evaluate("[document.activeElement.id, document.activeElement.selectionStart]") == [
        "id_body",
        10,
    ]


def test_whoever_adds_a_row_goes_on_in_it_and_whoever_removes_one_is_not_lost(desk):
    page = desk("/admin/statements/statement/add/").page
    editing_area(page)
    page.locator("#attachments-group .add-row a").press("Enter")
    page.locator("#id_attachments-0-file:focus").wait_for()

    page.locator("#attachments-0 .inline-deletelink").press("Enter")

    page.locator("#attachments-group .add-row a:focus").wait_for()
    page.locator("#authorships-group .add-row a").press("Enter")
    page.locator("#id_authorships-1-organisation-look-up:focus").wait_for()


def test_nothing_that_has_the_focus_stands_behind_the_buttons(desk):
    page = desk("/admin/statements/statement/add/").page
    editing_area(page)
    page.focus("#id_why")
    hidden = []
    for _ in range(30):
        page.keyboard.press("Tab")
        name, bottom, edge = page.evaluate(
            """() => {
                const at = document.activeElement, row = document.querySelector('.submit-row');
                return [row.contains(at) ? 'button' : at.id || at.textContent,
                    at.getBoundingClientRect().bottom, row.getBoundingClientRect().top];
            }"""
        )
        if name != "button" and bottom > edge:
            hidden.append(name)

    assert hidden == []


def test_places_of_the_events_are_offered_once_each(desk):
    event = make_event("Strike of the nurses")
    event.places.add(make_place("XA", name_override="Example"))
    text = make_text(events=[event])
    page = desk(change(text)).page
    offered = page.locator("#suggested-places button")
    offered.wait_for()

    # The same question twice at once: each answer came to the list before.
    page.evaluate("for (const _ of 'ab') django.jQuery('#id_events').trigger('change')")
    page.wait_for_load_state("networkidle")
    offered.first.wait_for()

    assert offered.all_inner_texts() == ["Example"]
