"""A statement's whole way through all hands: sent, asked about, published, corrected, withdrawn."""

import pytest
from django.utils import timezone

from statements.models import Statement, Submission
from tests.admin.signed_in import make_staff
from tests.browser.test_editor import complaints, editing_area
from tests.browser.test_submitting import Sender
from tests.factories import make_event, make_organisation, make_place

pytestmark = pytest.mark.django_db(transaction=True)


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
        self.page.click("#result_list a:has-text('No evictions')")
        if self.window.has_scripts:
            editing_area(self.page)

    def press(self, button):
        with self.page.expect_navigation():
            self.page.click(f"[name=_{button}]")


@pytest.mark.parametrize(("prefix", "scripts"), [("", True), ("/ar", False)])
def test_a_statement_goes_through_all_hands_from_its_sender_to_its_withdrawal(
    visit, prefix, scripts
):
    country = make_place("XA")
    event = make_event("Rent strike", public_since=timezone.now())
    event.places.add(country)
    make_organisation("Tenants of Example", country=country)
    make_staff("amina", "Moderators", "Publishers")
    make_staff("omar", "Publishers")

    organisation = visit(java_script_enabled=scripts)
    private_link = Sender(organisation, prefix).send(event=event.slug)
    moderator = Staff(visit(java_script_enabled=scripts), "amina", prefix)
    moderator.page.goto(moderator.desk)
    moderator.page.click("#waiting a, #quarantined a")
    moderator.act("take_up")
    moderator.act("ask", words="Who can confirm it?")

    organisation.page.goto(private_link)
    assert "Who can confirm it?" in organisation.page.text_content("#conversation")
    organisation.page.fill("#id_words", "Our secretary.")
    organisation.page.click("#conversation .button")
    assert "Our secretary." in organisation.page.text_content("#conversation")

    moderator.page.goto(moderator.desk)
    moderator.page.click("#mine a")
    assert "Our secretary." in moderator.page.text_content(".conversation")
    moderator.act("accept", words="Thank you.")
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
    assert reader.page.goto(f"{prefix}/statements/no-evictions/").status == 404
    reader.complaints.clear()
    for question in ("agreed", "wished", "may_be_indexed"):
        publisher.page.check(f"[name={question}][value=yes]")
    publisher.page.fill("#id_asked", "Their assembly, by letter.")
    publisher.page.fill("#id_review_on", f"{timezone.localdate().year + 1}-01-31")
    with publisher.page.expect_navigation():
        publisher.page.click("form:has(#id_asked) [type=submit]")
    publisher.open_statement()
    publisher.press("publish")

    assert reader.page.goto(f"{prefix}/statements/no-evictions/").status == 200
    assert reader.page.text_content("h1").strip() == "No evictions"
    assert "No family on the street!" in reader.page.text_content("main")

    publisher.open_statement()
    publisher.page.fill("#id_title", "No evictions at all")
    publisher.press("continue")
    # These words are the publisher's, so now it is the moderator's turn.
    moderator.open_statement()
    moderator.page.select_option("#id_change", "correction")
    moderator.page.fill("#id_note", "The title was cut short.")
    moderator.press("publish")
    reader.page.goto(f"{prefix}/corrections/")
    assert "The title was cut short." in reader.page.text_content("main")
    reader.page.click("main a:has-text('No evictions at all')")
    assert reader.page.text_content("h1").strip() == "No evictions at all"
    public = reader.page.url

    organisation.page.goto(private_link)
    assert "Thank you." in organisation.page.text_content("#conversation")
    organisation.page.click("a[href$='/withdraw/']")
    organisation.page.click("main form .button")
    assert reader.page.goto(public).status == 200
    moderator.page.goto(moderator.desk)
    moderator.page.click("#withdrawals a")
    moderator.act("grant_withdrawal", public_note="The tenants asked for it.")

    reader.page.goto(public)
    notice = reader.page.text_content("main")
    assert "The tenants asked for it." in notice
    assert "No family on the street!" not in notice
    assert Submission.objects.get().state == "withdrawn"
    windows = [organisation, moderator.window, publisher.window, reader]
    assert [each for window in windows for each in complaints(window)] == []
    assert [each for window in windows for each in window.foreign] == []
