"""The admin of the nouns under the strict policy: nothing is blocked, nothing calls elsewhere."""

import pytest

from tests.admin.signed_in import make_editor
from tests.factories import (
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_place,
    make_text,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_work(visit):
    """An editor's window, signed in."""
    make_editor()
    window = visit()
    window.sign_in("editor")
    return window


def blocked(window):
    return [words for words in window.complaints if "Content Security Policy" in words]


def test_every_kind_of_page_runs_under_the_strict_policy(at_work):
    event = make_event()
    for prefix in ("", "/ar"):
        for address in (
            "/admin/",
            "/admin/statements/event/",
            "/admin/statements/event/add/",
            f"/admin/statements/event/{event.pk}/change/",
            f"/admin/statements/event/{event.pk}/delete/",
            f"/admin/statements/event/{event.pk}/history/",
        ):
            response = at_work.page.goto(prefix + address)
            assert response.status == 200, address
            assert "unsafe" not in response.headers["content-security-policy"]
    assert blocked(at_work) == []
    assert at_work.foreign == []


def test_a_list_is_filtered_by_typing_a_part_of_a_name(at_work):
    make_organisation("Dockers", country=make_place("FR"))
    make_organisation("Miners", country=make_place("DE"))
    page = at_work.page
    page.goto("/admin/statements/organisation/")

    page.click("details[data-filter-title=country] .select2-selection")
    page.keyboard.type("franc")
    page.click(".select2-results__option:has-text('France')")
    page.wait_for_url("**country__id__exact=**")

    assert page.locator("#result_list .field-own_name").all_inner_texts() == ["Dockers"]
    assert blocked(at_work) == []


def test_a_new_addressee_is_made_without_leaving_the_demand(at_work):
    page = at_work.page
    page.goto("/admin/statements/demand/add/")
    page.fill("#id_wording", "Free everybody")

    with at_work.context.expect_page() as opened:
        page.click("#add_id_addressee")
    popup = opened.value
    popup.fill("#id_name", "the mayor of Example")
    with popup.expect_event("close"):
        popup.click("[name=_save]")

    page.wait_for_selector("#select2-id_addressee-container:has-text('the mayor of Example')")
    assert blocked(at_work) == []


def test_what_explains_a_group_of_boxes_begins_where_they_do(at_work):
    organisation = make_organisation("Dockers")
    text = make_text("Let her go", published=False, organisations=[organisation])
    make_naming(text, make_person("Amina Example", is_at_risk=True))
    page = at_work.page
    page.goto(f"/admin/statements/statement/{text.statement_id}/safety/")

    starts = [
        page.locator(one).first.bounding_box()["x"]
        for one in ("[name=may_be_indexed]", "#id_may_be_indexed_helptext")
    ]

    assert abs(starts[0] - starts[1]) < 20, starts
