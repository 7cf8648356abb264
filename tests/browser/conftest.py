"""One Chromium for all browser tests, driven against Django's live server."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from threading import Condition

import pytest

# Playwright's loop runs in the tests' thread; Django would take every query for a mistake.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# The one without windows of its own takes a third less of the machine; the other does as well.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever is in this folder needs the browser, and is left out where there is none."""
    here = Path(__file__).parent
    reason = "there is no Chromium (on Debian: sudo apt install chromium-headless-shell)"
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def browser() -> Iterator:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


class Visit:
    """A browser window of its own, which notes every request and what the page complains of."""

    def __init__(self, browser, address: str, **options) -> None:
        self.address = address
        self.context = browser.new_context(base_url=address, **options)
        self.page = self.context.new_page()
        self.has_scripts = options.get("java_script_enabled", True)
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._console)

    def _console(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def sign_in(self, name) -> None:
        """As whoever has just given their password; the page that asks for it has its own tests."""
        from django.conf import settings
        from django.contrib.auth import get_user_model
        from django.test import Client

        from tests.admin.signed_in import confirm

        client = Client()
        client.force_login(get_user_model().objects.get(username=name))
        confirm(client)
        session = client.cookies[settings.SESSION_COOKIE_NAME]
        cookie = {"name": session.key, "value": session.value, "url": self.address}
        self.context.add_cookies([cookie])

    @property
    def foreign(self) -> list[str]:
        """Requests that left for another host."""
        own = (self.address, "data:", "blob:", "about:")
        return [url for url in self.requests if not url.startswith(own)]


@pytest.fixture
def at_rest() -> Iterator[Callable[[], None]]:
    """Wait until the server works on nothing: what a closed window asked for is still answered.

    It would write into the database while that is emptied for the next test.
    """
    from django.core.signals import request_finished, request_started

    under_way, changed = 0, Condition()

    def count(by: int) -> Callable[..., None]:
        def counted(**kwargs: object) -> None:
            nonlocal under_way
            with changed:
                under_way += by
                changed.notify_all()

        return counted

    begins, ends = count(1), count(-1)
    request_started.connect(begins)
    request_finished.connect(ends)

    def wait() -> None:
        with changed:
            assert changed.wait_for(lambda: under_way <= 0, timeout=20), under_way

    yield wait
    request_started.disconnect(begins)
    request_finished.disconnect(ends)


@pytest.fixture
def visit(browser, live_server, at_rest) -> Iterator:
    """Open a window: `visit()`, or with options as `visit(color_scheme="dark")`."""
    opened: list[Visit] = []

    def open_window(**options) -> Visit:
        opened.append(Visit(browser, live_server.url, **options))
        return opened[-1]

    yield open_window
    for one in opened:
        one.context.close()
    at_rest()


@pytest.fixture
def desk(visit, db):
    """A window with an editor signed in."""
    from django.contrib.auth import get_user_model

    get_user_model().objects.create_superuser("ed", "", "password")

    def sit_down(path, **options):
        window = visit(**options)
        window.sign_in("ed")
        window.page.goto(path)
        return window

    return sit_down


@cache
def demo_content() -> sqlite3.Connection:
    """The database with the demo content, which takes seconds to make."""
    from django.core.management import call_command
    from django.db import connection

    call_command("load_demo", verbosity=0)
    kept = sqlite3.connect(":memory:")
    connection.connection.backup(kept)
    return kept


@pytest.fixture
def demo(live_server) -> None:
    """The demo content, made once and copied for each test."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection

    demo_content().backup(connection.connection)
    ContentType.objects.clear_cache()
