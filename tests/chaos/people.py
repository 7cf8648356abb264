"""People who send a statement over HTTP, and try again when the connection is lost; or leave."""

from __future__ import annotations

import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from http.cookiejar import CookieJar
from urllib.parse import urlencode

from django.conf import settings

from statements import antispam
from tests.submissions.sending import ALL, solve

STAMP = re.compile(r'name="stamp" value="([^"]+)"')
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
LINK = re.compile(r'class="private-link"[^>]*><a href="[^"]*/([^/"]+)/"')
TRIES = 40


class Person:
    """One of them: every other one leaves an address, every third does not try again."""

    def __init__(self, number: int) -> None:
        self.email = f"person-{number}@example.org" if number % 2 else ""
        self.words = {
            "title": f"Statement of person {number}",
            "text": f"We ask the council of town {number}.\r\n\r\nNo family on the street!",
            "email": self.email,
        }
        self.is_patient = number % 3 != 0
        self.network = f"10.{number // 256}.{number % 256}.1"
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        # The secret of the private link, once it was seen; and how often no answer came, or one
        # that says to come again.
        self.token, self.cut_off, self.refused = "", 0, 0

    def send(self) -> None:
        page = self._until_answered(self._ask, tries=TRIES if self.is_patient else 3)
        if not page:
            return
        stamp = STAMP.search(page)[1]
        time.sleep(antispam.FASTEST + 0.1)
        typed = ALL | self.words | {"step": "send", "stamp": stamp, "proof": solve(stamp)}
        typed["csrfmiddlewaretoken"] = CSRF.search(page)[1]
        tries = TRIES if self.is_patient else 1
        answer = self._until_answered(lambda: self._ask(typed), tries=tries)
        if answer:
            self.token = LINK.search(answer)[1]

    def _ask(self, typed: dict[str, str] | None = None) -> str:
        request = urllib.request.Request(
            f"{settings.SITE_URL}/submit/",
            data=urlencode(typed).encode() if typed else None,
            headers={"X-Forwarded-For": self.network},
        )
        with self.browser.open(request, timeout=60) as response:
            return response.read().decode()

    def _until_answered(self, ask: Callable[[], str], *, tries: int) -> str:
        for _ in range(tries):
            try:
                return ask()
            except urllib.error.HTTPError as error:
                if error.code != 503 or not error.headers["Retry-After"]:
                    # An answer, and a wrong one.
                    raise
                self.refused += 1
                time.sleep(1)
            except (OSError, HTTPException):
                self.cut_off += 1
                time.sleep(0.2)
        return ""
