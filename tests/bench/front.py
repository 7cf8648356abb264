"""A page that is kept, through the shipped nginx, and the same bytes as a file of the same nginx.

    python -m tests.bench.front [rounds]

Both are asked by wrk over TLS (Debian: `apt install wrk nginx-light`), in turns, plain and packed.
Then statements are withdrawn while others ask for them: how long each was shown after that.
"""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from urllib.parse import unquote

from tests.operating.front import HOST, ROOT, Front, set_up

SECONDS = 4
PACKED = ("-H", "Accept-Encoding: gzip")


@contextmanager
def started() -> Iterator[Front]:
    with set_up() as front:
        # All of wrk comes from one address.
        site = front.here / "site.conf"
        site.write_text(re.sub(r"limit_conn statements_.*", "", site.read_text()))
        front.start()
        yield front


def rate(front: Front, path: str, *headers: str) -> float:
    """Answers a second, all of them good."""
    url = f"https://127.0.0.1:{front.secure}{path}"
    asked = ["wrk", "-t1", "-c8", f"-d{SECONDS}s", "-H", f"Host: {HOST}", *headers, url]
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(said)
    return float(re.search(r"Requests/sec:\s*([\d.]+)", said)[1])


WITHDRAW = """
import sys, time
from statements.models import Text
from statements.publishing import standing
text = Text.objects.get(slug="{slug}")
standing.change_standing(text.statement, "withdrawn", note="Asked.")
print(time.time())
"""


def shown_after(front: Front, page: str) -> float:
    """Seconds from a withdrawal, once it is in the database, until nobody sees the words."""
    over, last, words = threading.Event(), 0.0, front.ask(page).body

    def ask() -> None:
        nonlocal last
        while not over.is_set():
            asked = time.time()
            if front.ask(page).body == words:
                last = max(last, asked)

    asking = [threading.Thread(target=ask) for _ in range(4)]
    for one in asking:
        one.start()
    slug = unquote(page.rstrip("/").rpartition("/")[2])
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", WITHDRAW.format(slug=slug)]
    done = subprocess.run(
        command, cwd=ROOT, env=front.environment, capture_output=True, text=True, check=True
    )
    time.sleep(2)
    over.set()
    for one in asking:
        one.join()
    return last - float(done.stdout)


def main(rounds: int) -> None:
    with started() as front:
        listed = front.ask("/statements/").body.decode()
        page, *others = dict.fromkeys(re.findall(r'href="(/statements/[^"?/]+/)"', listed))
        # Each process makes its first pages slowly.
        body = [front.ask_past(page).body for _ in range(20)][-1]
        file = front.here / "var" / "static" / "page.txt"
        file.write_bytes(body)
        file.with_suffix(".txt.gz").write_bytes(gzip.compress(body, 6))
        found: dict[tuple[str, str], list[float]] = {}
        for _round in range(rounds):
            for form, headers in (("plain", ()), ("packed", PACKED)):
                for what, path in (("front", page), ("file", "/static/page.txt")):
                    found.setdefault((what, form), []).append(rate(front, path, *headers))
        late = [shown_after(front, one) for one in others[:5]]
    for form in ("plain", "packed"):
        ours, file = (median(found[what, form]) for what in ("front", "file"))
        each = ", ".join(f"{one:.0f}" for one in found["front", form])
        print(f"{form}: {ours:.0f} a second, {ours / file:.2f} of the file ({file:.0f}); {each}")
    print("shown after a withdrawal:", ", ".join(f"{one:.2f} s" for one in late))
    print(f"{len(body)} bytes, {len(gzip.compress(body, 6))} packed")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 3)
