"""Editors at work in Chromium: CKEditor under the strict policy, passages, saving, publishing."""

import re

from django.db import connection

from statements.models import Naming, Quotation, Text
from tests.factories import make_demand, make_person, make_text

ADD = "/admin/statements/statement/add/"
# The editor's own handlers are blocked on purpose, and carried out by static/js/editor.js; the
# frames of its menus begin with an address and a script that are blocked and not needed.
HARMLESS = re.compile(
    r"inline event handler|inline script|JavaScript URL|Permissions-Policy|favicon"
)


def editing_area(page, part="body"):
    """The part's editing area, once every editor of the page is ready to be worked with."""
    area = page.locator(f"#cke_id_{part} .cke_wysiwyg_div")
    page.locator("#cke_id_postscript .cke_wysiwyg_div").wait_for()
    area.wait_for()
    page.evaluate(
        """() => Promise.all(Object.values(CKEDITOR.instances).map((editor) =>
            editor.status === 'ready' || new Promise((done) => editor.on('instanceReady', done))
        )).then(() => true)"""
    )
    return area


def button(page, name, part="body"):
    return page.locator(f"#cke_id_{part} .cke_button__{name}")


def data(page, part="body"):
    return page.evaluate(f"CKEDITOR.instances.id_{part}.getData()").strip()


def select(page, words, part="body"):
    """Select words of the editing area, as somebody would with the mouse."""
    page.evaluate(
        """([part, words]) => {
            const editor = CKEDITOR.instances['id_' + part];
            editor.focus();
            const walker = document.createTreeWalker(editor.editable().$, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const start = node.data.indexOf(words);
                if (start < 0) continue;
                const range = editor.createRange();
                range.setStart(new CKEDITOR.dom.node(node), start);
                range.setEnd(new CKEDITOR.dom.node(node), start + words.length);
                range.select();
                return;
            }
            throw new Error('not in the text: ' + words);
        }""",
        [part, words],
    )
    # The editor takes a moment to notice where the focus is; nobody's hand is faster.
    page.wait_for_function(
        "part => CKEDITOR.instances[`id_${part}`].focusManager.hasFocus", arg=part
    )
    page.wait_for_timeout(250)


def choose(page, word, name):
    """Type a word into the open look-up, wait for its answer, and take what it offers first."""
    page.locator(".select2-container--open .select2-search__field:focus").wait_for()
    with page.expect_response(lambda response: f"term={word}&" in f"{response.url}&"):
        page.keyboard.type(word)
    page.locator(".select2-results__option--highlighted", has_text=name).wait_for()
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")
    page.locator(f'.select2-selection__rendered[title="{name}"]').wait_for()


def complaints(window):
    return [words for words in window.complaints if not HARMLESS.search(words)]


def test_an_editor_writes_quotes_saves_and_publishes(desk):
    demand = make_demand("Higher pay for the nurses")
    person = make_person("Amina Okoye")
    window = desk(ADD)
    page = window.page
    page.fill("#id_title", "Nurses on strike")
    editing_area(page).click()
    page.keyboard.type("Pay the nurses now, says Amina Okoye. ")
    button(page, "bold").click()
    page.keyboard.type("At once")
    button(page, "bold").click()
    page.keyboard.type(".")

    select(page, "nurses")
    button(page, "link").click()
    page.locator(".cke_dialog input.cke_dialog_ui_input_text:visible").nth(1).fill("example.org")
    page.locator(".cke_dialog_ui_button_ok").click()
    page.locator("#cke_id_body .cke_combo__format .cke_combo_button").click()
    menu = page.frame_locator("iframe.cke_panel_frame")
    menu.get_by_text("Heading 3").click()
    assert data(page) == (
        '<h3>Pay the <a href="http://example.org">nurses</a> now, says Amina Okoye.&nbsp;'
        "<strong>At once</strong>.</h3>"
    )

    select(page, "At once")
    button(page, "quotedemand").click()
    choose(page, "Higher", "Higher pay for the nurses")
    assert page.locator("#id_demands_made-0-quotations-0-words").input_value() == "At once"
    select(page, "Amina Okoye")
    button(page, "nameperson").click()
    choose(page, "Amina", "Amina Okoye")

    page.click("[name=_continue]")
    page.locator(".messagelist .success").wait_for()
    text = Text.objects.get()
    assert not text.is_public
    editing_area(page)
    page.click("[name=_publish]")
    page.get_by_text("Published as version 1.").wait_for()

    text.refresh_from_db()
    assert text.live_revision.body == (
        '<h3>Pay the <a href="http://example.org" rel="noopener noreferrer nofollow ugc">nurses</a>'
        " now, says Amina Okoye.&nbsp;<strong>At once</strong>.</h3>"
    )
    assert list(Quotation.objects.values_list("made__demand", "words", "in_live")) == [
        (demand.pk, "At once", True)
    ]
    assert Naming.objects.get().person == person
    assert complaints(window) == []
    assert window.foreign == []


