"""Readers' pages come from the replica, and never from one that does not have what they must show.

Whether a real one follows, and what happens when machines stop, tests/chaos/machines.py tries.
"""

from contextlib import contextmanager
from unittest import mock

import pytest
from django.contrib.auth import get_user_model
from django.db import OperationalError, connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from statements import checks, replica
from statements.keeping import middleware
from statements.models import Event
from statements.operating import doctor, following
from statements.publishing import standing
from statements.replica import DEFAULT, REPLICA
from tests.factories import make_event, make_text
from tests.keeping.replicated import Replicated
from tests.routes import FEEDS, FORMS, PAGES, make_example_site

ADDRESS = "/statements/letter/"
THERE = "From the replica"
# Not of the readers' pages, or never the same for everybody.
OTHERS = {"/verify/", "/api/v1/", "/data/"}
Never = mock.patch.object(middleware, "LOOKING", 3600)
Always = mock.patch.object(middleware, "LOOKING", 0)


@contextmanager
def failing(alias, after=0):
    """A server that goes away after so many more questions, and is missed by nobody before."""
    left = [after]

    def ask(execute, *arguments):
        left[0] -= 1
        if left[0] < 0:
            raise OperationalError("server closed the connection unexpectedly")
        return execute(*arguments)

    with connections[alias].execute_wrapper(ask):
        yield


@override_settings(KEPT_MEGABYTES=4)
@Never
class ReadingTests(Replicated):
    def setUp(self):
        super().setUp()
        event = make_event("Rent strike", slug="strike")
        self.text = make_text("No evictions", slug="letter", events=[event])
        self.replicate()

    def get(self, client=None, address=ADDRESS):
        return (client or self.client).get(address)

    def withdraw(self):
        standing.change_standing(self.text.statement, "withdrawn", note="They asked us.")

    def test_a_reader_is_shown_what_the_replica_has(self):
        self.assertContains(self.get(), THERE)
        self.assertContains(self.get(address="/search/?q=evictions"), THERE)

    def test_whoever_has_a_cookie_or_sends_something_is_answered_by_the_database(self):
        staff = Client()
        staff.force_login(get_user_model().objects.create_superuser("boss"))
        with CaptureQueriesContext(connections[REPLICA]) as asked:
            self.assertNotContains(self.get(staff), THERE)
            staff.get("/admin/")
            for address in FORMS.values():
                self.client.get(address)
            self.client.get("/api/v1/events/")
            self.client.post("/verify/", {"words": "No evictions"})
        self.assertEqual(len(asked), 0)

    def test_a_change_that_it_does_not_have_is_shown_at_once_and_by_the_database(self):
        self.assertContains(self.get(), THERE)
        other = Client()
        self.assertContains(self.get(other), THERE)

        self.withdraw()
        for client in (self.client, other, Client()):
            page = self.get(client).content.decode()
            self.assertIn("They asked us.", page)
            self.assertNotIn("No evictions", page)
        self.replicate()
        Event.objects.update(name="Strike of all")
        self.assertContains(self.get(address="/events/strike/"), "Strike of all")
        self.replicate()
        self.assertContains(self.get(Client(), "/events/strike/"), THERE)

    def test_one_that_has_more_than_this_process_knows_of_is_read(self):
        self.get()
        with mock.patch.object(middleware.changes, "_told", []):
            self.withdraw()
        self.replicate()
        self.assertContains(self.get(address="/events/strike/"), THERE)

    def test_one_that_is_lost_makes_no_error_and_is_let_alone_for_a_while(self):
        self.lose_replica()
        with self.assertLogs(replica.logger, "WARNING") as logged:
            for address in (ADDRESS, "/events/", "/demands/"):
                self.assertEqual(self.get(address=address).status_code, 200)
        self.assertEqual(len(logged.records), 1)
        self.replicate()
        self.assertContains(self.get(address="/events/strike/"), THERE)

    def test_a_page_that_was_begun_when_it_is_lost_is_made_anew(self):
        for after in range(1, 4):
            client = Client()
            with failing(REPLICA, after), self.assertLogs(replica.logger, "WARNING"):
                self.assertContains(self.get(client), "Rent strike")
            replica._away_until = 0.0
        self.assertContains(self.get(Client()), THERE)

    def test_while_the_database_is_away_pages_come_from_it(self):
        self.get(address="/events/")
        with failing(DEFAULT), Always:
            for address in (ADDRESS, "/search/?q=evictions", "/statements/"):
                self.assertContains(self.get(address=address), THERE)

    def test_what_was_known_to_be_withdrawn_is_not_shown_even_then(self):
        self.get()
        self.withdraw()
        self.get(address="/events/")
        self.client.raise_request_exception = False
        with failing(DEFAULT), Always:
            self.assertEqual(self.get().status_code, 503)

    def test_what_only_the_replica_knows_is_followed_then(self):
        self.assertContains(self.get(), "No evictions")
        with mock.patch.object(middleware.changes, "_told", []):
            self.withdraw()
        self.replicate()
        with failing(DEFAULT), Always:
            self.assertNotContains(self.get(), "No evictions")

    def test_a_process_that_knows_nothing_yet_takes_nothing_from_it(self):
        with failing(DEFAULT):
            answer = self.get(Client(raise_request_exception=False))
        self.assertEqual(answer.status_code, 503)

    def test_readiness_says_how_it_is_and_is_none_the_worse(self):
        def ask():
            answer = self.get(address="/readyz")
            return answer.status_code, answer.content.decode().splitlines()[-1]

        self.assertEqual(ask(), (200, "replica: ok"))
        make_event()
        self.assertEqual(ask(), (200, "replica: degraded"))
        self.lose_replica()
        with self.assertLogs(replica.logger, "WARNING"):
            self.assertEqual(ask(), (200, "replica: degraded"))


@pytest.mark.once
@override_settings(KEPT_MEGABYTES=4)
@Never
class WalkTests(Replicated):
    def test_nothing_that_a_readers_page_asks_is_asked_of_the_database(self):
        make_example_site()
        self.replicate()
        self.client.get("/")
        addresses = {*PAGES.values(), *(f"{one}.atom" for one in FEEDS.values())} - OTHERS
        for address in sorted(addresses):
            with self.subTest(address), CaptureQueriesContext(connections[DEFAULT]) as asked:
                self.client.get(address)
                self.assertEqual(asked.captured_queries, [])


class ToldTests(Replicated):
    def test_a_replica_that_nobody_can_ask_is_told(self):
        self.assertEqual(list(doctor.following_replica()), [])
        self.replicate()
        for kept, found in ((0, ["statements.E004"]), (1, [])):
            with override_settings(KEPT_MEGABYTES=kept):
                self.assertEqual([one.id for one in checks.replica_in_use()], found)
        self.lose_replica()
        [told] = following.problems()
        self.assertIn("look at DATABASE_REPLICA_URL", told)

    def test_a_database_that_follows_none_is_told(self):
        if connections[DEFAULT].vendor == "sqlite":
            self.skipTest("a replica is one of PostgreSQL")
        self.replicate()
        [told] = following.problems()
        self.assertIn("which follows none", told)
