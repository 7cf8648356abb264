"""A site on several machines, on one: two groups of processes behind nginx, and a replica.

    python -m tests.chaos.machines            about two minutes
    python -m tests.chaos.machines --pooled   with PgBouncer before both databases

People read, send and correct while the replica is lost, lags, the database is started anew and
goes away, and one group is stopped. Ends with 1 where anything acknowledged is lost, where a change
is not shown within a second, where an error is not 503, or where errors go on for five seconds.
It needs nginx and PostgreSQL's own programs, with --pooled PgBouncer too (packages of Debian).
"""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections import Counter

import django

from tests.chaos.servers import Bouncer, Server
from tests.operating.front import HOST, ROOT, Answer, Front, answer_of

PASSWORD = "a long enough password"  # noqa: S105
LONGEST_ERRORS, LONGEST_UNSEEN = 5.0, 1.0


class Group:
    """The processes of one machine."""

    def __init__(self, front: Machines, number: int) -> None:
        self.front, self.door = front, front.here / f"web-{number}.sock"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        with (self.front.here / "site.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn"],
                cwd=ROOT,
                env=self.front.environment | {"BIND": f"unix:{self.door}"},
                stdout=log,
                stderr=log,
            )

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)

    def ask(self, path: str) -> Answer:
        connection = http.client.HTTPConnection(HOST)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(30)
        with contextlib.closing(connection):
            connection.sock.connect(str(self.door))
            own = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"}
            connection.request("GET", path, headers=own)
            return answer_of(connection)


class Machines(Front):
    def __init__(self, *, is_pooled: bool) -> None:
        super().__init__()
        self.here.chmod(0o755)
        self.primary = Server(self.here / "primary")
        self.replica = Server(self.here / "replica")
        self.groups = [Group(self, number) for number in (1, 2)]
        self.bouncers: list[Bouncer] = []
        self.is_pooled = is_pooled

    def set_up(self, statements: int = 60) -> None:
        self.primary.make()
        self.environment |= {"DATABASE_URL": self.primary.address(), "STAFF_MFA_REQUIRED": "0"}
        # Commands go past the pooler.
        super().set_up(statements)
        self.replica.follow(self.primary)

    def serve(self) -> None:
        both = [self.primary, self.replica]
        if self.is_pooled:
            both = self.bouncers = [Bouncer(one) for one in both]
            self.environment["DATABASE_POOLED"] = "1"
        self.environment["DATABASE_URL"] = both[0].address()
        self.environment["DATABASE_REPLICA_URL"] = both[1].address()
        for group in self.groups:
            group.start()
        self.start_nginx()
        self.wait()
        for group in self.groups:
            while group.ask("/readyz").status != 200:
                time.sleep(0.1)
        # For so long nginx lets alone whom it did not reach before, and then tries them with one
        # request each: others that come in that moment are told that nobody is there.
        time.sleep(3)
        for _ in range(20):
            self.ask("/readyz")

    def write_files(self) -> None:
        super().write_files()
        path = self.here / "site.conf"
        one = f"server unix:{self.here}/web.sock fail_timeout=0;"
        two = "".join(f"server unix:{g.door} max_fails=1 fail_timeout=2s;\n" for g in self.groups)
        text = path.read_text()
        assert one in text
        path.write_text(text.replace(one, two))

    def stop(self) -> None:
        for one in (*self.groups, *self.bouncers):
            one.stop()
        for server in (self.replica, self.primary):
            with contextlib.suppress(subprocess.CalledProcessError):
                server.stop("immediate")
        super().stop()

    # What happens to it, and for how long.

    def replica_is_lost(self) -> None:
        self.replica.stop("immediate")
        time.sleep(8)
        self.replica.start()

    def replica_lags(self) -> None:
        self.replica.ask("SELECT pg_wal_replay_pause()")
        time.sleep(8)
        self.replica.ask("SELECT pg_wal_replay_resume()")

    def database_starts_anew(self) -> None:
        self.primary.stop()
        self.primary.start()

    def database_is_away(self) -> None:
        self.primary.stop("immediate")
        time.sleep(6)
        self.primary.start()

    def group_is_stopped(self) -> None:
        self.groups[1].stop()
        time.sleep(4)
        self.groups[1].start()


