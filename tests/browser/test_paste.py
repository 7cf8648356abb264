"""What an editor pastes from a word processor arrives as text with its structure, and no more."""

import re

from statements.models import Text
from tests.browser.test_editor import ADD, complaints, data, editing_area
from tests.browser.word_processors import GOOGLE, LIBREOFFICE, WORD

PASTED = """([html]) => {
    const editor = CKEDITOR.instances.id_body;
    editor.focus();
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/html', html);
    clipboardData.setData('text/plain', 'words');
    editor.editable().$.dispatchEvent(
        new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true}));
}"""


def paste(page, html):
    """Paste as the browser does; the readers of foreign markup are fetched at the first time."""
    page.evaluate(PASTED, [html])
    page.locator("#cke_id_body .cke_wysiwyg_div", has_text=re.compile(r"\w")).wait_for()


def flat(html):
    return re.sub(r"\s*\n\s*", "", html)


def pasted(desk, html):
    window = desk(ADD)
    editing_area(window.page)
    paste(window.page, html)
    return window


def test_word_leaves_its_structure_alone(desk):
    window = pasted(desk, WORD)
    assert flat(data(window.page)) == (
        "<h2>Against the cuts</h2>"
        "<p><strong>We</strong> reject the <em>cuts</em> of 3&nbsp;March.</p>"
        '<ul><li>Withdraw the cuts</li><li>Reinstate <a href="https://example.org/katya">Katya'
        "</a><ul><li>with back pay</li></ul></li></ul>"
        "<ol><li>First step</li><li>Second step</li></ol>"
        "<p>See the agreement[1].</p>"
        "<table><tbody><tr><td><p><strong>Depot</strong></p></td><td><p>12&nbsp;%</p></td></tr>"
        "</tbody></table>"
    )
    assert complaints(window) == []
    assert window.foreign == []

    window.page.fill("#id_title", "Against the cuts")
    window.page.click("[name=_continue]")
    window.page.locator(".messagelist .success").wait_for()
    assert "span" not in Text.objects.get().working_revision.body


def test_libreoffice_leaves_its_structure_alone(desk):
    window = pasted(desk, LIBREOFFICE)
    assert flat(data(window.page)) == (
        "<h2>Against the cuts</h2><h3>Why</h3>"
        "<p><strong>We</strong> reject the <em>cuts</em>.</p>"
        "<ul><li><p>Withdraw the cuts</p></li></ul>"
        "<p>red <s>struck</s> x<sup>2</sup></p>"
    )
    assert complaints(window) == []


def test_google_leaves_its_structure_alone_and_none_of_its_addresses(desk):
    window = pasted(desk, GOOGLE)
    assert flat(data(window.page)) == (
        "<h2>Against the cuts</h2>"
        "<p><strong>We</strong> reject the <em>cuts</em>.</p>"
        '<ul><li>Reinstate<a href="https://example.org/katya"> Katya</a></li></ul>'
        "<table><tbody><tr><td><p>Depot</p></td></tr></tbody></table>"
    )
    assert complaints(window) == []


def test_pictures_are_not_pasted_and_the_form_says_so(desk):
    page = pasted(desk, '<p>Words <img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></p>').page

    assert data(page) == "<p>Words</p>"
    assert "Add them under “Attachments”" in page.locator("#passage-status").inner_text()


def test_a_passage_in_another_language_keeps_it_when_it_is_moved(desk):
    page = desk(ADD).page
    editing_area(page)
    moved = '<p>They say <span dir="ltr" lang="ru">свобода</span> here.</p>'
    page.evaluate(
        """(html) => new Promise((done) => {
            const editor = CKEDITOR.instances.id_body;
            editor.setData(html, () => {
                editor.focus();
                editor.execCommand('selectAll');
                const dataTransfer = new CKEDITOR.plugins.clipboard.dataTransfer(null, editor);
                editor.fire('paste', {
                    type: 'html',
                    method: 'paste',
                    dataTransfer,
                    dataValue: editor.getSelectedHtml(true),
                });
                done();
            });
        })""",
        moved,
    )

    assert 'lang="ru">свобода</span>' in data(page)


def test_a_list_looks_like_one_in_the_editor(desk):
    page = desk(ADD).page
    editing_area(page)
    page.evaluate("CKEDITOR.instances.id_body.setData('<ul><li>One</li></ul>')")
    entry = page.locator("#cke_id_body .cke_wysiwyg_div li")
    entry.wait_for()

    styles = entry.evaluate(
        "(li) => [getComputedStyle(li).listStyleType,"
        " getComputedStyle(li.parentElement).marginInlineStart]"
    )
    assert styles == ["disc", "0px"]
