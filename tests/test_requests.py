"""What strangers may send: addresses, host names, methods (docs/security.md, R-WE4, 5 and 11)."""

import contextlib
import io
import logging
import re
import time
from urllib.parse import quote, unquote, urlsplit

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase
from django.urls import path

from solidarity.urls import urlpatterns as site_urlpatterns
from tests.routes import ANSWERS, PAGES, make_example_site

PARTS = [
    "%00",
    "no-evictions%00",
    "%FF%FE",
    "%ED%A0%80",
    "%F0%9F%92%A5",
    "%E2%80%AE",
    "%0d%0aSet-Cookie:%20a=b",
    "..%2f..%2fetc%2fpasswd",
    "%5c%5cevil.example",
    "'%22%3E%3Cscript%3E",
    "{{7*7}}",
    "%25",
    "%2500",
    "0",
    "-1",
    "1e9",
    "9" * 20,
    "9" * 5000,
    "a" * 3000,
    quote("ا" * 500),
    quote("𝔘" * 120),
]
WORST = ("%00", "%FF%FE", "9" * 20, "a" * 3000)
FILTERS = (
    *("event", "organisation", "place", "from", "tag", "language", "kind", "demand", "year"),
    *("after", "before", "page", "q", "sort", "type", "state"),
)


class BrokenAddressTests(TestCase):
    """Never a 500: in tests, an exception in a view would come through and fail."""

    @classmethod
    def setUpTestData(cls):
        make_example_site()

    def answers(self, addresses):
        """The addresses whose answer is none of those that a broken one may have."""
        return {
            address[:80]: status
            for address in addresses
            if (status := self.client.get(address).status_code) not in (200, 302, 400, 404)
        }

    def test_a_broken_part_of_an_address_breaks_nothing(self):
        addresses = [
            "/" + re.sub("<[^>]*>", part, route)
            for route in PAGES
            for part in PARTS
            if "<" in route
        ]

        self.assertEqual(self.answers(addresses), {})

    def test_a_version_that_no_database_can_count_to_is_not_found(self):
        for number in ("0", "9" * 12, "9" * 20, "9" * 5000):
            with self.subTest(number[:20]):
                response = self.client.get(f"/statements/no-evictions/versions/{number}/")

                self.assertEqual(response.status_code, 404)

    def test_a_broken_filter_breaks_no_list(self):
        lists = [f"/{route}" for route in PAGES if "<" not in route]
        addresses = [
            f"{address}?{'&'.join(f'{name}={part}' for name in FILTERS)}"
            for address in lists
            for part in WORST
        ]
        addresses += [f"/statements/?{name}={part}" for name in FILTERS for part in WORST]

        self.assertEqual(self.answers(addresses), {})

    def test_odd_queries_never_break_a_list(self):
        for query in ("&&&=", "=", "?", "tag", "tag=a&tag=b", "%FF=%FF", "a" * 3000, "[]=1"):
            with self.subTest(query[:40]):
                self.assertIn(self.client.get(f"/statements/?{query}").status_code, (200, 302, 400))


class MethodTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_example_site()

    def test_pages_are_read_and_nothing_else(self):
        stranger = Client(enforce_csrf_checks=True)
        for address in (*PAGES.values(), *ANSWERS):
            # What somebody has is asked about, and changes nothing.
            is_asked = address == "/verify/"
            others = ("put", "patch", "delete", "options", "trace")
            for method in others if is_asked else ("post", *others):
                with self.subTest(f"{method} {address}"):
                    response = getattr(stranger, method)(address)

                    allowed = "GET, HEAD, POST" if is_asked else "GET, HEAD"
                    self.assertEqual((response.status_code, response["Allow"]), (405, allowed))

    def test_head_has_the_headers_of_get_and_no_body(self):
        for address in PAGES.values():
            with self.subTest(address):
                get, head = self.client.get(address), self.client.head(address)

                self.assertEqual((head.status_code, head.content), (200, b""))
                self.assertEqual(dict(head.items()), dict(get.items()))


class HostTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_example_site()

    def test_another_host_name_is_refused(self):
        for host in (
            "evil.example",
            "testserver.evil.example",
            "testserver@evil.example",
            "testserver:80@evil.example",
            "evil.example:80",
            "testserver, evil.example",
            "testserver evil.example",
            "[::1]",
            "",
            "testserver:evil",
            "/evil.example",
            "*",
        ):
            with self.subTest(host):
                response = self.client.get("/", headers={"host": host})

                self.assertEqual(response.status_code, 400)
                self.assertNotContains(response, "evil", status_code=400)

    def test_forwarded_names_change_nothing(self):
        plain = self.client.get("/statements/no-evictions/").content
        for name in ("x-forwarded-host", "x-host", "forwarded", "x-original-url", "x-rewrite-url"):
            with self.subTest(name):
                response = self.client.get(
                    "/statements/no-evictions/", headers={name: "evil.example"}
                )

                self.assertEqual(response.content, plain)

    def test_the_canonical_address_comes_from_the_settings(self):
        with self.settings(ALLOWED_HOSTS=["other.example"], SITE_URL="https://site.example"):
            response = self.client.get("/de/about/", headers={"host": "other.example"})

        self.assertContains(response, '<link rel="canonical" href="https://site.example/about/">')
        self.assertNotContains(response, "other.example")


