"""Servers of a run: PostgreSQL, a replica that follows it, and PgBouncer before either."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import psycopg2

from tests.operating.front import free_port

NAME = "statements"
# None of these servers starts as root.
AS_OTHER = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
POOLED = """
[databases]
{name} = host=127.0.0.1 port={port} dbname={name} user={name} connect_query='SET jit = off; SET random_page_cost = 1.1; SET max_parallel_workers_per_gather = 0; SET statement_timeout = 5000; SET idle_in_transaction_session_timeout = 10000'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 8
max_client_conn = 500
server_login_retry = 1
query_wait_timeout = 3
logfile = {folder}/bouncer.log
"""  # noqa: E501


def binary(name: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name) or name


class Server:
    """One PostgreSQL, whose folder is its owner's."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        folder.mkdir(parents=True)
        if AS_OTHER:
            shutil.chown(folder, "postgres")

    def run(self, program: str, *arguments: str) -> None:
        command = [*AS_OTHER, binary(program), *arguments]
        subprocess.run(command, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

    def make(self) -> None:
        self.run(
            *("initdb", "--pgdata", "db", "--auth", "trust", "--username", NAME),
            *("--locale", "C.UTF-8", "--encoding", "UTF8", "--no-sync"),
        )
        self.start()
        session = psycopg2.connect(self.address("postgres"))
        session.autocommit = True
        session.cursor().execute(f"CREATE DATABASE {NAME}")
        session.close()

    def follow(self, other: Server) -> None:
        self.run(
            *("pg_basebackup", "--host", "127.0.0.1", "--port", str(other.port)),
            *("--username", NAME, "--pgdata", "db", "--checkpoint", "fast", "--no-sync"),
            *("--write-recovery-conf", "--create-slot", "--slot", "one"),
        )
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c hot_standby_feedback=on"
        options += f" -c unix_socket_directories={self.folder} -c max_connections=150"
        self.run("pg_ctl", *("--pgdata", "db", "--wait", "--log", "log", "start", "-o", options))

    def stop(self, mode: str = "fast") -> None:
        self.run("pg_ctl", "--pgdata", "db", "--wait", "--mode", mode, "stop")

    def address(self, database: str = NAME) -> str:
        return f"postgres://{NAME}@127.0.0.1:{self.port}/{database}"

    def ask(self, sql: str) -> list[tuple]:
        session = psycopg2.connect(self.address())
        try:
            session.autocommit = True
            with session.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall() if cursor.description else []
        finally:
            session.close()


class Bouncer:
    """PgBouncer before a server: a connection for each transaction."""

    def __init__(self, server: Server) -> None:
        self.port = free_port()
        told = server.folder / "bouncer.ini"
        words = {"name": NAME, "port": server.port, "own": self.port, "folder": server.folder}
        told.write_text(POOLED.format(**words))
        found = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
        self.process = subprocess.Popen([*AS_OTHER, found, "-q", told], stderr=subprocess.DEVNULL)
        time.sleep(1)

    def address(self) -> str:
        return f"postgres://{NAME}@127.0.0.1:{self.port}/{NAME}"

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
