"""Compare what the site serves with a bare Django view and with nginx, in one run.

    python -m tests.bench.compare postgres://…/bench1k [rounds [seconds]]

All of them listen on loopback and are asked by wrk (Debian: `apt install wrk nginx-light`), one
after the other in every round, so that what else the machine does hits all alike. The unit is a
view that says hello, behind no middleware, from the same gunicorn with the same processes and
threads. Figures are medians of the rounds, as multiples of that unit; a round in which the unit
was a third slower than in the quietest one is named and left out.
"""

from __future__ import annotations

import gzip
import http.client
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import quote

import django

PAGES = ("statement", "list", "event", "demand", "tag", "feed")
NOISY = 0.67
PAUSE = 0.5
GZIP = "Accept-Encoding: gzip"
UNIT = "bare view"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def get(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


@contextmanager
def running(command: list[str], port: int, path: str, **variables: str) -> Iterator[int]:
    process = subprocess.Popen(command, env=os.environ | variables)
    start = time.monotonic()
    try:
        while True:
            try:
                get(port, path)
                break
            except OSError:
                if time.monotonic() - start > 60:
                    raise
                time.sleep(0.05)
        print(f"{command[-1]}: first answer after {time.monotonic() - start:.1f} s")
        yield port
    finally:
        process.terminate()
        process.wait()


@contextmanager
def gunicorn(module: str, path: str, **variables: str) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", module]
    with running(command, port, path, **variables):
        yield port


@contextmanager
def nginx(body: bytes, kind: str) -> Iterator[int]:
    """The same bytes from a file, plain and compressed beforehand."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        here.chmod(0o755)
        (here / "page").write_bytes(body)
        (here / "page.gz").write_bytes(gzip.compress(body, 6))
        (here / "nginx.conf").write_text(
            f"daemon off; worker_processes 2; pid {here}/pid; error_log {here}/log;\n"
            "events {}\n"
            f"http {{ access_log off; default_type '{kind}'; gzip_static on;\n"
            f"server {{ listen 127.0.0.1:{port}; root {here}; }} }}\n"
        )
        if os.geteuid() == 0:
            with (here / "nginx.conf").open("a") as file:
                file.write("user root;\n")
        command = ["nginx", "-e", str(here / "log"), "-c", str(here / "nginx.conf")]
        with running(command, port, "/page"):
            yield port


def rate(port: int, path: str, seconds: int, *headers: str) -> float:
    """Answers a second that wrk gets, all of them good."""
    # What the last one left behind is still worked on, and more at once is turned away.
    time.sleep(PAUSE)
    asked = [word for one in headers for word in ("-H", one)]
    out = subprocess.run(
        ["wrk", "-t1", "-c8", f"-d{seconds}s", *asked, f"http://127.0.0.1:{port}{path}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if "Non-2xx or 3xx" in out:
        raise SystemExit(f"{path}: not all answers were good\n{out}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])


def memory_of(port: int) -> int:
    """Megabytes that the processes that listen there have to themselves, in the median."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if f"127.0.0.1:{port}" in stat.read_text():
                rolled = (stat.parent / "smaps_rollup").read_text()
                found.append(int(re.search(r"^Pss:\s+(\d+)", rolled, re.MULTILINE)[1]) // 1024)
        except OSError:
            continue
    return int(median(found)) if found else 0


def addresses_of(url: str) -> dict[str, str]:
    """One page of each kind, where it has most to show."""
    os.environ |= {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": url}
    django.setup()
    from tests.bench.pages import addresses

    found = addresses()
    return {name: quote(found[name], safe="/?=&%") for name in PAGES}


def main(url: str, rounds: int = 5, seconds: int = 3) -> None:
    pages = addresses_of(url)
    with ExitStack() as stack:
        static = stack.enter_context(tempfile.TemporaryDirectory())
        served = {"DJANGO_SETTINGS_MODULE": "solidarity.settings", "KEPT_MEGABYTES": "16"}
        served |= {"DATABASE_URL": url, "DJANGO_DEBUG": "0", "STATIC_ROOT": static}
        served |= {"SITE_URL": "http://127.0.0.1:8000", "ALLOWED_HOSTS": "127.0.0.1"}
        served |= {"SECRET_KEY": secrets.token_urlsafe(48)}
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"],
            env=os.environ | served,
            check=True,
        )
        bare = stack.enter_context(
            gunicorn("tests.bench.bare_wsgi:application", "/", DJANGO_SETTINGS_MODULE="x")
        )
        ours = stack.enter_context(gunicorn("solidarity.wsgi", "/healthz", **served))
        off = served | {"KEPT_MEGABYTES": "0"}
        made = stack.enter_context(gunicorn("solidarity.wsgi", "/healthz", **off))
        _status, headers, body = get(ours, pages["statement"])
        front = stack.enter_context(nginx(body, headers["Content-Type"]))
        etag = f"If-None-Match: {headers['ETag']}"
        tried = {UNIT: (bare, "/")}
        # As browsers ask for it.
        for name, path in pages.items():
            tried[f"{name}, kept, compressed"] = (ours, path, GZIP)
        tried |= {
            "statement, kept": (ours, pages["statement"]),
            "list, kept": (ours, pages["list"]),
            "statement, kept, 304": (ours, pages["statement"], etag),
            "statement, made each time": (made, pages["statement"]),
            "list, made each time": (made, pages["list"]),
            "nginx, the statement as a file": (front, "/page"),
            "nginx, the same compressed": (front, "/page", GZIP),
        }
        found: dict[str, list[float]] = {name: [] for name in tried}
        for _n in range(rounds):
            for name, (port, path, *headers) in tried.items():
                found[name].append(rate(port, path, seconds, *headers))
        print(f"memory of a process: bare {memory_of(bare)} MB, ours {memory_of(ours)} MB")
    report(found)


def report(found: dict[str, list[float]]) -> None:
    best = max(found[UNIT])
    quiet = [number for number, one in enumerate(found[UNIT]) if one >= NOISY * best]
    for number, one in enumerate(found[UNIT], 1):
        if number - 1 not in quiet:
            print(f"round {number} was noisy: {one:.0f} a second, best {best:.0f}")
    print(f"\n{len(quiet)} quiet rounds; the unit is {best:.0f} answers a second\n")
    print("| answer | times the bare view | a second |\n|---|--:|--:|")
    for name, rates in found.items():
        ratio = median(rates[number] / found[UNIT][number] for number in quiet)
        print(f"| {name} | {ratio:.2f} | {median(rates[number] for number in quiet):.0f} |")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