def test_a_passage_is_quoted_by_keyboard_alone(desk):
    make_demand("Free elections")
    text = make_text(introduction="<p>They ask for free elections.</p>")
    page = desk(f"/admin/statements/statement/{text.statement_id}/change/").page
    editing_area(page, "introduction")

    select(page, "free elections", "introduction")
    page.keyboard.press("Alt+Shift+D")
    choose(page, "Free", "Free elections")
    page.locator("[name=_continue]").press("Enter")
    page.locator(".messagelist .success").wait_for()

    assert list(Quotation.objects.values_list("words", "field", "made__voice")) == [
        ("free elections", "introduction", "editors")
    ]


def test_words_go_into_the_row_that_waits_for_them(desk):
    """Whoever chose the person or the demand first, selects the words after that."""
    make_person("Amina Okoye")
    text = make_text(body="<p>Free Amina Okoye.</p>")
    page = desk(f"/admin/statements/statement/{text.statement_id}/change/").page
    editing_area(page)
    page.locator("#namings-group .field-person .select2-selection").first.click()
    choose(page, "Amina", "Amina Okoye")

    select(page, "Amina Okoye")
    page.keyboard.press("Alt+Shift+P")
    page.locator("#namings-group .select2-container--focus").wait_for()

    assert page.locator("#id_namings-0-spelling").input_value() == "Amina Okoye"
    assert page.locator('#namings-group input[name$="-spelling"]').count() == 2  # one is hidden
    page.click("[name=_continue]")
    page.locator(".messagelist .success").wait_for()
    assert list(Naming.objects.values_list("spelling", flat=True)) == ["Amina Okoye"]


def test_the_list_of_what_to_correct_leads_to_an_editor_and_a_look_up(desk):
    text = make_text(body="<p>Free Amina Okoye.</p>")
    page = desk(f"/admin/statements/statement/{text.statement_id}/change/").page
    editing_area(page)
    page.fill("#id_namings-0-spelling", "Amina Okoye")
    # Too long in an address, which takes no time to lay out.
    far = "'https://example.org/' + 'x'.repeat(300000)"
    page.evaluate(f"CKEDITOR.instances.id_body.setData('<p><a href=' + {far} + '>Far</a></p>')")
    page.click("[name=_continue]")

    page.locator(".to-mend a:focus").wait_for()
    page.locator(".to-mend a", has_text="Person").click()
    page.locator("#namings-group .select2-container--focus").wait_for()
    page.locator(".to-mend a", has_text="Body").click()

    page.locator("#id_body:focus").wait_for()


def test_a_plain_text_area_quotes_as_well(desk, settings):
    settings.RICH_TEXT_WIDGET = "django.forms.Textarea"
    text = make_text(body="<p>Pay us.</p>")
    page = desk(f"/admin/statements/statement/{text.statement_id}/change/").page

    page.evaluate("document.getElementById('id_body').setSelectionRange(3, 10)")
    page.focus("#id_body")
    page.get_by_role("button", name="Quote as demand").locator("visible=true").click()

    assert page.locator("#id_demands_made-0-quotations-0-words").input_value() == "Pay us."


