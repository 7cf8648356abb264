"""What every scenario stands on: a PostgreSQL of its own, and the settings of a site in use."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg2

ROOT = Path(__file__).resolve().parents[2]
# What a scenario ends with that cannot be had on this machine.
LEFT_OUT = 77


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def environment(database: str, folder: Path) -> dict[str, str]:
    """The site as it is in use, but for the work that browsers do before they send a form."""
    host = f"127.0.0.1:{free_port()}"
    return {
        "DJANGO_SETTINGS_MODULE": "solidarity.settings",
        "DJANGO_DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATABASE_URL": database,
        "SITE_URL": f"http://{host}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "BIND": host,
        "WEB_CONCURRENCY": "2",
        "EMAIL_URL": f"smtp://127.0.0.1:{free_port()}",
        "PROOF_OF_WORK_BITS": "8",
        # The people come from networks of their own.
        "TRUSTED_PROXY_COUNT": "1",
        "STATIC_ROOT": f"{folder.parent}/static",
        "MEDIA_ROOT": f"{folder}/media",
        "DATA_ROOT": f"{folder}/data",
        "BACKUP_ROOT": f"{folder}/backup",
        "DUMP_HOURS": "0",
        # All readers of a scenario are one network.
        "API_REQUESTS": "0",
    }


def server_binary(name: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    path = str(found[-1]) if found else shutil.which(name)
    if not path:
        raise SystemExit("There is no PostgreSQL server. On Debian: sudo apt install postgresql")
    return path


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path | None]:
    """A disk in memory that is soon full; None where whoever runs this may not mount one."""
    disk = Path(os.environ["CHAOS_FOLDER"]) / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", disk]
    if subprocess.run(mount, check=False, stderr=subprocess.DEVNULL).returncode:
        print("Left out: whoever runs this may not mount a disk. Run it as root.")
        yield None
        return
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk], check=False)


class PostgreSQL:
    """A server that is ours to stop: it refuses to run as root, so as postgres there."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.runner = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []

    @classmethod
    def of_the_run(cls) -> PostgreSQL:
        return cls(Path(os.environ["CHAOS_POSTGRESQL"]), int(os.environ["CHAOS_PORT"]))

    def make(self) -> None:
        self.folder.mkdir()
        if self.runner:
            shutil.chown(self.folder, "postgres")
        initdb = [server_binary("initdb"), "--pgdata", "db", "--auth", "trust"]
        self._run(*initdb, "--username", "statements", "--locale", "C.UTF-8", "--encoding", "UTF8")

    def start(self) -> None:
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1"
            f" -c unix_socket_directories={self.folder} -c max_connections=200"
        )
        control = [server_binary("pg_ctl"), "--pgdata", "db", "--wait", "--log", "log"]
        self._run(*control, "--options", options, "start")

    def start_again(self) -> bool:
        """Whether it had stopped by itself. It answers afterwards."""
        control = [server_binary("pg_ctl"), "--pgdata", "db", "status"]
        status = [*self.runner, *control]
        found = subprocess.run(status, cwd=self.folder, stdout=subprocess.DEVNULL, check=False)
        if had_stopped := found.returncode != 0:
            self.start()
        for _ in range(100):
            with suppress(psycopg2.OperationalError):
                self.execute("SELECT 1")
                return had_stopped
            time.sleep(0.1)
        raise SystemExit("PostgreSQL does not come back.")

    def stop(self, mode: str = "fast") -> None:
        """`fast`: connections are cut off in order; `immediate`: as if all of it was killed."""
        control = [server_binary("pg_ctl"), "--pgdata", "db", "--wait", "--mode", mode]
        self._run(*control, "stop")

    def freeze(self, seconds: float) -> None:
        """It neither answers nor goes away."""
        first = int((self.folder / "db" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        all_of_it = [first, *map(int, children)]
        for pid in all_of_it:
            _signal(pid, signal.SIGSTOP)
        try:
            time.sleep(seconds)
        finally:
            for pid in reversed(all_of_it):
                _signal(pid, signal.SIGCONT)

    def url(self, name: str) -> str:
        return f"postgres://statements@127.0.0.1:{self.port}/{name}"

    def execute(self, words: str, database: str = "postgres") -> None:
        session = psycopg2.connect(self.url(database))
        session.autocommit = True
        with session.cursor() as cursor:
            cursor.execute(words)
        session.close()

    def _run(self, *command: str) -> None:
        subprocess.run(
            [*self.runner, *command], cwd=self.folder, check=True, stdout=subprocess.DEVNULL
        )


def _signal(pid: int, which: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, which)
