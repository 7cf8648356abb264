"""Signing in with an authenticator app and with a passkey, under the strict policy."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.admin.signed_in import make_editor
from tests.browser.looking import violations

PASSWORD = "a long enough password"


@pytest.fixture
def desk(visit, db, settings):
    """A window, and an editor who must have a factor."""
    settings.STAFF_MFA_REQUIRED = True
    make_editor()
    return visit()


def give_password(page):
    page.goto("/account/sign-in/?next=/admin/")
    page.fill("#id_login", "editor")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")


def plug_in_key(window):
    """An authenticator of the device that checks its user, and says yes."""
    session = window.context.new_cdp_session(window.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def shown_by_app(secret, later=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def assert_accessible(page, *, colours=True):
    found = violations(page, colours=colours)
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_an_authenticator_app_is_set_up_and_signs_in(desk):
    page = desk.page
    give_password(page)
    page.wait_for_url("**/account/")
    page.click("a[href='/account/app/']")
    secret = page.input_value("#authenticator_secret")
    assert page.evaluate("document.querySelector('.qr').naturalWidth") > 0
    page.fill("#id_code", shown_by_app(secret))
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/codes/")
    assert len(page.input_value("#recovery_codes").split()) == 10
    page.check("#codes_saved")

    page.goto("/account/sign-out/")
    page.click("main form button")
    give_password(page)
    page.wait_for_url("**/account/sign-in/code/")
    page.fill("#id_code", shown_by_app(secret, later=1))
    page.keyboard.press("Enter")
    page.wait_for_selector("#user-tools")

    assert page.url.endswith("/admin/")
    assert (desk.complaints, desk.foreign) == ([], [])


def test_a_passkey_is_set_up_and_signs_in_alone(desk):
    page = desk.page
    plug_in_key(desk)
    give_password(page)
    page.wait_for_url("**/account/")
    page.goto("/account/passkeys/add/")
    assert page.is_checked("#id_passwordless")
    page.fill("#id_name", "Telephone")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/account/codes/")
    page.check("#codes_saved")
    assert Authenticator.objects.get(type="webauthn").wrap().name == "Telephone"

    page.goto("/account/sign-out/")
    page.click("main form button")
    page.goto("/account/sign-in/")
    page.click("#passkey_login")
    page.wait_for_selector("#user-tools")

    assert page.url.endswith("/admin/")
    assert (desk.complaints, desk.foreign) == ([], [])
    page.goto("/account/passkeys/")
    assert page.locator("main h2").all_inner_texts() == ["Telephone"]
    assert_accessible(page)


def test_the_pages_are_accessible_in_both_directions_and_schemes(visit, desk):
    for prefix, scheme, colours in (
        ("", "light", True),
        ("/de", "dark", True),
        ("/ar", "dark", False),
    ):
        page = visit(color_scheme=scheme).page
        page.goto(f"{prefix}/account/sign-in/")
        assert_accessible(page, colours=colours)
        page.fill("#id_login", "editor")
        page.fill("#id_password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/account/")
        for address in ("", "app/", "passkeys/", "passkeys/add/", "password/", "confirm/"):
            page.goto(f"{prefix}/account/{address}")
            assert_accessible(page, colours=colours)
