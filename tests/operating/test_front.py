"""The shipped front, nginx before gunicorn, as people and attackers meet it (R-OP8)."""

import contextlib
import http.client
import re
import socket
import ssl
import time
from collections import Counter

import pytest
from django.conf import settings

from tests.operating.front import HOST, NGINX, answer_of
from tests.submissions.sending import SENDER

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(not NGINX, reason="there is no nginx (on Debian: apt install nginx-light)"),
]
# Of those who leave them out, and of a browser.
PLAIN, PACKED = {}, {"Accept_Encoding": "gzip"}
KINDS = {".css", ".gif", ".js", ".png", ".svg", ".txt", ".woff2"}
# What the servers say of themselves and of the connection.
OWN = {"Server", "Date", "Connection", "Keep-Alive", "Accept-Ranges", "Transfer-Encoding"}
OWN |= {"X-Accel-Expires"}


def headers_of(answer):
    """What was said, once and whole. A word may stand in quotation marks or not."""
    names = Counter(answer.headers.keys())
    assert {name for name, count in names.items() if count > 1} <= {"Set-Cookie"}
    found = {name: value for name, value in answer.headers.items() if name not in OWN}
    return found | {"Content-Type": found["Content-Type"].replace('"', "")}


def test_plain_http_leads_to_the_site_and_answers_nothing_else(front):
    connection = http.client.HTTPConnection("127.0.0.1", front.plain)
    connection.request("GET", "/statements/?q=a", headers={"Host": HOST})
    got = answer_of(connection)
    connection.close()

    assert (got.status, got.headers["Location"]) == (301, f"https://{HOST}/statements/?q=a")


@pytest.mark.parametrize("asked", [PLAIN, PACKED])
def test_static_files_come_from_the_disk_as_the_site_would_send_them(front, asked):
    static = front.here / "var" / "static"
    # One of each kind, by its own name and by the one that may be kept for ever.
    found = {}
    for path in sorted(static.rglob("*.*")):
        kept = bool(re.search(r"\.[0-9a-f]{12}\.", path.name))
        if path.suffix in KINDS and path.stat().st_size > 300:
            found.setdefault((path.suffix, kept), path)
    assert {suffix for suffix, kept in found if kept} == KINDS

    for path in found.values():
        address = f"/static/{path.relative_to(static).as_posix()}"
        ours, site = front.ask(address, **asked), front.ask_past(address, **asked)
        told, meant = headers_of(ours), headers_of(site)
        if asked and "Content-Encoding" in told:
            # Of the packed file, or of the one that was packed: each of the two asks only itself.
            told["ETag"] = meant["ETag"]
            told["Last-Modified"] = meant["Last-Modified"]
        assert (address, ours.status, told) == (address, 200, meant)
        assert ours.body == site.body, address


def test_a_static_file_that_is_not_there_is_the_page_of_the_site(front):
    for address in ("/static/css/none.css", "/static/", "/static/../manage.py"):
        ours, site = front.ask(address), front.ask_past(address)

        assert (ours.status, ours.body) == (404, site.body), address


def test_pages_come_as_the_site_made_them(front):
    for address in ("/", "/de/statements/", "/ar/events/", "/feeds/statements.atom", "/nothing/"):
        ours, site = front.ask(address), front.ask_past(address)

        assert (ours.status, headers_of(ours)) == (site.status, headers_of(site)), address
        assert "Set-Cookie" not in ours.headers
    packed = front.ask("/", **PACKED)
    assert (packed.status, packed.headers["Content-Encoding"]) == (200, "gzip")
    again = front.ask("/", If_None_Match=packed.headers["ETag"], **PACKED)
    assert (again.status, again.body) == (304, b"")


def made_by_the_site(front, since):
    """How many requests of readers were answered since by the site, and not by nginx, by status."""
    found = Counter()
    for name, number in front.metrics().items():
        if match := re.match(r'statements_request_seconds_count.*"readers",status="(\d+)"', name):
            found[int(match[1])] += int(number - since.get(name, 0))
    return +found