def test_arabic_is_written_from_right_to_left(desk):
    window = desk("/ar" + ADD)
    page = window.page
    area = editing_area(page)

    page.fill("#id_language", "ar")
    page.locator("#id_language").press("Tab")
    page.fill("#id_title", "لا للإخلاء")
    area.click()
    page.keyboard.type("أوقفوا الإخلاء الآن.")

    assert (area.get_attribute("dir"), area.get_attribute("lang")) == ("rtl", "ar")
    assert page.locator("#id_title").get_attribute("dir") == "rtl"
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.click("[name=_continue]")
    page.locator(".messagelist .success").wait_for()
    assert Text.objects.get().working_revision.body == "<p>أوقفوا الإخلاء الآن.</p>"
    assert editing_area(page).get_attribute("dir") == "rtl"
    assert complaints(window) == []


HOSTILE = (
    '<p onclick="window.fired=1">Words</p><img src=x onerror="window.fired=1">'
    '<img src="http://attacker.example/pixel.png"><script>window.fired=1</script>'
    '<svg onload="window.fired=1"></svg><a href="javascript:window.fired=1">go</a>'
    '<a onclick="CKEDITOR.tools.callFunction(1,\'x\')" href="#">call</a>'
    "<!--{cke_protected}%3Cscript%3Ewindow.fired%3D1%3C%2Fscript%3E-->"
    '<video src="http://attacker.example/v" autoplay onerror="window.fired=1"></video>'
)


def test_stored_hostile_markup_does_not_fire_in_the_form(desk):
    text = make_text()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE statements_revision SET body = %s, introduction = %s WHERE id = %s",
            [HOSTILE, HOSTILE, text.working_revision_id],
        )

    window = desk(f"/admin/statements/statement/{text.statement_id}/change/")
    page = window.page
    editing_area(page).click()
    editing_area(page).get_by_text("go").click()

    assert page.evaluate("window.fired") is None
    assert window.foreign == []
    assert "attacker" not in data(page)
    assert "on" not in page.evaluate(
        "[...document.querySelectorAll('.cke_wysiwyg_div *')]"
        ".flatMap((one) => one.getAttributeNames()).map((name) => name.slice(0, 2))"
    )


def test_a_handler_in_the_text_is_never_carried_out(desk):
    """Even where one got past every cleaning: typed markup stays out of editor.js's reach."""
    page = desk(ADD).page
    area = editing_area(page)
    page.evaluate(
        """() => {
            window.called = [];
            const number = CKEDITOR.tools.addFunction(() => window.called.push('editor'));
            const call = `CKEDITOR.tools.callFunction(${number});`;
            const paragraph = document.createElement('p');
            paragraph.textContent = 'in the text';
            paragraph.setAttribute('onclick', call);
            document.querySelector('#cke_id_body .cke_wysiwyg_div').append(paragraph);
            const beside = document.createElement('p');
            beside.textContent = 'beside the editor';
            beside.setAttribute('onclick', call);
            document.querySelector('.submit-row').append(beside);
            const inside = document.createElement('span');
            inside.textContent = 'of the editor';
            inside.setAttribute('onclick', `window.called.push('code'); ${call}`);
            document.querySelector('#cke_id_body .cke_top').append(inside);
        }"""
    )

    area.get_by_text("in the text").click()
    page.get_by_text("beside the editor").click()
    page.get_by_text("of the editor", exact=True).click()

    assert page.evaluate("window.called") == []


def test_two_editors_lose_nothing(desk, browser):
    text = make_text("Title", body="<p>Pay the nurses.</p>")
    address = f"/admin/statements/statement/{text.statement_id}/change/"
    window = desk(address)
    second = window.page
    editing_area(second)
    first = window.context.new_page()
    first.goto(address)
    for page, words in ((first, "<p>Pay the doctors.</p>"), (second, "<p>Pay the cleaners.</p>")):
        editing_area(page)
        page.evaluate("(words) => CKEDITOR.instances.id_body.setData(words)", words)
        page.click("[name=_continue]")
        page.locator(".messagelist .success, .errornote").wait_for()

    second.locator(".conflict h2:focus").wait_for()
    assert second.locator(".conflict del", has_text="doctors").is_visible()
    assert data(second) == "<p>Pay the cleaners.</p>"
    second.click("[name=_continue]")
    second.locator(".messagelist .success").wait_for()
    assert list(text.revisions.values_list("body", flat=True)) == [
        "<p>Pay the cleaners.</p>",
        "<p>Pay the doctors.</p>",
        "<p>Pay the nurses.</p>",
    ]
