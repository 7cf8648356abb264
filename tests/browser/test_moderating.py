"""A moderator at work: the whole review by keyboard, and every page of it read by axe."""

import pytest

from statements.models import Statement, Submission
from statements.submissions import workflow
from tests.admin.signed_in import make_staff
from tests.browser.looking import LOOKS, WIDER_THAN_THE_WINDOW, violations
from tests.browser.test_submitting import Sender
from tests.factories import (
    make_event,
    make_organisation,
    make_person,
    make_reason,
    make_submission,
    make_text,
)
from tests.test_likeness import TEXT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def address(live_server, settings):
    """Private links begin with the site's own address."""
    settings.SITE_URL = live_server.url
    settings.PROOF_OF_WORK_BITS = 8


@pytest.fixture
def moderator(visit):
    """A window with a moderator signed in."""
    account = make_staff("amina", "Moderators", password="a long enough password")

    def sit_down(path="/admin/", **options):
        window = visit(**options)
        window.sign_in("amina")
        window.page.goto(path)
        window.account = account
        return window

    return sit_down


def fill_the_desk(account):
    """One submission of every kind, and one of which everything is known."""
    make_organisation("Tenants of Example"), make_event("Rent strike")
    make_person("Amina Okoye", shown_as="withheld")
    make_text("Retyped", body=f"<p>{TEXT}</p>")
    make_text("Miete", language="de", issued="2020-08", organisations=[make_organisation("Mieter")])
    rich = make_submission(
        f"{TEXT}\n\nFree Amina Okoye! Mieter, Rent strike. https://tenants.example/x",
        organisation_name="Tеnants of Example",  # noqa: RUF001
        organisation_website="https://tenants.example/",
        note="Call us.",
        risk="yes",
        doubts=["links"],
        url="https://tenants.example/1",
    )
    fields = {"sender": "other", "organisation_name": "Tеnants of Example", "risk": "yes"}  # noqa: RUF001
    workflow.correct(
        rich, title="Corrected", text=f"{rich.text} Now.", language="en", issued=None, **fields
    )
    for number, act in enumerate((None, None, "ask", "request_changes", "decline", "accept")):
        one = make_submission(f"Text number {number}.", title=f"Number {number}")
        if act:
            workflow.take_up(one, by=account)
            more = {"reason": "scope"} if act == "decline" else {"words": "Who?"}
            getattr(workflow, act)(one, by=account, **more)
        if act == "ask":
            workflow.answer(one, words="We.")
    workflow.withdraw(one)
    workflow.take_up(rich, by=account)
    make_submission("نطالب بوقف الإخلاءات.", title="لا للإخلاء", language="ar")
    return rich, one


@pytest.mark.parametrize(("prefix", "look"), [("", "light"), ("", "dark"), ("/ar", "narrow")])
def test_axe_finds_nothing_on_the_desk_and_the_review(moderator, prefix, look):
    make_reason("scope"), make_reason("garbled")
    window = moderator(**LOOKS[look])
    rich, taken_back = fill_the_desk(window.account)
    waiting = Submission.objects.waiting().first()
    faults = {}

    def look_at(name):
        for one in violations(window.page, colours=look != "narrow"):
            faults[f"{name} {one['id']}"] = [node["html"][:200] for node in one["nodes"]]
        if window.page.evaluate(WIDER_THAN_THE_WINDOW):
            faults[f"{name} is too wide"] = []

    here = f"{prefix}/admin/statements/submission/"
    for path in (f"{prefix}/admin/", *(f"{here}{one.pk}/change/" for one in (waiting, taken_back))):
        window.page.goto(path)
        look_at(path)
    window.page.goto(f"{here}{rich.pk}/change/?decline=scope")
    for summary in window.page.locator(".acts summary").all():
        summary.click()
        look_at(f"review, {summary.text_content()}")

    assert faults == {}
    assert window.complaints == []
    assert window.foreign == []


class Keyboard:
    """Somebody who goes through a page with the Tab key, and sees on the way where they are."""

    def __init__(self, page):
        self.page = page

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def press_access_key(self, key):
        """Alt and the key. Playwright's own `press` leaves out the letter that access keys need."""
        stroke = {"key": key, "text": key, "unmodifiedText": key, "modifiers": 1}
        devtools = self.page.context.new_cdp_session(self.page)
        devtools.send("Input.dispatchKeyEvent", {"type": "keyDown", **stroke})

    def to(self, words):
        """Tab until what bears these words has the focus."""
        for _ in range(150):
            self.press("Tab")
            name = self.page.evaluate(
                """() => {
                    const at = document.activeElement;
                    const label = at.labels && at.labels[0];
                    return (label || at).textContent.trim() || at.value || '';
                }"""
            )
            if name == words:
                assert self.is_marked(), f"nobody sees that {words} has the focus"
                return
        raise AssertionError(f"no Tab leads to {words}")

    def is_marked(self):
        """Whether it looks otherwise than without the focus."""
        return self.page.evaluate(
            """() => {
                const at = document.activeElement;
                const look = () => {
                    const style = getComputedStyle(at);
                    return [style.outline, style.boxShadow, style.borderColor,
                        style.backgroundColor].join();
                };
                const focused = look();
                at.blur();
                const other = look();
                at.focus({focusVisible: true});
                return focused !== other;
            }"""
        )

    def choose(self, words):
        self.to(words)
        with self.page.expect_navigation():
            self.press("Enter")