def test_a_flood_for_one_page_is_answered_by_nginx(front):
    before = front.metrics()
    asked = Counter(
        (front.ask("/statements/", **(PACKED if number % 2 else PLAIN)).status, number % 2)
        for number in range(100)
    )
    assert asked == {(200, 0): 50, (200, 1): 50}
    assert made_by_the_site(front, before)[200] < 50

    # Never what somebody looks for, nor what the site would not keep itself.
    before = front.metrics()
    for _ in range(10):
        assert front.ask("/search/?q=bread").status == 200
        assert front.ask("/nothing/").status == 404
    assert made_by_the_site(front, before) == {200: 10, 404: 10}


def test_who_takes_no_packed_answer_gets_none_and_the_other_way_round(front):
    for _ in range(20):
        for accepts, packed in (("gzip, br", True), ("", False), ("gzip;q=0", False)):
            got = front.ask("/events/", Accept_Encoding=accepts)
            assert (got.headers["Content-Encoding"] == "gzip") == packed
            assert got.headers["Vary"] == "Accept-Encoding"


def test_an_attached_file_is_asked_for_at_the_site_each_time(front):
    """A file that lies in the folder and belongs to nothing readable is nobody's."""
    folder = front.here / "var" / "media" / "attachments"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "draft.png").write_bytes(b"not public")

    assert front.ask("/media/attachments/draft.png").status == 404


@pytest.mark.parametrize(
    ("ciphers", "is_spoken"),
    [
        ("ECDHE-ECDSA-AES128-GCM-SHA256", True),
        ("ECDHE-ECDSA-CHACHA20-POLY1305", True),
        ("ECDHE-ECDSA-AES128-SHA", False),
        ("ECDHE-ECDSA-AES256-SHA384", False),
        ("ECDHE-ECDSA-AES128-CCM8", False),
        ("ECDHE-ECDSA-CAMELLIA128-SHA256", False),
    ],
)
def test_of_tls_1_2_only_what_seals_and_forgets_its_keys_is_spoken(front, ciphers, is_spoken):
    context = ssl.create_default_context(cafile=front.here / "cert.pem")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(ciphers)
    refused = contextlib.nullcontext() if is_spoken else pytest.raises(ssl.SSLError)
    with socket.create_connection(("127.0.0.1", front.secure), timeout=30) as plain, refused:
        context.wrap_socket(plain, server_hostname=HOST).close()


def test_a_name_that_is_not_the_sites_own_is_refused(front):
    assert front.ask("/", Host="evil.example").status == 400


def test_what_a_visitor_says_of_proxies_is_not_believed(front):
    """The form to sign in counts by the address that nginx saw."""
    got = front.ask("/", X_Forwarded_Proto="http", X_Forwarded_Host="evil.example")

    assert got.status == 200
    assert b"evil.example" not in got.body


def form(front, address, fields, **headers):
    """What a browser does with a form: its token, its cookie, and where it comes from."""
    page = front.ask(address)
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)[1].decode()
    cookie = "; ".join(one.split(";")[0] for one in page.headers.get_all("Set-Cookie"))
    edge = "----edge"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (fields | {"csrfmiddlewaretoken": token}).items()
    ]
    return front.ask(
        address,
        "POST",
        "".join([*parts, f"--{edge}--\r\n"]).encode(),
        Cookie=cookie,
        Origin=f"https://{HOST}",
        Content_Type=f"multipart/form-data; boundary={edge}",
        **headers,
    )


def test_a_stranger_can_send_a_form(front):
    step = front.ask("/submit/").headers["Location"]
    sent = form(front, step, SENDER | {"step": "sender"})

    assert (sent.status, sent.headers["Location"]) == (302, step.replace("sender", "words"))


def test_staff_can_sign_in(front):
    page = front.ask("/admin/")
    while page.status == 302:
        page = front.ask(page.headers["Location"])

    assert page.status == 200
    assert [one.split("=")[0] for one in page.headers.get_all("Set-Cookie")] == ["__Host-csrf"]


UPLOADS = ("/submit/", "/submit/abcdefghijkm/words/", "/submissions/abcdefghijkm/correct/")
UPLOADS += ("/verify/", "/admin/statements/statement/add/")


