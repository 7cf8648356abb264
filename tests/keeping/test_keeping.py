"""Pages are made once, kept as long as they are right, and no moment longer."""

import gzip
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from unittest import mock

import pytest
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import (
    Client,
    RequestFactory,
    SimpleTestCase,
    TestCase,
    TransactionTestCase,
    override_settings,
)
from django.test.utils import CaptureQueriesContext

from statements import changes
from statements.keeping import middleware
from statements.keeping.middleware import KeepingMiddleware, Versions
from statements.keeping.store import Kept, Store
from statements.models import Event, Person
from statements.publishing import standing, workflow
from tests.factories import make_event, make_naming, make_person, make_text
from tests.routes import ACCOUNT, FEEDS, FORMS, PAGES, make_example_site

# What is asked by POST too, and two pages that are not of the readers' pages.
NOT_KEPT = {"/verify/", "/api/v1/", "/data/"}
GZIP = {"accept-encoding": "br, gzip"}
Never = mock.patch.object(middleware, "LOOKING", 3600)
Always = mock.patch.object(middleware, "LOOKING", 0)


def keeper_of(client):
    """The middleware of a client that has asked for something."""
    step = client.handler._middleware_chain
    while not isinstance(step, KeepingMiddleware):
        step = (
            step.__wrapped__ if hasattr(step, "__wrapped__") else step.__closure__[0].cell_contents
        )
    return step


@override_settings(KEPT_MEGABYTES=4)
@Never
class PageTests(TransactionTestCase):
    """Two clients are two processes: each has what it keeps."""

    def setUp(self):
        self.event = make_event("Rent strike", slug="strike")
        self.text = make_text("No evictions", slug="letter", events=[self.event])
        self.address = "/statements/letter/"

    def get(self, **options):
        return self.client.get(self.address, **options)

    def withdraw(self):
        standing.change_standing(self.text.statement, "withdrawn", note="They asked us.")

    def test_what_is_kept_asks_the_database_nothing(self):
        first = self.get()
        with self.assertNumQueries(0):
            second = self.get()

        self.assertEqual(second.content, first.content)
        self.assertEqual(dict(second.items()), dict(first.items()))

    def test_whatever_is_changed_is_seen_by_every_process_at_once(self):
        person = make_person("Amina Okoye")
        make_naming(self.text, person, "evictions")
        other = Client()

        def correct():
            text = type(self.text).objects.get(pk=self.text.pk)
            words = text.working_revision.words | {"title": "No evictions, ever"}
            made = workflow.save_words(text, words, based_on=text.working_revision_id)
            workflow.publish(made, change="correction", note="One word was missing.")

        for act, words in (
            (correct, "No evictions, ever"),
            (lambda: Event.objects.update(name="Strike of all"), "Strike of all"),
            (lambda: Person.objects.update(shown_as="withheld"), "No [name withheld], ever"),
            (
                lambda: standing.change_standing(
                    self.text.statement, "withdrawn", note="They asked us."
                ),
                "They asked us.",
            ),
        ):
            with self.subTest(words):
                for client in (self.client, other):
                    self.assertNotContains(client.get(self.address), words, status_code=200)
                act()
                for client in (self.client, other):
                    self.assertIn(words, client.get(self.address).content.decode())

    def test_another_process_needs_no_word_from_ours(self):
        self.get()
        with mock.patch.object(changes, "_told", []):
            Event.objects.update(name="Strike of all")
        self.assertNotContains(self.get(), "Strike of all")
        with Always:
            self.assertContains(self.get(), "Strike of all")

    def test_a_page_is_kept_while_the_database_is_away(self):
        page = self.get().content
        away = mock.patch.object(changes, "version", side_effect=OperationalError)
        with Always, away, mock.patch.object(middleware, "LONGEST", -1):
            self.assertEqual(self.get().content, page)

        self.withdraw()
        # That is known by now, and nothing old is shown however long the database stays away.
        self.assertContains(self.client.get("/statements/"), "</html>")
        with Always, away:
            self.assertNotIn(b"No evictions", self.get().content)

    def test_each_day_and_every_ten_minutes_a_page_is_made_anew(self):
        self.get()
        for later in (
            mock.patch.object(middleware, "LONGEST", -1),
            mock.patch.object(middleware.timezone, "localdate", lambda: date(2999, 1, 1)),
        ):
            with later, CaptureQueriesContext(connection) as queries:
                self.get()
            self.assertGreater(len(queries), 0)

    def test_it_is_sent_once_to_whoever_has_it(self):
        for headers, end in (({}, ""), (GZIP, "-gzip")):
            with self.subTest(end):
                etag = self.get(headers=headers)["ETag"]
                again = self.get(headers=headers | {"if-none-match": etag})

                self.assertRegex(etag, f'^"[0-9a-f]{{32}}{end}"$')
                self.assertEqual((again.status_code, again.content), (304, b""))
                self.assertEqual(again["ETag"], etag)
                self.assertEqual(again["Cache-Control"], "no-cache")
        Event.objects.update(name="Strike of all")
        self.assertEqual(self.get(headers=GZIP | {"if-none-match": etag}).status_code, 200)

    def test_it_is_compressed_for_whoever_can_read_that_and_for_nobody_else(self):
        plain = self.get()
        for accepts, is_compressed in (
            *(("gzip", True), ("br, gzip;q=0.5", True), ("gzip;q=0", False), ("", False)),
            *(("gzip; q=0.0, br", False), ("identity", False), ("gzippy", False)),
        ):
            with self.subTest(accepts):
                answer = self.get(headers={"accept-encoding": accepts})
                self.assertEqual(answer.get("Content-Encoding"), "gzip" if is_compressed else None)
                body = gzip.decompress(answer.content) if is_compressed else answer.content
                self.assertEqual(body, plain.content)
                self.assertEqual(answer["Vary"], "Accept-Encoding")
                self.assertEqual(answer["Content-Length"], str(len(answer.content)))

    def test_whoever_asks_for_the_head_gets_that(self):
        for _n in range(2):
            answer = self.client.head(self.address)
            self.assertEqual((answer.status_code, answer.content), (200, b""))
            self.assertEqual(answer["Content-Type"], "text/html; charset=utf-8")
        self.assertContains(self.get(), "No evictions")

    def test_what_anybody_looks_for_is_not_kept(self):
        for address in ("/search/?q=evictions", "/statements/?place=FR&q=evictions"):
            self.client.get(address)
            self.assertEqual([key for key in keeper_of(self.client).store.kept if "q=" in key], [])