class RedirectTests(TestCase):
    def test_no_address_leads_to_another_site(self):
        for address in (
            "//evil.example",
            "//evil.example/..",
            "///evil.example/%2e%2e",
            "/%2F%2Fevil.example",
            "/\\evil.example",
            "/%5Cevil.example",
            "/%09/evil.example",
            "/de//evil.example",
            "/statements//evil.example",
            "/statements/%2F%2Fevil.example",
            "/statements/https:%2F%2Fevil.example",
            "/about?next=https://evil.example/",
            "/admin?next=//evil.example/",
        ):
            with self.subTest(address):
                path, _, query = address.partition("?")
                # As a path, since the client would take its beginning for a host.
                response = self.client.get(f"/?{query}", PATH_INFO=unquote(path))

                target = urlsplit(response.get("Location", ""))
                self.assertIn(response.status_code, (301, 302, 404))
                self.assertIn(target.netloc, ("", "testserver"))
                self.assertFalse(target.path.startswith(("//", "/\\")))

    def test_signing_in_never_leads_to_another_site(self):
        password = "three blind mice"
        get_user_model().objects.create_superuser("amina", password=password)
        for target in (
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example/",
            "\\\\evil.example/",
            "http:///evil.example/",
            "javascript:alert(1)",
            " https://evil.example/",
            "https:evil.example",
        ):
            with self.subTest(target):
                response = self.client.post(
                    "/account/sign-in/",
                    {"login": "amina", "password": password, "next": target},
                )

                self.assertRedirects(response, "/admin/", fetch_redirect_response=False)


def fails(request):
    raise RuntimeError("a fault of ours")


urlpatterns = [path("fails/", fails), *site_urlpatterns]


class TokenInLogTests(TestCase):
    def test_a_line_that_names_an_address_names_no_token(self):
        token, out = "aB3_-" * 8 + "xyz", io.StringIO()
        handler = logging.getLogger().handlers[0]
        logger = logging.getLogger("django.request")
        with contextlib.ExitStack() as stack:
            stack.callback(handler.setStream, handler.setStream(out))
            logger.error("Internal Server Error: %s", f"/de/submissions/{token}/")
            logger.error("Internal Server Error: %s", "/statements/no-evictions/")

        self.assertNotIn(token, out.getvalue())
        self.assertIn("Internal Server Error: /de/submissions/…/\n", out.getvalue())
        self.assertIn("Internal Server Error: /statements/no-evictions/\n", out.getvalue())


class LogTests(TestCase):
    """Nobody can read from the log who looked for what."""

    def test_what_visitors_do_wrong_is_not_logged(self):
        strict = Client(enforce_csrf_checks=True, REMOTE_ADDR="203.0.113.7")
        with self.assertNoLogs(level=logging.INFO):
            strict.get("/statements/nothing/?q=secret-search")
            strict.get("/?q=%00")
            strict.post("/about/?q=secret-search")
            strict.post("/account/sign-in/?q=secret-search", {"login": "amina"})
            strict.get("/", headers={"host": "evil.example"})

    def test_a_fault_of_ours_is_logged_without_the_reader(self):
        client = Client(raise_request_exception=False, REMOTE_ADDR="203.0.113.7")
        agent = {"user-agent": "Secret Browser", "referer": "https://secret.example/"}
        with self.settings(ROOT_URLCONF=__name__), self.assertLogs(level=logging.INFO) as logs:
            response = client.get("/fails/?q=secret-search", headers=agent)

        formatted = [logging.Formatter().format(record) for record in logs.records]
        self.assertEqual(response.status_code, 500)
        self.assertTemplateUsed(response, "500.html")
        self.assertEqual(len(formatted), 1)
        self.assertIn("RuntimeError: a fault of ours", formatted[0])
        for word in ("secret", "Secret", "203.0.113.7"):
            self.assertNotIn(word, formatted[0])


class BigRequestTests(TestCase):
    """Too much is refused before anything is made of it (R-WE10)."""

    def statuses(self, client, address):
        """The answers to a body that is too long, and to too many fields and files."""
        form = {"content_type": "application/x-www-form-urlencoded"}
        own = {"origin": "http://testserver"}
        file = SimpleUploadedFile("a.png", b"x")
        start = time.process_time()
        found = [
            client.post(address, data, headers=own, **options).status_code
            for data, options in (
                (b"text=" + b"x" * 3_000_000, form),
                ("a=&" * 2500, form),
                ({f"file-{number}": file for number in range(11)}, {}),
            )
        ]
        self.assertLess(time.process_time() - start, 2)
        return found

    def test_what_is_too_much_is_refused(self):
        for address in ("/submit/", "/de/submit/", "/account/sign-in/"):
            with self.subTest(address):
                self.assertEqual(self.statuses(self.client, address), [400] * 3)

    def test_without_a_token_it_is_refused_too_and_not_held(self):
        client = Client(enforce_csrf_checks=True)
        for address in ("/submit/", "/account/sign-in/", "/admin/statements/statement/add/"):
            with self.subTest(address):
                self.assertLessEqual(set(self.statuses(client, address)), {400, 403})

    def test_what_a_long_statement_needs_is_taken(self):
        typed = {"step": "sender", "text": "क" * 60_000}

        self.assertContains(self.client.post("/submit/", typed, follow=True), "क" * 60_000)