def test_where_files_are_sent_12_megabytes_are_taken_and_elsewhere_half_a_one(front):
    prefixes = [
        "" if code == settings.LANGUAGE_CODE else f"/{code}" for code, _ in settings.LANGUAGES
    ]
    for address in [prefix + path for prefix in prefixes for path in UPLOADS]:
        assert declared(front, address, 12 * 1024**2 + 1) == 413, address
        # It waits for the rest, which never comes.
        assert declared(front, address, 12 * 1024**2) is None, address
    for address in ("/account/sign-in/", "/follow/", "/api/v1/statements/", "/submitted/", "/"):
        assert declared(front, address, 512 * 1024 + 1) == 413, address
        assert declared(front, address, 512 * 1024) is None, address


def declared(front, address, size):
    """The status for a body that is said to be so large, or None where it is waited for."""
    with front.connect(timeout=0.15) as one:
        one.sendall(
            f"POST {address} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {size}\r\n\r\nx".encode()
        )
        with contextlib.suppress(TimeoutError):
            return int(one.recv(100).split()[1])


def test_what_is_too_much_is_told_in_every_language(front):
    got = front.ask("/account/sign-in/", "POST", b"x" * 600_000)

    assert (got.status, got.headers["Retry-After"]) == (413, None)
    assert re.findall(r'<section class="empty" lang="(\w+)"', got.body.decode()) == [
        code for code, _ in settings.LANGUAGES
    ]
    assert got.headers["Cache-Control"] == "no-store"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    for style in re.findall(rb'href="(/static/[^"]+)"', got.body):
        assert front.ask(style.decode()).status == 200


def test_one_address_and_the_network_around_it_have_so_many_requests_at_once(front):
    held = []
    try:
        for number in range(100):
            held.append(hold(front, f"127.1.1.{number // 20 + 1}"))
            if number == 19:
                assert front.ask("/", source="127.1.1.1").status == 429
                assert front.ask("/", source="127.1.1.2").status == 200
            if number == 79:
                break
        told = front.ask("/de/", source="127.1.1.200")

        assert (told.status, told.headers["Retry-After"]) == (429, "5")
        assert front.ask("/", source="127.1.2.1").status == 200
    finally:
        for one in held:
            one.close()


def hold(front, source):
    """A request that goes on: its body is not there yet."""
    one = front.connect(source)
    one.sendall(
        b"POST /submit/ HTTP/1.1\r\nHost: " + HOST.encode() + b"\r\nContent-Length: 9\r\n\r\nx"
    )
    # It counts from when nginx has read its header.
    time.sleep(0.01)
    return one


@contextlib.contextmanager
def without_door(front):
    """The socket is not where it was, and what nginx had opened before is over."""
    here, aside = front.here / "web.sock", front.here / "aside.sock"
    here.rename(aside)
    time.sleep(1.5)
    try:
        yield
    finally:
        aside.rename(here)


def test_while_the_site_is_away_a_page_says_so_and_no_log_has_who_asked_or_what_for(front):
    """R-PR3: after faults of every kind that nginx itself writes of."""
    source = "127.7.7.7"
    with without_door(front):
        got = front.ask("/de/?q=secretword", source=source)
    assert (got.status, got.headers["Retry-After"]) == (503, "5")
    assert "Gerade nicht erreichbar" in got.body.decode()
    assert front.ask("/de/?q=secretword", source=source).status == 200

    sent = front.ask("/account/sign-in/?next=secretword", "POST", b"x" * 600_000, source=source)
    broken = front.ask("/%00secretword", source=source)
    assert (sent.status, broken.status) == (413, 400)
    with socket.create_connection(("127.0.0.1", front.secure), source_address=(source, 0)) as one:
        one.sendall(b"secretword and no TLS\r\n\r\n")
        assert b"400" in one.recv(1000)

    for log in ("nginx.log", "access.log", "site.log"):
        path = front.here / log
        written = path.read_text() if path.exists() else ""
        assert [found for found in (source, "secretword") if found in written] == [], log


def test_what_all_processes_answered_is_counted_once_and_tells_of_nobody(front):
    slug = "nobody-knows-this-address"
    before = front.metrics()
    for _ in range(12):
        assert front.ask_past(f"/statements/?tag={slug}").status == 200
        assert front.ask_past(f"/{slug}/").status == 404
        assert front.ask_past("/healthz").status == 200

    assert made_by_the_site(front, before) == {200: 12, 404: 12}
    after = front.metrics()
    assert after["statements_database_up"] == 1
    assert slug not in str(after)