def test_a_whole_review_by_keyboard_alone(moderator):
    make_reason("scope", en="It is about something else.")
    for title in ("First", "Second"):
        make_submission(f"Words of {title}.", title=title)
    page = moderator().page
    keys = Keyboard(page)

    keys.choose("Next submission")
    assert page.text_content("h1") == "First"
    keys.choose("Take it up")
    keys.to("Ask the sender")
    keys.press("Enter")
    keys.to("Words to the sender")
    page.keyboard.type("Who agreed?")
    keys.choose("Ask")
    assert "Who agreed?" in page.text_content(".conversation")
    keys.to("Accept")
    keys.press("Enter")
    keys.choose("Accept")
    assert Statement.objects.titled().get().working_title == "First"

    # The way to the next one stands beside the draft, too.
    assert "/admin/statements/statement/" in page.url
    keys.press_access_key("n")
    page.wait_for_url("**/submission/*/change/**")
    assert page.text_content("h1") == "Second"
    keys.choose("Take it up")
    # Whoever came past the menus has the place in the address, to which the next page would lead.
    keys.choose("Skip to main content")
    keys.to("Decline")
    keys.press("Enter")
    keys.to("scope in en")
    keys.press("Space")
    keys.choose("Go on with this reason")
    assert page.input_value(":focus") == "It is about something else."
    page.keyboard.type("Sorry. ")
    keys.choose("Decline")

    first, second = Submission.objects.order_by("pk")
    assert (first.state, second.state, second.reason) == ("accepted", "declined", "scope")
    assert "Sorry." in second.messages.get().words


def test_the_words_of_a_text_stand_in_one_face(moderator):
    """Arabic faces have figures and marks too: before a Latin face they would take them."""
    one = make_submission("In 2020, we said: no!", title="Quay 4, night shift", language="en")
    window = moderator(f"/admin/statements/submission/{one.pk}/change/")
    devtools = window.context.new_cdp_session(window.page)
    devtools.send("DOM.enable"), devtools.send("CSS.enable")
    root = devtools.send("DOM.getDocument", {"depth": -1})["root"]["nodeId"]

    faces = {}
    for name in (".sent-words h3", ".sent-words p"):
        node = devtools.send("DOM.querySelector", {"nodeId": root, "selector": name})
        used = devtools.send("CSS.getPlatformFontsForNode", {"nodeId": node["nodeId"]})
        faces[name] = [face["familyName"] for face in used["fonts"]]

    assert {name: len(used) for name, used in faces.items()} == dict.fromkeys(faces, 1), faces


def test_without_scripts_a_statement_is_corrected_as_asked_and_accepted(visit, moderator):
    sender = visit(java_script_enabled=False)
    link = Sender(sender).send()
    desk = moderator(java_script_enabled=False)
    desk.page.click("text=No evictions")
    desk.page.click("text=Take it up")
    desk.page.click("summary:has-text('Ask for changes')")
    desk.page.fill("#id_request_changes-words", "Name the town.")
    desk.page.click("[value='Ask for changes']")

    sender.page.goto(link)
    assert "Name the town." in sender.page.text_content("main")
    sender.page.click("text=Correct it")
    sender.page.fill("#id_text", "No family of Example Harbour on the street!")
    sender.page.click("form .button")

    desk.page.goto("/admin/")
    desk.page.click("#mine a")
    assert "of Example Harbour" in desk.page.text_content("ins")
    desk.page.click("summary:has-text('Accept')")
    desk.page.fill("#id_accept-words", "Thank you.")
    desk.page.click("[value='Accept'][type=submit]")
    assert "/admin/statements/statement/" in desk.page.url

    sender.page.goto(link)
    words = sender.page.text_content("main")
    assert "Accepted" in words
    assert "Thank you." in words
    assert desk.complaints == []


@pytest.mark.parametrize(("prefix", "look"), [("", "light"), ("/ar", "narrow")])
def test_the_sender_reads_what_is_proposed_and_accepts_it(visit, moderator, prefix, look):
    window = visit(**LOOKS[look])
    sender = Sender(window, prefix, colours=look != "narrow")
    link = sender.send()
    desk = moderator()
    desk.page.click("#waiting a, #quarantined a")
    desk.page.click("text=Take it up")
    desk.page.click("summary:has-text('Propose changes')")
    desk.page.fill("#id_propose-text", "Line two.\n\nNo family on the street!")
    desk.page.click("[value='Propose them']")
    assert "two" in desk.page.text_content("ins")

    window.page.goto(link)
    window.page.click("a[href$='/proposal/']")
    sender.look("proposal")
    window.page.click("[value=accept]")
    assert Submission.objects.get().text == "Line two.\n\nNo family on the street!"
    assert sender.faults == {}
