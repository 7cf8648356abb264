"""Run scenarios one after the other, each with a database and folders of its own."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.ground import LEFT_OUT, ROOT, PostgreSQL, environment, free_port

# What is a scenario of its own, and what tests of the ordinary kind show.
SCENARIOS = {
    "kill": "tests.chaos.kill",
    "database": "tests.chaos.database",
    "mail": "tests.chaos.mail",
    "wires": "tests.chaos.wires",
    "disk": "tests.chaos.disk",
    "server-disk": "tests.chaos.server_disk",
    "editors": "tests.chaos.editors",
    "later": "tests.chaos.later",
    "copies": "tests.chaos.copies",
    "memory": "tests.chaos.memory",
    "clock": "tests.chaos.clock",
}
TESTS = {
    "reload": "tests/operating/test_front_under_strain.py::"
    "test_no_request_is_lost_while_processes_are_renewed_or_the_site_starts_anew",
    "slow-clients": "tests/operating/test_front_under_strain.py::"
    "test_whoever_sends_slowly_waits_in_front_and_nobody_else_does",
    "restoring": "tests/backup/test_restore.py::RestoreTests::"
    "test_who_is_killed_leaves_the_site_as_it_was_or_as_it_is_to_be",
    "backup": "tests/backup/test_backup.py::BackupTests::"
    "test_who_writes_meanwhile_is_in_it_whole_or_not_at_all",
    "newsletter": "tests/newsletter/test_sent_once.py::KilledTests",
    "store": "tests/pages/test_bucket.py::CarryingTests",
}
WORDS = {0: "kept", LEFT_OUT: "left out"}


def main() -> int:
    names = [*SCENARIOS, *TESTS]
    parser = argparse.ArgumentParser(prog="script/chaos", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(names)}")
    parser.add_argument("--seed", type=int, default=1, help="what chance goes by (1)")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(names):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="chaos-") as made:
        folder = Path(made)
        # PostgreSQL runs as somebody else.
        folder.chmod(0o755)
        server = PostgreSQL(folder / "postgresql", free_port())
        server.make()
        server.start()
        try:
            prepare(server, folder)
            results = [one(name, server, folder, asked.seed) for name in asked.names or names]
        finally:
            server.stop("immediate")
    print("\n== Promises")
    for name, code, seconds in results:
        print(f"{name:14} {WORDS.get(code, 'BROKEN'):9} {seconds:4.0f} s")
    return int(any(code not in WORDS for _name, code, _seconds in results))


def prepare(server: PostgreSQL, folder: Path) -> None:
    """What is made once and copied: an empty site, and static files."""
    server.execute("CREATE DATABASE template")
    own = os.environ | environment(server.url("template"), folder / "template")
    for command in (["migrate"], ["collectstatic", "--no-input"]):
        manage = [sys.executable, "manage.py", *command, "--verbosity=0"]
        subprocess.run(manage, cwd=ROOT, env=own, check=True)


def one(name: str, server: PostgreSQL, folder: Path, seed: int) -> tuple[str, int, float]:
    print(f"\n== {name}", flush=True)
    start = time.monotonic()
    if name in TESTS:
        command = [sys.executable, "-m", "pytest", "-q", "-n0", TESTS[name]]
        return name, subprocess.run(command, cwd=ROOT).returncode, time.monotonic() - start
    database, place = name.replace("-", "_"), folder / name
    place.mkdir()
    server.execute(f"CREATE DATABASE {database} TEMPLATE template")
    own = os.environ | environment(server.url(database), place)
    own |= {
        "CHAOS_POSTGRESQL": str(server.folder),
        "CHAOS_PORT": str(server.port),
        "CHAOS_FOLDER": str(place),
        "CHAOS_SEED": str(seed),
    }
    done = subprocess.run([sys.executable, "-m", SCENARIOS[name]], cwd=ROOT, env=own)
    server.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
    shutil.rmtree(place, ignore_errors=True)
    return name, done.returncode, time.monotonic() - start


if __name__ == "__main__":
    raise SystemExit(main())
