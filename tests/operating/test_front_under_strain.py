"""The shipped front with many who are slow, and while the site is started anew (R-OP8)."""

import contextlib
import http.client
import threading
import time
from collections import Counter

import pytest

from tests.operating.front import HOST, NGINX

pytestmark = [
    pytest.mark.long,
    pytest.mark.once,
    pytest.mark.skipif(not NGINX, reason="there is no nginx (on Debian: apt install nginx-light)"),
]


def test_whoever_sends_slowly_waits_in_front_and_nobody_else_does(front):
    """K11: 300 who send a header byte by byte or stop within a body hold no process of the site."""
    slow = []
    try:
        for number in range(300):
            # 15 to an address: fewer than one may have.
            one = front.connect(f"127.0.{number // 15 + 1}.9")
            if number % 2:
                one.sendall(b"GET / HTTP/1.1\r\nHost: ")
            else:
                size = b"Content-Length: 1000\r\n\r\nx"
                one.sendall(b"POST /submit/ HTTP/1.1\r\nHost: " + HOST.encode() + b"\r\n" + size)
            slow.append(one)
        began = time.monotonic()
        asked = [front.ask("/statements/").status for _ in range(20)]
        took = time.monotonic() - began

        assert (asked, took < 4) == ([200] * 20, True)
        for one in slow:
            one.settimeout(max(0.1, began + 14 - time.monotonic()))
            # Told that it took too long, or nothing; and then it is over.
            with contextlib.suppress(ConnectionError):
                while one.recv(1000):
                    pass
    finally:
        for one in slow:
            one.close()
    assert time.monotonic() - began < 14


class Readers:
    """Some who read on and on, each request with a connection of its own; what they were told."""

    def __init__(self, front, count=6):
        self.front, self.told, self.over = front, Counter(), threading.Event()
        self.threads = [threading.Thread(target=self.read, args=(n,)) for n in range(count)]

    def read(self, number):
        addresses = ("/", "/statements/", f"/statements/?q=word{number}", "/feeds/statements.atom")
        while not self.over.is_set():
            for address in addresses:
                try:
                    self.told[self.front.ask(address).status] += 1
                except (OSError, http.client.HTTPException) as error:
                    self.told[repr(error)] += 1

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        time.sleep(0.5)
        return self

    def __exit__(self, *error):
        time.sleep(0.5)
        self.over.set()
        for thread in self.threads:
            thread.join()


def test_no_request_is_lost_while_processes_are_renewed_or_the_site_starts_anew(front):
    """K10: HUP, and then SIGTERM and another start, while six read."""
    before = front.workers()
    with Readers(front) as readers:
        front.reload()
        wait_until(lambda: front.workers() and not front.workers() & before)
        renewed = front.workers()
        front.stop_site()
        front.start_site()
        wait_until(lambda: len(front.workers()) == 2)
        front.wait()

    assert not front.workers() & (before | renewed)
    assert set(readers.told) == {200}
    assert readers.told[200] > 50


def wait_until(is_so, seconds=40):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)
