"""What is answered while the database is away, and to whoever asks whether all is well."""

import errno
import json
from collections import namedtuple
from unittest import mock

from django.db import DatabaseError, InternalError, OperationalError, connection
from django.test import TestCase, TransactionTestCase

from statements.operating import parts
from tests.killed import OtherProcesses

# Nothing listens there.
NOWHERE = "postgres://nobody@127.0.0.1:1/nothing?connect_timeout=2"
ASK = """
import json, os, sys
import django
django.setup()
from django.test import Client
client = Client(raise_request_exception=False)
found = {}
for path in sys.argv[1:]:
    answer = client.get(path)
    found[path] = [answer.status_code, answer.get("Retry-After"), answer.content.decode()]
print(json.dumps(found))
"""
Usage = namedtuple("Usage", "total used free")


class AwayTests(OtherProcesses, TransactionTestCase):
    def test_pages_say_so_in_the_readers_language_and_programs_are_told_when_to_ask_again(self):
        asked = ("/de/statements/", "/api/v1/statements/", "/healthz", "/readyz", "/privacy/")
        code, out, err = self.run_process(
            *("-c", ASK, *asked),
            DATABASE_URL=NOWHERE,
            DJANGO_SETTINGS_MODULE="tests.settings",
        )
        self.assertEqual(code, 0, err)
        found = json.loads(out.splitlines()[-1])

        page, program = found["/de/statements/"], found["/api/v1/statements/"]
        self.assertEqual(page[:2], [503, "10"])
        self.assertIn("Zurzeit kann nichts gezeigt werden", page[2])
        self.assertIn('<html lang="de" dir="ltr">', page[2])
        self.assertEqual(program[:2], [503, "10"])
        self.assertTrue(json.loads(program[2])["type"].endswith("#not-now"))
        self.assertEqual(found["/healthz"], [200, None, "ok\n"])
        self.assertEqual(found["/readyz"][0], 503)
        self.assertIn("database: away", found["/readyz"][2])


class ReadinessTests(TestCase):
    def ask(self):
        answer = self.client.get("/readyz")
        self.assertEqual(answer["Cache-Control"], "no-store")
        found = dict(line.split(": ") for line in answer.content.decode().splitlines())
        return answer.status_code, found

    def test_all_is_well_after_two_queries_at_most(self):
        self.ask()
        with self.assertNumQueries(2):
            found = self.ask()
        self.assertEqual(found, (200, {"database": "ok", "disk": "ok", "cache": "ok"}))

    def test_a_database_that_was_not_migrated_serves_nobody(self):
        known = {("statements", "9999_later")}
        with mock.patch.object(parts, "_known_migrations", lambda: known):
            status, found = self.ask()
        self.assertEqual((status, found["database"]), (503, "not migrated"))

    def test_a_full_disk_serves_nobody(self):
        for free, state in ((49, "full"), (50, "ok")):
            usage = mock.Mock(return_value=Usage(1000, 0, free))
            with mock.patch.object(parts.shutil, "disk_usage", usage):
                status, found = self.ask()
            self.assertEqual((status, found["disk"]), (200 if state == "ok" else 503, state))

    def test_without_the_cache_it_goes_on(self):
        with mock.patch.object(parts.cache, "set", side_effect=ConnectionError):
            status, found = self.ask()
        self.assertEqual((status, found["cache"]), (200, "degraded"))

    def test_what_is_about_to_pass_is_no_fault_of_ours(self):
        self.client.raise_request_exception = False
        cut_off, copy, fault = DatabaseError(), InternalError(), InternalError()
        # What psycopg2 says of an answer that was cut off, of a copy, and of a fault.
        for error, code in ((cut_off, None), (copy, "25006"), (fault, "XX000")):
            error.__cause__ = type("Said", (Exception,), {"pgcode": code})()
        full, missing = OSError(errno.ENOSPC, "full"), FileNotFoundError(errno.ENOENT, "missing")
        answers = []
        for error in (cut_off, copy, fault, full, missing):
            with mock.patch.object(connection, "cursor", side_effect=error):
                answer = self.client.get("/statements/")
            answers.append((answer.status_code, answer.get("Retry-After")))

        away, wrong = (503, "10"), (500, None)
        self.assertEqual(answers, [away, away, wrong, away, wrong])

    def test_a_lock_that_was_not_given_is_no_fault_of_ours(self):
        self.client.raise_request_exception = False
        with mock.patch.object(connection, "cursor", side_effect=OperationalError("locked")):
            answer = self.client.get("/statements/")
        self.assertContains(answer, "Please try again in a minute", status_code=503)
