"""The one place from which the site asks other hosts (R-WE6). Off unless the operator wants it.

An address that somebody typed must not reach the inside of a network: names are resolved once,
every answer has to be a public address, and the connection goes to that very address.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from urllib.parse import urljoin, urlsplit

from django.conf import settings

PORTS = {"http": 80, "https": 443}
SECONDS = 10
LARGEST = 10 * 1024 * 1024
MOST_REDIRECTS = 3
CHUNK = 64 * 1024
REDIRECTS = {301, 302, 303, 307, 308}
# What carries an address of version 4 within one of version 6, and the relays to them.
CARRIERS = [
    ipaddress.ip_network(one)
    for one in (
        *("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"),
        "192.88.99.0/24",
    )
]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotFetched(Exception):
    """The answer was not fetched; the words say why, for the log and for staff."""


def fetch(url: str, *, largest: int = LARGEST, redirects: int = MOST_REDIRECTS) -> bytes:
    """The body that an address answers with, after at most three redirects and ten seconds.

    Raises NotFetched: also where the site's operator has not turned fetching on.
    """
    if not settings.FETCHING:
        raise NotFetched("fetching is off")
    until = time.monotonic() + SECONDS
    for _hop in range(redirects + 1):
        status, headers, body = _ask(url, until, largest)
        if status == http.client.OK:
            return body
        if status not in REDIRECTS or not headers.get("Location"):
            raise NotFetched(f"the answer was {status}")
        url = urljoin(url, headers["Location"])
    raise NotFetched("too many redirects")


def is_public(address: Address) -> bool:
    """Whether an address is somebody's in the open internet, and stands for no other one."""
    carried = any(address.version == one.version and address in one for one in CARRIERS)
    local = address.is_multicast or getattr(address, "is_site_local", False)
    return address.is_global and not carried and not local


def _target(url: str) -> tuple[str, str, str]:
    """Scheme, host and what to ask of it. Raises NotFetched for what is no plain web address."""
    if any(ord(letter) <= ord(" ") or letter == "\x7f" for letter in url):
        raise NotFetched("the address has spaces or controls")
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
    except (ValueError, UnicodeError) as error:
        raise NotFetched("the address is broken") from error
    if parts.scheme not in PORTS or not host or parts.username is not None or "@" in parts.netloc:
        raise NotFetched("only plain addresses of the web are fetched")
    if port not in (None, PORTS[parts.scheme]):
        raise NotFetched("only the web's own ports are asked")
    path = parts.path or "/"
    asked = f"{path}?{parts.query}" if parts.query else path
    if not asked.isascii():
        raise NotFetched("the address is not percent-encoded")
    return parts.scheme, host, asked


def _resolve(host: str, port: int) -> str:
    """The address to connect to. One that is not public among the answers refuses the name."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotFetched("the name has no address") from error
    found = [str(answer[4][0]).partition("%")[0] for answer in answers]
    if not found or not all(is_public(ipaddress.ip_address(one)) for one in found):
        raise NotFetched("the name leads into a private network")
    return found[0]


def _ask(url: str, until: float, largest: int) -> tuple[int, http.client.HTTPMessage, bytes]:
    scheme, host, asked = _target(url)
    port = PORTS[scheme]
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise NotFetched("it took too long")
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    try:
        connection.sock = _connect(scheme, host, _resolve(host, port), port, seconds)
    except (OSError, ssl.SSLError) as error:
        raise NotFetched("no connection") from error
    # A host that sends a byte now and then never runs into the time limit of a single read.
    cut = threading.Timer(max(until - time.monotonic(), 0), _shut, [connection.sock])
    cut.start()
    try:
        headers = {"Accept-Encoding": "identity", "User-Agent": "solidarity-statements"}
        connection.request("GET", asked, headers=headers)
        response = connection.getresponse()
        if response.getheader("Content-Encoding", "identity") != "identity":
            raise NotFetched("the answer is compressed")
        body = _body(response, largest)
        # Cut off, it looks like an answer that ended.
        if time.monotonic() >= until or response.length:
            raise NotFetched("the answer broke off or took too long")
        return response.status, response.headers, body
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotFetched("the answer broke off or took too long") from error
    finally:
        cut.cancel()
        connection.close()


def _connect(scheme: str, host: str, address: str, port: int, seconds: float) -> socket.socket:
    plain = socket.create_connection((address, port), timeout=seconds)
    if scheme == "http":
        return plain
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


def _shut(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _body(response: http.client.HTTPResponse, largest: int) -> bytes:
    found = b""
    while chunk := response.read1(CHUNK):
        found += chunk
        if len(found) > largest:
            raise NotFetched("the answer is too large")
    return found