@pytest.mark.once
@override_settings(KEPT_MEGABYTES=4)
@Never
class WalkTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_example_site()

    def kept(self, address):
        self.client.get(address)
        return any(key.endswith(f" {address}") for key in keeper_of(self.client).store.kept)

    def test_pages_and_feeds_are_kept_as_they_are(self):
        with override_settings(KEPT_MEGABYTES=0):
            plain = Client()
            others = {
                address: plain.get(address)
                for address in (*PAGES.values(), *(f"{one}.atom" for one in FEEDS.values()))
                if "q=" not in address and address not in NOT_KEPT
            }
        for address, other in others.items():
            with self.subTest(address):
                first, second = self.client.get(address), self.client.get(address)
                self.assertTrue(self.kept(address))
                self.assertEqual(first.content, other.content)
                self.assertEqual(second.content, other.content)
                ours = {"ETag", "Vary", "Cache-Control", "Content-Length"}
                for name, value in other.items():
                    if name not in ours:
                        self.assertEqual(second[name], value)

    def test_what_is_for_one_person_or_one_moment_is_not(self):
        staff = get_user_model().objects.create_superuser("boss")
        addresses = [*FORMS.values(), *ACCOUNT.values(), "/healthz", "/nothing/"]
        for client in (self.client, Client()):
            if client is not self.client:
                client.force_login(staff)
            for address in addresses:
                with self.subTest(address):
                    client.get(address)
                    path = address.partition("?")[0]
                    self.assertEqual(
                        [key for key in keeper_of(client).store.kept if path + " " in f"{key} "], []
                    )


def stub(answer):
    """The middleware in front of a view of ours, that knows one version."""
    with override_settings(KEPT_MEGABYTES=1):
        keeper = KeepingMiddleware(answer)
    keeper.versions = mock.Mock(current=lambda: 1, is_lost=False)
    return keeper


def asked(path="/"):
    request = RequestFactory().get(path)
    request.resolver_match = mock.Mock()
    request.resolver_match.func.__module__ = "statements.pages.home"
    return request


class HerdTests(SimpleTestCase):
    def test_of_many_who_want_one_page_at_once_one_makes_it(self):
        made, start = [], threading.Barrier(8)

        def slow(request):
            made.append(request)
            time.sleep(0.2)
            return HttpResponse("page")

        keeper = stub(slow)

        def ask(_n):
            start.wait(10)
            return keeper(asked()).content

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(ask, range(8)))

        self.assertEqual((answers, len(made)), ([b"page"] * 8, 1))

    def test_where_it_fails_the_next_one_tries(self):
        tries = iter([RuntimeError("no"), None])

        def failing(request):
            if error := next(tries):
                raise error
            return HttpResponse("page")

        keeper = stub(failing)
        with self.assertRaises(RuntimeError):
            keeper(asked())
        self.assertEqual(keeper(asked()).content, b"page")