def run(site: Machines) -> int:
    # They need Django's settings.
    from tests.admin.signed_in import make_staff
    from tests.chaos.visitors import Editor, Reader, Seen, Sender
    from tests.factories import make_text

    # A translation has a form of its own.
    statement = make_text("Leading", slug="leading").statement
    text = make_text("Corrected -1 times", slug="corrected", statement=statement, language="de")
    make_staff("ed", "Publishers", password=PASSWORD)
    site.serve()
    began, seen = time.monotonic(), list[Seen]()
    told = (site, began, seen)
    editor = Editor(*told, text=text.pk, path="/statements/corrected/", password=PASSWORD)
    senders = [Sender(*told) for _n in range(3)]
    people = [editor, *senders, *(Reader(*told) for _n in range(3))]
    for one in people:
        one.start()
    happened = []
    for act in (
        *(site.replica_is_lost, site.replica_lags, site.database_starts_anew),
        *(site.database_is_away, site.group_is_stopped),
    ):
        time.sleep(8)
        start = time.monotonic() - began
        act()
        happened.append((act.__name__, start, time.monotonic() - began))
    time.sleep(8)
    for one in people:
        one.stop()
    return report(site, seen, happened, people)


def report(site: Machines, seen: list, happened: list, people: list) -> int:
    editor, *others = people
    sent = {title for one in others for title in getattr(one, "acknowledged", [])}
    kept = {title for (title,) in site.primary.ask("SELECT title FROM statements_submission")}
    [(shown,)] = site.primary.ask(
        "SELECT r.title FROM statements_text t JOIN statements_revision r"
        f" ON r.id = t.live_revision_id WHERE t.id = {editor.text}"
    )
    last_corrected = int(shown.split()[1])
    wrong = [one.failed for one in people if one.failed]
    if lost := sent - kept:
        wrong.append(f"{len(lost)} submissions were acknowledged and are lost")
    if not sent or not editor.acknowledged:
        wrong.append("nothing was acknowledged")
    elif last_corrected < int(editor.acknowledged.split()[1]):
        wrong.append(f"{editor.acknowledged!r} was acknowledged, and {shown!r} is public")
    if strange := Counter(one.status for one in seen if one.status not in (200, 302, 303, 503)):
        wrong.append(f"answers that are no 503: {dict(strange)}")
    slow = max((seconds for _at, seconds in editor.shown), default=99.0)
    # A replica that is lost or lags delays nothing.
    hard = [(start - 1, end + 2) for name, start, end in happened if "replica" not in name]
    calm = [
        seconds for at, seconds in editor.shown if not any(start < at < end for start, end in hard)
    ]
    if not calm or max(calm) > LONGEST_UNSEEN:
        wrong.append(f"a correction was seen after {max(calm, default=99):.2f} s")
    print(f"{len(seen)} answers, {len(sent)} submissions and {editor.number} corrections sent.")
    print(f"Corrections seen in both groups after {max(calm, default=99):.2f} s at most", end="")
    print(f" ({slow:.2f} s while the database or a group was away).")
    # Until the next thing happens.
    ends = [start for _name, start, _end in happened[1:]] + [float("inf")]
    for (name, start, end), until in zip(happened, ends, strict=True):
        during = [one for one in seen if start <= one.at + one.seconds < until]
        errors = [one for one in during if one.status in (0, 503)]
        reading = [one for one in during if one.who == "Reader"]
        failed = [one for one in reading if one.status in (0, 503)]
        after = max((one.at + one.seconds - end for one in errors), default=0.0)
        longest = max((one.seconds for one in reading), default=0.0)
        print(
            f"  {name.replace('_', ' ')}, {end - start:.1f} s: {len(errors)} times 503"
            f" ({len(failed)} of {len(reading)} pages read, the slowest in {longest:.1f} s),"
            f" the last {max(after, 0):.1f} s after it"
        )
        if after > LONGEST_ERRORS:
            wrong.append(f"{name}: errors went on for {after:.1f} s")
        if "replica" in name and errors:
            wrong.append(f"{name}: {len(errors)} errors, where there should be none")
    before = [one for one in seen if one.status == 503 and one.at + one.seconds < happened[0][1]]
    for one in before:
        print(f"  503 at {one.at:.1f} s, before anything happened: {one.who} {one.path}")
    print("\n".join(wrong) or "Nothing that was acknowledged is lost.")
    return bool(wrong)


def main(*options: str) -> int:
    if set(options) - {"--pooled"}:
        raise SystemExit(__doc__)
    site = Machines(is_pooled="--pooled" in options)
    try:
        site.set_up()
        os.environ |= site.environment
        django.setup()
        return run(site)
    finally:
        site.stop()


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
