"""A statement's whole way through all hands: sent, asked about, published, corrected, withdrawn."""

import pytest
from django.utils import timezone

from statements.models import Statement, Submission
from tests.admin.signed_in import make_staff
from tests.browser.test_editor import complaints, editing_area
from tests.browser.test_submitting import ENGLISH, Sender
from tests.factories import make_event, make_organisation, make_place

pytestmark = pytest.mark.django_db(transaction=True)

# What is said on the way, in each of two directions of writing.
IN_ENGLISH = ENGLISH | {
    "event": "Rent strike",
    "question": "Who can confirm it?",
    "answer": "Our secretary.",
    "thanks": "Thank you.",
    "new_title": "No evictions at all",
    "note": "The title was cut short.",
    "why": "The tenants asked for it.",
}
IN_ARABIC = {
    "organisation_name": "مستأجرو المثال",
    "language": "ar",
    "title": "لا لإخلاء البيوت",
    "text": "نطلب من المجلس وقف الإخلاء في 2026 (Example Harbour).\n\n•\tلا أسرة في الشارع!",
    "demands": "لا أسرة في الشارع!",
    "event": "إضراب الإيجار",
    "question": "من يستطيع تأكيده؟",
    "answer": "أمينة سرّنا.",
    "thanks": "شكراً لكم.",
    "new_title": "لا لإخلاء أي بيت",
    "note": "كان العنوان ناقصاً.",
    "why": "طلبه المستأجرون.",
}


@pytest.fixture(autouse=True)
def address(live_server, settings):
    """Private links begin with the site's own address."""
    settings.SITE_URL = live_server.url
    settings.PROOF_OF_WORK_BITS = 8


class Staff:
    """Somebody at work in the admin, by what its forms are called: their words are translated."""

    def __init__(self, window, name, prefix):
        window.sign_in(name)
        self.window, self.page, self.prefix = window, window.page, prefix
        self.desk = f"{prefix}/admin/"

    def act(self, act, **typed):
        """Decide on the submission that is open."""
        form = self.page.locator(f"form:has([name=act][value={act}])")
        if typed:
            self.page.click(f"details:has([name=act][value={act}]) > summary")
        for name, words in typed.items():
            form.locator(f"[name={act}-{name}]").fill(words)
        with self.page.expect_navigation():
            form.locator("[type=submit]").click()

    def open_statement(self):
        self.page.goto(f"{self.desk}statements/statement/")
        self.page.click("#result_list .field-title a")
        if self.window.has_scripts:
            editing_area(self.page)

    def press(self, button):
        with self.page.expect_navigation():
            self.page.click(f"[name=_{button}]")


@pytest.mark.parametrize(
    ("prefix", "scripts", "said"), [("", True, IN_ENGLISH), ("/ar", False, IN_ARABIC)]
)
def test_a_statement_goes_through_all_hands_from_its_sender_to_its_withdrawal(
    visit, prefix, scripts, said
):
    country = make_place("XA")
    event = make_event(said["event"], public_since=timezone.now())
    event.places.add(country)
    make_organisation(said["organisation_name"], country=country)
    make_staff("amina", "Moderators", "Publishers")
    make_staff("omar", "Publishers")

    organisation = visit(java_script_enabled=scripts)
    private_link = Sender(organisation, prefix).send(event=event.slug, words=said)
    moderator = Staff(visit(java_script_enabled=scripts), "amina", prefix)
    moderator.page.goto(moderator.desk)
    moderator.page.click("#waiting a, #quarantined a")
    moderator.act("take_up")
    moderator.act("ask", words=said["question"])

    organisation.page.goto(private_link)
    assert said["question"] in organisation.page.text_content("#conversation")
    organisation.page.fill("#id_words", said["answer"])
    organisation.page.click("#conversation .button")
    assert said["answer"] in organisation.page.text_content("#conversation")

    moderator.page.goto(moderator.desk)
    moderator.page.click("#mine a")
    assert said["answer"] in moderator.page.text_content(".conversation")
    moderator.act("accept", words=said["thanks"])
    statement = Statement.objects.get()

    # Whoever made the draft leaves it to somebody else.
    moderator.open_statement()
    assert moderator.page.locator("[name=_publish]").count() == 0
    publisher = Staff(visit(java_script_enabled=scripts), "omar", prefix)
    publisher.open_statement()
    publisher.press("publish")
    assert publisher.page.url.endswith(
        f"{prefix}/admin/statements/statement/{statement.pk}/safety/"
    )
    reader = visit(java_script_enabled=scripts)
    address = f"{prefix}/statements/{statement.texts.get().slug}/"
    assert reader.page.goto(address).status == 404
    reader.complaints.clear()
    for question in ("agreed", "wished", "may_be_indexed"):
        publisher.page.check(f"[name={question}][value=yes]")
    publisher.page.fill("#id_asked", "Their assembly, by letter.")
    publisher.page.fill("#id_review_on", f"{timezone.localdate().year + 1}-01-31")
    with publisher.page.expect_navigation():
        publisher.page.click("form:has(#id_asked) [type=submit]")
    publisher.open_statement()
    publisher.press("publish")

    assert reader.page.goto(address).status == 200
    assert reader.page.text_content("h1").strip() == said["title"]
    assert said["demands"] in reader.page.text_content("main")
    # In an interface of the other direction the words keep their own.
    reader.page.goto(address.removeprefix(prefix) if prefix else f"/ar{address}")
    assert reader.page.get_attribute("html", "dir") == ("ltr" if prefix else "rtl")
    for words in (said["title"], said["demands"]):
        around = reader.page.locator("main [lang][dir]", has_text=words).last
        found = (around.get_attribute("lang"), around.get_attribute("dir"))
        assert found == (("ar", "rtl") if prefix else ("en", "ltr"))

    publisher.open_statement()
    publisher.page.fill("#id_title", said["new_title"])
    publisher.press("continue")
    # These words are the publisher's, so now it is the moderator's turn.
    moderator.open_statement()
    moderator.page.select_option("#id_change", "correction")
    moderator.page.fill("#id_note", said["note"])
    moderator.press("publish")
    reader.page.goto(f"{prefix}/corrections/")
    assert said["note"] in reader.page.text_content("main")
    reader.page.click(f"main a:has-text('{said['new_title']}')")
    assert reader.page.text_content("h1").strip() == said["new_title"]
    public = reader.page.url

    organisation.page.goto(private_link)
    assert said["thanks"] in organisation.page.text_content("#conversation")
    organisation.page.click("a[href$='/withdraw/']")
    organisation.page.click("main form .button")
    assert reader.page.goto(public).status == 200
    moderator.page.goto(moderator.desk)
    moderator.page.click("#withdrawals a")
    moderator.act("grant_withdrawal", public_note=said["why"])

    reader.page.goto(public)
    notice = reader.page.text_content("main")
    assert said["why"] in notice
    assert said["demands"] not in notice
    assert Submission.objects.get().state == "withdrawn"
    windows = [organisation, moderator.window, publisher.window, reader]
    assert [each for window in windows for each in complaints(window)] == []
    assert [each for window in windows for each in window.foreign] == []