class LostTests(SimpleTestCase):
    def test_of_many_who_begin_without_a_database_one_waits_for_it_to_answer(self):
        asked, hangs, over = [], threading.Event(), threading.Event()
        versions = middleware.Versions()

        def hang():
            asked.append(1)
            # For longer than what is known may be old.
            versions.look_again()
            hangs.set()
            over.wait(10)
            raise OperationalError

        with mock.patch.object(changes, "version", hang), Never, ThreadPoolExecutor(8) as pool:
            known = [pool.submit(versions.current)]
            hangs.wait(10)
            known += [pool.submit(versions.current) for _n in range(7)]
            time.sleep(0.2)
            over.set()
            known = [one.result(20) for one in known]

        self.assertEqual((known, len(asked)), ([None] * 8, 1))


class SharedTests(SimpleTestCase):
    def test_what_no_cache_may_keep_is_not_kept_and_still_compressed(self):
        for headers in (
            *({"Vary": "Cookie"}, {"Vary": "Accept-Language"}, {"Cache-Control": "no-store"}),
            *({"Cache-Control": "max-age=9, private"}, {"Set-Cookie": "a=b"}),
        ):
            with self.subTest(headers):

                def view(request, headers=headers):
                    response = HttpResponse("words " * 100, headers=headers)
                    if cookie := headers.get("Set-Cookie"):
                        response.set_cookie(*cookie.split("="))
                    return response

                keeper = stub(view)
                request = asked()
                request.META["HTTP_ACCEPT_ENCODING"] = "gzip"
                answer = keeper(request)
                self.assertEqual(answer["Content-Encoding"], "gzip")
                self.assertEqual(len(keeper.store.kept), 0)


class StoreTests(SimpleTestCase):
    def kept(self, size):
        return Kept({}, b"x" * size, 0)

    def test_the_least_used_goes_first(self):
        store, size = Store(1), 90_000
        store.get("", 1)
        for number in range(12):
            store.put(str(number), self.kept(size), 1)
            store.get("0", 1)

        self.assertIn("0", store.kept)
        self.assertNotIn("1", store.kept)
        self.assertLessEqual(store.size, store.most)
        self.assertEqual(store.size, sum(one.size for one in store.kept.values()))

    def test_one_that_is_too_large_pushes_nobody_out(self):
        store = Store(1)
        store.get("", 1)
        store.put("a", self.kept(1000), 1)
        store.put("b", self.kept(1_000_000), 1)

        self.assertEqual(list(store.kept), ["a"])

    def test_what_was_made_of_another_version_is_not_kept(self):
        store = Store(1)
        store.get("", 2)
        store.put("a", self.kept(10), 1)

        self.assertEqual((list(store.kept), store.size), ([], 0))


@override_settings(KEPT_MEGABYTES=4, SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"))
@Never
class ProxyTests(TestCase):
    """Nobody is shown anything for longer than a second after it has changed."""

    def get(self, address="/statements/", *, clock, age, **headers):
        with (
            mock.patch.object(middleware.time, "time", return_value=clock),
            mock.patch.object(Versions, "age", return_value=age),
        ):
            return self.client.get(address, headers={"x-forwarded-proto": "https", **headers})

    def test_nginx_may_answer_until_the_second_ends_if_that_is_soon_enough(self):
        for clock, age, told in (
            (1_000.0, 0.0, "@1000"),
            (1_000.05, 0.06, None),
            (1_000.07, 0.06, "@1000"),
            (1_000.99, 0.1, "@1000"),
            (1_000.99, float("inf"), None),
        ):
            with self.subTest(clock=clock, age=age):
                self.assertEqual(self.get(clock=clock, age=age).get("X-Accel-Expires"), told)

    def test_not_what_was_looked_for_nor_where_no_proxy_stands_before_the_site(self):
        make_text("Bread")
        self.assertNotIn("X-Accel-Expires", self.get("/search/?q=bread", clock=1.0, age=0))
        self.assertNotIn("X-Accel-Expires", self.get("/nothing/", clock=1.0, age=0))
        # It would tell the next one that nothing had changed.
        known = {"if-none-match": self.get(clock=1.0, age=0)["ETag"]}
        unchanged = self.get(clock=1.0, age=0, **known)
        self.assertEqual(unchanged.status_code, 304)
        self.assertNotIn("X-Accel-Expires", unchanged)
        with override_settings(SECURE_PROXY_SSL_HEADER=None):
            self.assertNotIn("X-Accel-Expires", self.get(clock=1.0, age=0))

    def test_not_what_became_old_while_it_was_made(self):
        self.get(clock=1.0, age=0)
        keeper = keeper_of(self.client)
        was, keeper.make = keeper.make, mock.Mock(wraps=keeper.make)
        keeper.make.side_effect = lambda request: (
            setattr(keeper.versions, "known", "another"),
            was(request),
        )[1]

        self.assertNotIn("X-Accel-Expires", self.get("/events/", clock=1.0, age=0))

    def test_what_is_known_has_no_age_while_the_database_is_away(self):
        versions = Versions()
        versions.current()
        self.assertLess(versions.age(), 60)
        versions.is_lost = True
        self.assertEqual(versions.age(), float("inf"))
