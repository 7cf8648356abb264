"""Of too many some are turned away at once, in their language, and all others are answered."""

import runpy
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory, SimpleTestCase
from django.utils import translation

from solidarity import shedding
from solidarity.shedding import SheddingMiddleware

pytestmark = pytest.mark.once
ALL = shedding.AT_ONCE + shedding.WAITING


class SheddingTests(SimpleTestCase):
    def setUp(self):
        self.over = threading.Event()
        self.addCleanup(self.over.set)
        self.lock, self.working, self.most = threading.Lock(), 0, 0
        self.middleware = SheddingMiddleware(self.work)

    def work(self, request):
        with self.lock:
            self.working += 1
            self.most = max(self.most, self.working)
        self.over.wait(20)
        with self.lock:
            self.working -= 1
        return HttpResponse("done")

    def ask(self, path="/statements/", *, is_signed_in=False):
        request = RequestFactory().get(path)
        if is_signed_in:
            request.COOKIES[settings.SESSION_COOKIE_NAME] = "x"
        return self.middleware(request)

    def wait_until(self, is_so):
        end = time.monotonic() + 10
        while not is_so():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)

    def test_those_who_are_too_many_are_turned_away_and_staff_and_health_are_not(self):
        with ThreadPoolExecutor(ALL + 12) as pool:
            asked = [pool.submit(self.ask) for _n in range(ALL)]
            self.wait_until(lambda: self.middleware.readers.room._value == 0)

            with translation.override("de"):
                away, program = self.ask(), self.ask("/api/v1/statements/")
            others = [pool.submit(self.ask, "/admin/", is_signed_in=True) for _n in range(8)]
            others.append(pool.submit(self.ask, "/account/sign-in/"))
            others.append(pool.submit(self.ask, "/healthz"))
            self.wait_until(lambda: self.working == shedding.AT_ONCE + 10)
            self.over.set()
            answers = [one.result(20).status_code for one in (*asked, *others)]

        self.assertEqual((away.status_code, away["Retry-After"]), (503, "5"))
        self.assertContains(away, "Zu viele fragen gleichzeitig", status_code=503)
        self.assertEqual((program.status_code, program["Retry-After"]), (503, "5"))
        self.assertEqual(program["Content-Type"], "application/problem+json")
        self.assertEqual(answers, [200] * (ALL + 10))
        self.assertEqual(self.most, shedding.AT_ONCE + 10)

    def test_after_a_fault_there_is_as_much_room_as_before(self):
        def fail(request):
            raise ValueError

        middleware = SheddingMiddleware(fail)
        for _n in range(ALL + 1):
            with self.assertRaises(ValueError):
                middleware(RequestFactory().get("/"))

    def test_gunicorn_has_threads_left_to_turn_others_away(self):
        found = runpy.run_path(str(Path(__file__).parents[2] / "gunicorn.conf.py"))
        signing_in = shedding.SIGNING_IN_AT_ONCE + shedding.SIGNING_IN_WAITING
        self.assertGreaterEqual(found["threads"], ALL + signing_in + 8)
