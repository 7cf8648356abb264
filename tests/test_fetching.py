"""What somebody typed reaches no private network, and no answer takes for ever (R-WE6)."""

import gzip
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest import mock

import pytest

from statements import fetching

ADDRESSES = Path(__file__).parent / "attacks" / "fetching" / "addresses.txt"
HOSTILE = [line for line in ADDRESSES.read_text().splitlines() if line and line[0] != "#"]


@pytest.fixture(autouse=True)
def turned_on(settings):
    settings.FETCHING = True


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_reaches_no_socket(url):
    with (
        mock.patch.object(socket.socket, "connect", side_effect=AssertionError(url)),
        pytest.raises(fetching.NotFetched),
    ):
        fetching.fetch(url)


def test_there_are_enough_of_them():
    assert len(HOSTILE) >= 70


def test_nothing_is_fetched_unless_the_operator_wants_it(settings):
    settings.FETCHING = False
    with (
        mock.patch.object(socket, "getaddrinfo", side_effect=AssertionError),
        pytest.raises(fetching.NotFetched, match="off"),
    ):
        fetching.fetch("https://example.org/")


@pytest.mark.parametrize("private", ["10.0.0.1", "::1", "169.254.169.254"])
def test_a_name_with_one_private_answer_among_public_ones_is_refused(private):
    answers = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 80)) for one in ("8.8.8.8", private)
    ]
    with (
        mock.patch.object(socket, "getaddrinfo", return_value=answers),
        mock.patch.object(socket.socket, "connect", side_effect=AssertionError),
        pytest.raises(fetching.NotFetched, match="private"),
    ):
        fetching.fetch("http://rebinding.example/")


class Faults(BaseHTTPRequestHandler):
    def do_GET(self):
        getattr(self, f"answer_{self.path.strip('/').partition('/')[0]}")()

    def start(self, status=200, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def answer_good(self):
        self.start(Content_Type="text/plain")
        self.wfile.write(b"hello")

    def answer_missing(self):
        self.start(404)

    def answer_hop(self):
        number = int(self.path.rpartition("/")[2])
        self.start(302, Location=f"/hop/{number - 1}" if number else "/good")

    def answer_inside(self):
        self.start(302, Location="http://10.0.0.1/")

    def answer_file(self):
        self.start(302, Location="file:///etc/passwd")

    def answer_endless(self):
        self.start()
        while True:
            self.wfile.write(b"x" * 65536)

    def answer_packed(self):
        self.start(Content_Encoding="gzip")
        self.wfile.write(gzip.compress(b"x" * 10_000_000))

    def answer_drip(self):
        self.start()
        while True:
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.2)

    def answer_slowhead(self):
        self.connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            self.connection.sendall(b"X: y\r\n")
            time.sleep(0.2)

    def log_message(self, *args):
        pass


@pytest.fixture
def host():
    """A server on this machine, which is taken for a public one."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Faults)
    server.daemon_threads, server.handle_error = True, lambda *args: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    really = fetching.is_public

    def is_public(one):
        return str(one) == "127.0.0.1" or really(one)

    with (
        mock.patch.dict(fetching.PORTS, http=server.server_port),
        mock.patch.object(
            fetching, "is_public", lambda one: str(one) == "127.0.0.1" or really(one)
        ),
    ):
        yield "http://127.0.0.1"
    server.shutdown()
    server.server_close()


def test_a_good_answer_is_given_also_after_three_redirects(host):
    assert fetching.fetch(f"{host}/good") == b"hello"
    assert fetching.fetch(f"{host}/hop/2") == b"hello"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("missing", "404"),
        ("hop/3", "too many redirects"),
        ("inside", "private network"),
        ("file", "plain addresses"),
        ("endless", "too large"),
        ("packed", "compressed"),
    ],
)
def test_a_bad_answer_is_refused(host, path, why):
    with pytest.raises(fetching.NotFetched, match=why):
        fetching.fetch(f"{host}/{path}")


@pytest.mark.parametrize("path", ["drip", "slowhead"])
def test_an_answer_that_trickles_in_is_cut_off(host, path):
    with (
        mock.patch.object(fetching, "SECONDS", 1),
        pytest.raises(fetching.NotFetched, match="too long"),
    ):
        before = time.monotonic()
        fetching.fetch(f"{host}/{path}")
    assert time.monotonic() - before < 5
