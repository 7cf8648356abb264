"""Signing in (R-AU1 to R-AU6): passwords, codes, what is slowed down, what ends a session."""

import re
import time
from datetime import timedelta
from unittest.mock import patch

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client, TestCase, override_settings
from django.utils import timezone

from statements.account.adapter import FactorAdapter
from statements.models import AuditEntry, Limit
from tests.access import WAYS
from tests.admin.signed_in import make_editor

PASSWORD = "a long enough password"
ELSEWHERE = {"REMOTE_ADDR": "198.51.100.7"}


def make_staff(name="amina"):
    return make_editor(name)


def add_app(user):
    """An authenticator app, and what it shows at this moment (or so many steps later)."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)

    def code(later=0):
        return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))

    return code


def give_password(client, password=PASSWORD, name="amina", **extra):
    return client.post("/account/sign-in/", {"login": name, "password": password}, **extra)


def acts():
    return list(AuditEntry.objects.order_by("number").values_list("act", "code"))


@override_settings(STAFF_MFA_REQUIRED=True)
class FactorTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = make_staff()

    def test_without_a_factor_only_the_account_opens(self):
        give_password(self.client)

        for address in ("/admin/", "/admin/statements/statement/", "/de/admin/"):
            with self.subTest(address):
                prefix = "/de" if address.startswith("/de/") else ""
                self.assertRedirects(self.client.get(address), f"{prefix}/account/")
        self.assertContains(self.client.get("/account/"), "Set up a passkey or an authenticator")

    def test_without_a_factor_no_address_of_the_admin_answers_whoever_asks(self):
        boss = User.objects.create_superuser("boss", password=PASSWORD)
        give_password(self.client, name=boss.username)
        open_to_all = {"/admin/login/", "/admin/logout/", "/admin/jsi18n/"}
        for address in WAYS:
            path = re.sub(r"{[^}]+}", "1", address)
            if not path.startswith("/admin/") or path.partition("?")[0] in open_to_all:
                continue
            for ask in (self.client.get, self.client.post):
                with self.subTest(path, method=ask.__name__):
                    answer = ask(path)
                    self.assertEqual(
                        (answer.status_code, answer.get("Location")), (302, "/account/")
                    )

    def test_a_password_and_a_code_open_the_admin(self):
        code = add_app(self.user)
        response = give_password(self.client)
        self.assertRedirects(response, "/account/sign-in/code/")
        self.assertRedirects(
            self.client.get("/admin/"), "/admin/login/?next=/admin/", fetch_redirect_response=False
        )

        response = self.client.post("/account/sign-in/code/", {"code": code()})

        self.assertRedirects(response, "/admin/")
        self.assertEqual(acts(), [("sign-in", "password+totp")])

    def test_a_code_is_taken_once(self):
        code = add_app(self.user)()
        with patch("django.core.cache.cache.add", return_value=True):  # another process's cache
            for client, target in ((self.client, 302), (Client(), 200)):
                give_password(client)
                response = client.post("/account/sign-in/code/", {"code": code})
                self.assertEqual(response.status_code, target)

    def test_wrong_codes_are_slowed_down_and_recorded(self):
        code = add_app(self.user)
        give_password(self.client)
        wrong = f"{(int(code()) + 500_000) % 1_000_000:06}"
        for _try in range(5):
            self.client.post("/account/sign-in/code/", {"code": wrong})

        response = self.client.post("/account/sign-in/code/", {"code": code()})

        self.assertContains(response, "Too many attempts. Try again in 1 minute")
        self.assertEqual(acts(), [("factor-refused", "totp")] * 5)

    def test_a_session_that_showed_no_factor_must_show_it(self):
        add_app(self.user)
        self.client.force_login(self.user)

        self.assertRedirects(
            self.client.get("/admin/statements/event/?q=x"),
            "/account/confirm/code/?next=%2Fadmin%2Fstatements%2Fevent%2F%3Fq%3Dx",
        )

    def test_enrolling_opens_the_admin_and_gives_ten_long_codes_once(self):
        give_password(self.client)
        form = self.client.get("/account/app/").context["form"]
        code = format_hotp_value(hotp_value(form.secret, int(time.time()) // 30))
        with patch("django.db.transaction.on_commit", side_effect=lambda act, **options: act()):
            response = self.client.post("/account/app/", {"code": code})
        self.assertRedirects(response, "/account/codes/", fetch_redirect_response=False)

        codes = self.client.get("/account/codes/").context["unused_codes"]
        self.assertEqual(len(set(codes)), 10)
        self.assertTrue(all(len(one) == 20 for one in codes))  # 66 bits
        self.assertEqual(self.client.get("/admin/").status_code, 200)
        self.assertNotContains(self.client.get("/account/codes/"), codes[0])
        stored = str(list(Authenticator.objects.values_list("data", flat=True)))
        for secret in (form.secret, *codes):
            self.assertNotIn(secret, stored)

    def test_a_recovery_code_signs_in_once(self):
        add_app(self.user)
        code = RecoveryCodes.activate(self.user).generate_codes()[3]
        for client, target in ((self.client, 302), (Client(), 200)):
            give_password(client)
            response = client.post("/account/sign-in/code/", {"code": code})
            self.assertEqual(response.status_code, target)

    def test_lost_factors_can_be_taken_away(self):
        add_app(self.user)
        RecoveryCodes.activate(self.user)
        call_command("reset_mfa", "amina")

        self.assertRedirects(give_password(self.client), "/admin/", target_status_code=302)
        self.assertEqual(acts()[0], ("factors-reset", ""))
        self.assertFalse(Authenticator.objects.exists())

    def test_where_it_is_not_demanded_a_password_is_enough(self):
        with self.settings(STAFF_MFA_REQUIRED=False):
            self.assertRedirects(give_password(self.client), "/admin/")


class SlowingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = make_staff()

    @patch("statements.account.workflow.BY_NETWORK", (10, 3600))
    def test_more_tries_than_a_network_has_keep_nobody_out_elsewhere(self):
        with patch("django.contrib.auth.models.User.check_password", return_value=False) as check:
            for number in range(20):
                give_password(self.client, f"wrong {number}")
        self.assertEqual(check.call_count, 5)
        self.assertContains(give_password(self.client), "Too many attempts")

        response = give_password(Client(), **ELSEWHERE)

        self.assertRedirects(response, "/admin/", fetch_redirect_response=False)

    def test_the_wait_grows(self):
        def refused_after(right):
            """The wait that is asked for, after so many tries that were let through."""
            for _try in range(right + 1):
                response = give_password(self.client, "wrong")
            (error,) = response.context["form"].non_field_errors().as_data()
            return error.message.split("again in ")[-1].split(",")[0]

        def time_passes(seconds):
            Limit.objects.filter(ends_at__lt=timezone.now() + timedelta(seconds=seconds)).delete()

        waits = [refused_after(5)]
        time_passes(60)
        waits.append(refused_after(5))
        time_passes(60)
        waits.append(refused_after(0))
        time_passes(900)
        for seconds in (60, 900):
            waits.append(refused_after(5))
            time_passes(seconds)
        waits.append(refused_after(0))

        minute = "1 minute"
        self.assertEqual(waits, [minute, minute, "15 minutes", minute, minute, "60 minutes"])

    @patch("statements.account.workflow.BY_NETWORK", (10, 3600))
    def test_a_network_is_slowed_down_whatever_the_accounts(self):
        for number in range(10):
            give_password(self.client, name=f"nobody-{number}")

        self.assertContains(give_password(self.client), "Too many attempts")

    def test_the_right_password_starts_the_count_over(self):
        for _round in range(3):
            for _try in range(4):
                give_password(self.client, "wrong")
            self.assertEqual(give_password(Client()).status_code, 302)

    def test_what_failed_is_recorded_for_accounts_and_not_for_other_words(self):
        give_password(self.client, "wrong")
        give_password(self.client, "x", name="my password by mistake")

        self.assertEqual(acts(), [("password-refused", "")])


class SessionTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = make_staff()

    def sign_in(self):
        client = Client()
        give_password(client)
        return client

    def is_in(self, client):
        return client.get("/admin/").status_code == 200

    def test_signing_in_makes_a_new_session(self):
        before = self.sign_in()
        key = before.session.session_key
        before.post("/account/sign-out/")
        give_password(before)

        self.assertNotEqual(before.session.session_key, key)

    def test_signing_out_clears_what_the_browser_kept(self):
        self.client.force_login(self.user)
        page = self.client.get("/account/sign-out/")
        left = self.client.post("/account/sign-out/")

        self.assertNotIn("Clear-Site-Data", page.headers)
        self.assertEqual(left["Clear-Site-Data"], '"cache"')

    def test_half_an_hour_of_nothing_ends_it(self):
        client, now = self.sign_in(), time.time()
        with patch("statements.account.middleware.time.time") as clock:
            for minutes, expected in ((0, True), (29, True), (58, True), (89, False)):
                clock.return_value = now + minutes * 60
                self.assertEqual(self.is_in(client), expected, minutes)

    def test_eight_hours_end_it_however_busy(self):
        client, now = self.sign_in(), time.time()
        with patch("statements.account.middleware.time.time") as clock:
            for minutes in range(0, 8 * 60 + 1, 20):
                clock.return_value = now + minutes * 60
                self.assertTrue(self.is_in(client), minutes)
            clock.return_value = now + 8 * 3600 + 60
            self.assertFalse(self.is_in(client))

    def test_another_password_ends_the_other_sessions(self):
        here, there = self.sign_in(), self.sign_in()
        new = "quite another long one"
        response = here.post(
            "/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
        )

        self.assertEqual(response.status_code, 302)
        self.assertEqual((self.is_in(here), self.is_in(there)), (True, False))
        self.assertEqual(acts()[-1], ("credentials-changed", "password_changed"))

    def test_another_factor_ends_the_other_sessions(self):
        add_app(self.user)
        here, there = Client(), Client()
        for client, later in ((here, 0), (there, 1)):
            give_password(client)
            code = add_code(self.user, later)
            self.assertEqual(client.post("/account/sign-in/code/", {"code": code}).status_code, 302)
        here.post("/account/app/remove/")

        self.assertFalse(Authenticator.objects.filter(type="totp").exists())
        self.assertEqual((self.is_in(here), self.is_in(there)), (True, False))

    def test_other_sessions_can_be_ended_and_nobody_elses(self):
        here, there = self.sign_in(), self.sign_in()
        make_staff("basma")
        other = Client()
        give_password(other, name="basma")
        here.post("/account/sessions/end/")

        self.assertEqual([self.is_in(c) for c in (here, there, other)], [True, False, True])

    def test_whoever_is_deactivated_is_out_at_once(self):
        client = self.sign_in()
        User.objects.filter(pk=self.user.pk).update(is_active=False)

        self.assertFalse(self.is_in(client))

    def test_changing_factors_asks_again_after_five_minutes(self):
        client = self.sign_in()
        self.assertEqual(client.get("/account/app/").status_code, 200)
        with patch("statements.account.workflow.time.time", return_value=time.time() + 301):
            for address in ("/account/app/", "/account/passkeys/add/", "/account/codes/new/"):
                with self.subTest(address):
                    self.assertRedirects(
                        client.get(address),
                        f"/account/confirm/?next={address.replace('/', '%2F')}",
                    )


def add_code(user, later=0):
    app = Authenticator.objects.get(user=user, type="totp")
    secret = FactorAdapter().decrypt(app.data["secret"])
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


class PasswordTests(TestCase):
    def test_what_is_refused(self):
        user = User(username="amina-okoye")
        for password in ("short one", "password1234", "1qaz2wsx3edc", "amina-okoye-1234567"):
            with self.subTest(password), self.assertRaises(ValidationError):
                validate_password(password, user)
        site = self.settings(SITE_URL="https://solidarity.example")
        with site, self.assertRaises(ValidationError):
            validate_password("Solidarity2026!", user)

    def test_long_ones_and_phrases_are_taken(self):
        user = User(username="amina")
        for password in ("correct horse battery staple", "x7!" * 100):
            with self.subTest(password):
                self.assertIsNone(validate_password(password, user))

    def test_an_old_hash_is_made_anew_at_sign_in(self):
        hashers = [
            "django.contrib.auth.hashers.Argon2PasswordHasher",
            "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        ]
        with self.settings(PASSWORD_HASHERS=hashers):
            user = make_staff()
            user.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
            user.save()
            give_password(self.client)

            user.refresh_from_db()
            self.assertEqual(user.password.split("$")[0], "argon2")


class NoSignUpTests(TestCase):
    def test_there_is_nowhere_to_make_an_account_or_to_get_a_password_by_mail(self):
        for address in ("signup", "sign-up", "login", "email", "password/reset"):
            with self.subTest(address):
                self.assertEqual(self.client.get(f"/account/{address}/").status_code, 404)

    def test_the_page_speaks_the_languages_of_the_site(self):
        for prefix, word in (("", "Sign In"), ("/de", "Anmelden"), ("/ar", "تسجيل الدخول")):
            with self.subTest(prefix):
                self.assertContains(self.client.get(f"{prefix}/account/sign-in/"), word)
