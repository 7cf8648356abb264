"""What every answer of the site says in its headers (docs/security.md, R-WE2 and R-WE3)."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client, TestCase

from solidarity import csp, headers
from statements.models import Text
from statements.publishing.slugs import change_slug
from tests.factories import make_text
from tests.routes import (
    ACCOUNT,
    ANSWERS,
    BOOKS,
    CARDS,
    FEEDS,
    FILES,
    FORMS,
    PAGES,
    PICTURES,
    PLAIN,
    all_routes,
    make_dump,
    make_example_site,
)

# What is asked here is the same on any database.
pytestmark = pytest.mark.once

PREFIXES = {"en": "", "de": "/de", "ar": "/ar"}
PUBLIC_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
    " connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none';"
    " base-uri 'none'"
)
EDITOR_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self';"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'; frame-src 'none'"
)
EVERYWHERE = {
    "Content-Security-Policy": PUBLIC_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": headers.PERMISSIONS,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
ON_PAGES = EVERYWHERE | {
    "Cache-Control": "no-cache",
    "Content-Type": "text/html; charset=utf-8",
    "Vary": "Accept-Encoding",
}


def headers_of(response):
    """All headers but the one that is merely the size."""
    return {name: value for name, value in response.items() if name != "Content-Length"}


class RouteTests(TestCase):
    def test_every_route_is_in_the_tables(self):
        routes = {route for route in all_routes() if not route.startswith("admin/")}

        self.assertEqual(
            routes,
            set().union(PAGES, CARDS, PICTURES, BOOKS, PLAIN, FEEDS, FILES, FORMS, ACCOUNT),
        )


class ReadersHeadersTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_example_site()

    def test_every_page_answers_with_the_same_headers_and_no_cookie(self):
        for language, prefix in PREFIXES.items():
            for address in PAGES.values():
                with self.subTest(prefix + address):
                    response = self.client.get(prefix + address)

                    self.assertEqual(response.status_code, 200)
                    self.assertEqual(
                        headers_of(response), ON_PAGES | {"Content-Language": language}
                    )
                    self.assertEqual(response.cookies.output(), "")

    def test_a_page_is_the_same_for_staff(self):
        staff = Client()
        staff.force_login(get_user_model().objects.create_superuser("amina"))
        for address in PAGES.values():
            with self.subTest(address):
                one, other = self.client.get(address), staff.get(address)

                self.assertEqual(other.content, one.content)
                self.assertEqual(headers_of(other), headers_of(one))

    def test_pages_with_forms_are_kept_and_found_by_nobody(self):
        for language, prefix in PREFIXES.items():
            for address in FORMS.values():
                with self.subTest(prefix + address):
                    response = self.client.get(prefix + address)

                    own = {
                        "Cache-Control": "no-store",
                        "X-Robots-Tag": "noindex",
                        "Content-Language": language,
                    }
                    self.assertLessEqual((EVERYWHERE | own).items(), headers_of(response).items())

    def test_a_card_may_be_shown_anywhere_and_do_nothing(self):
        policy = PUBLIC_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
        for directive in ("script-src", "connect-src"):
            policy = policy.replace(f"{directive} 'self'", f"{directive} 'none'")
        shown = {name: value for name, value in EVERYWHERE.items() if name != "X-Frame-Options"}
        shown |= {"Content-Security-Policy": policy, "Cross-Origin-Resource-Policy": "cross-origin"}
        for prefix in PREFIXES.values():
            for address in CARDS.values():
                with self.subTest(prefix + address):
                    response = self.client.get(prefix + address)

                    self.assertEqual(response.status_code, 200)
                    self.assertLessEqual(shown.items(), headers_of(response).items())
                    self.assertNotIn("X-Frame-Options", response)
                    self.assertEqual(response.cookies.output(), "")
                    self.assertNotContains(response, "<script")

    def test_a_picture_may_be_shown_anywhere(self):
        shown = EVERYWHERE | {"Cross-Origin-Resource-Policy": "cross-origin"}
        for address in PICTURES.values():
            response = self.client.get(address)

            self.assertEqual(response.status_code, 200)
            self.assertLessEqual(shown.items(), headers_of(response).items())
            self.assertEqual(response.cookies.output(), "")

    def test_plain_answers_have_the_headers_too(self):
        for address in ANSWERS:
            with self.subTest(address):
                response = self.client.get(address)

                self.assertEqual(response.status_code, 200)
                self.assertLessEqual(EVERYWHERE.items(), headers_of(response).items())
                self.assertEqual(response.cookies.output(), "")

    def test_files_may_do_nothing_at_all(self):
        make_dump()
        for address in FILES.values():
            with self.subTest(address):
                response = self.client.get(address)

                self.assertEqual(response.status_code, 200)
                expected = EVERYWHERE | {"Content-Security-Policy": "default-src 'none'; sandbox"}
                self.assertLessEqual(expected.items(), headers_of(response).items())
                self.assertEqual(response.cookies.output(), "")

    def test_whoever_keeps_what_may_be_taken_back_asks_before_using_it_again(self):
        """Nor can an older day than that of what was taken out say that nothing changed."""
        feeds = [f"{address}.atom" for address in FEEDS.values()]
        others = (*PICTURES.values(), *BOOKS.values(), *CARDS.values())
        carried = [*feeds, *others, "/data/statements.jsonl.gz", "/statements/no-evictions.md"]
        make_dump()
        for address in carried:
            with self.subTest(address):
                response = self.client.get(address)

                self.assertEqual(
                    (response.status_code, response["Cache-Control"]), (200, "no-cache")
                )
                self.assertNotIn("Last-Modified", response)
        make_text("Moved", slug="moved")
        change_slug(Text.objects.get(slug="moved"), "moved-on")
        self.assertEqual(self.client.get("/statements/moved/")["Cache-Control"], "no-cache")

    def test_what_is_not_there_says_so_with_the_headers(self):
        for prefix in PREFIXES.values():
            for address in ("/nothing/", "/statements/nothing/", "/places/nothing/"):
                with self.subTest(prefix + address):
                    response = self.client.get(prefix + address)

                    self.assertEqual(response.status_code, 404)
                    self.assertTemplateUsed(response, "404.html")
                    self.assertLessEqual(ON_PAGES.items(), headers_of(response).items())
                    self.assertEqual(response.cookies.output(), "")

    def test_static_files_have_the_headers(self):
        response = self.client.get("/static/img/mark.svg")

        self.assertEqual(response.status_code, 200)
        self.assertLessEqual(EVERYWHERE.items(), headers_of(response).items())
        self.assertNotIn("Access-Control-Allow-Origin", response)

    def test_refusals_have_the_headers(self):
        for response in (
            self.client.get("/statements/?place=%00"),
            self.client.get("/", headers={"host": "elsewhere.example"}),
            self.client.post("/"),
        ):
            with self.subTest(response.status_code):
                self.assertGreaterEqual(response.status_code, 400)
                self.assertLessEqual(EVERYWHERE.items(), headers_of(response).items())


class HttpsTests(TestCase):
    def test_the_policy_upgrades_only_where_the_site_is_on_https(self):
        self.assertNotIn(csp.UPGRADE, settings.SECURE_CSP)
        self.assertEqual(
            csp.build(csp.PUBLIC | {csp.UPGRADE: True}),
            PUBLIC_POLICY + "; upgrade-insecure-requests",
        )

    def test_every_page_sends_to_https_but_the_health_check(self):
        with self.settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=60):
            client = Client()
            page, health = client.get("/about/"), client.get("/healthz")
            secure = client.get("/healthz", secure=True)

        self.assertEqual((page.status_code, page["Location"]), (301, "https://testserver/about/"))
        self.assertEqual(health.status_code, 200)
        self.assertEqual(secure["Strict-Transport-Security"], "max-age=60")


class AccountHeadersTests(TestCase):
    """The pages on which staff sign in, as strangers and as staff get them."""

    def answers(self, client):
        for prefix in PREFIXES.values():
            for address in ACCOUNT.values():
                yield address, client.get(prefix + address)

    def check(self, address, response, **other):
        with self.subTest(address):
            own = {
                "Cache-Control": "no-store",
                "X-Robots-Tag": "noindex",
                "Cross-Origin-Embedder-Policy": "require-corp",
            }
            self.assertLessEqual((EVERYWHERE | own | other).items(), headers_of(response).items())

    def test_a_stranger_comes_to_the_form_to_sign_in_whatever_is_asked_for(self):
        shown = set()
        for address, response in self.answers(Client()):
            self.check(address, response)
            if response.status_code == 200:
                shown.add(address)
            else:
                self.assertRegex(response["Location"], r"^(/de|/ar)?/account/sign-in/(\?next=|$)")

        self.assertEqual(shown, {"/account/sign-in/", "/account/inactive/"})

    def test_nothing_of_an_account_is_kept_found_or_framed(self):
        staff = Client()
        staff.force_login(get_user_model().objects.create_superuser("amina"))
        for address, response in self.answers(staff):
            with_picture = PUBLIC_POLICY.replace("img-src 'self'", "img-src 'self' data:")
            policy = f"{with_picture}; frame-src 'none'" if address == "/account/app/" else None
            self.check(address, response, **{"Content-Security-Policy": policy or PUBLIC_POLICY})
            self.assertLess(response.status_code, 500)


class AdminHeadersTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.staff = get_user_model().objects.create_superuser("amina")

    def addresses(self):
        for route in all_routes():
            if route.startswith("admin/") and "<" not in route and "(" not in route:
                yield "/" + route

    def test_there_are_pages_to_walk(self):
        nouns = set(self.addresses())

        self.assertGreater(len(nouns), 30)
        self.assertLess({"/admin/", "/admin/statements/statement/"}, nouns)

    def test_nothing_of_the_admin_is_kept_found_or_framed(self):
        self.client.force_login(self.staff)
        for address in self.addresses():
            with self.subTest(address):
                response = self.client.get(address)

                self.assertEqual(response["Cache-Control"], "no-store")
                self.assertEqual(response["X-Robots-Tag"], "noindex")
                self.assertEqual(response["Cross-Origin-Embedder-Policy"], "require-corp")
                self.assertIn(response["Content-Security-Policy"], (PUBLIC_POLICY, EDITOR_POLICY))
                expected = EVERYWHERE | {
                    "Content-Security-Policy": response["Content-Security-Policy"]
                }
                self.assertLessEqual(expected.items(), headers_of(response).items())

    def test_the_weaker_policy_is_for_pages_with_the_editor_alone(self):
        self.client.force_login(self.staff)
        weaker = {
            address
            for address in self.addresses()
            if self.client.get(address)["Content-Security-Policy"] == EDITOR_POLICY
        }

        self.assertEqual(
            weaker, {"/admin/statements/statement/add/", "/admin/statements/sitesettings/add/"}
        )
        for address in weaker:
            self.assertContains(self.client.get(address), "ckeditor")

    def test_a_stranger_gets_the_form_to_sign_in_and_nothing_to_keep(self):
        for address in self.addresses():
            with self.subTest(address):
                response = self.client.get(address)

                self.assertEqual(response["Cache-Control"], "no-store")
                self.assertEqual(response["Content-Security-Policy"], PUBLIC_POLICY)
                if address == "/admin/logout/":
                    target = "/admin/"
                elif address == "/admin/login/":
                    target = "/account/sign-in/?next=%2Fadmin%2F"
                else:
                    target = f"/admin/login/?next={address}"
                self.assertRedirects(response, target, fetch_redirect_response=False)

    def test_the_cookies_of_staff_are_for_this_site_and_not_for_scripts(self):
        password = "three blind mice"
        self.staff.set_password(password)
        self.staff.save()
        self.client.get("/account/sign-in/")
        self.client.post("/account/sign-in/", {"login": "amina", "password": password})

        cookies = {
            name: (one["httponly"], one["samesite"], one["domain"], one["path"])
            for name, one in self.client.cookies.items()
        }
        own = (True, "Lax", "", "/")
        self.assertEqual(cookies, {"session": own, "csrf": own})


@pytest.mark.parametrize(
    ("site", "preload", "promised"),
    [
        ("https://statements.example", "", False),
        ("https://statements.example", "1", True),
        ("http://127.0.0.1:8000", "1", False),
    ],
)
def test_only_an_operator_on_https_promises_preload(settings_for, site, preload, promised):
    settings = settings_for(SITE_URL=site, HSTS_PRELOAD=preload)

    assert settings.SECURE_HSTS_PRELOAD is promised


@pytest.mark.parametrize(
    ("site", "session", "secure"),
    [
        ("https://statements.example", "__Host-session", True),
        ("http://127.0.0.1:8000", "session", False),
    ],
)
def test_cookies_fit_the_address_of_the_site(settings_for, site, session, secure):
    settings = settings_for(SITE_URL=site)

    assert session == settings.SESSION_COOKIE_NAME
    assert settings.SESSION_COOKIE_SECURE is settings.CSRF_COOKIE_SECURE is secure
    assert settings.SECURE_SSL_REDIRECT is secure
    assert ("upgrade-insecure-requests" in settings.SECURE_CSP) is secure
