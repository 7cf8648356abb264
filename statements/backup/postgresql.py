"""PostgreSQL: dumped in one snapshot by pg_dump; restored into a database beside, then renamed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import psycopg2
from django.db import connection, transaction
from django.db.backends.postgresql.client import DatabaseClient
from psycopg2 import errors, sql

from statements.backup.contents import LEFT_OUT
from statements.backup.places import Refused
from statements.backup.sqlite import has_content

NAME = "postgresql"
PIECE = 1024 * 1024
# How often, and after how many seconds, it is looked whether everybody has left.
ATTEMPTS, PAUSE = 20, 0.1
# Said of a database that may be dropped.
OURS = "made by manage.py restore, to be thrown away"
Progress = Callable[[str, int], None]


def require_programs() -> None:
    """Raises Refused where those of PostgreSQL are missing, or older than its server."""
    connection.ensure_connection()
    server = connection.pg_version // 10_000
    for name in ("pg_dump", "pg_restore"):
        if not shutil.which(name):
            raise Refused(
                f"{name} is missing: install PostgreSQL's client, version {server} or later"
                f" (on Debian: sudo apt install postgresql-client)."
            )
        said = subprocess.run([name, "--version"], capture_output=True, text=True)  # noqa: S603
        version = re.search(r"\) (\d+)", said.stdout)
        if not version or int(version[1]) < server:
            raise Refused(
                f"{name} is {version[1] if version else 'of no known version'}, and the server is"
                f" {server}: install PostgreSQL's client, version {server} or later."
            )


@contextmanager
def snapshot(
    folder: Path, progress: Progress
) -> Iterator[tuple[str, Callable[[], Iterator[bytes]]]]:
    """One moment, for our queries and for pg_dump alike."""
    connection.close()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # pg_dump works while we wait.
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SELECT pg_export_snapshot()")
            (moment,) = cursor.fetchone()
        yield "default", lambda: _dumped(moment)


def _dumped(moment: str) -> Iterator[bytes]:
    left_out = [f"--exclude-table-data={table}" for table in LEFT_OUT]
    command, environment = _command(
        *("pg_dump", "--format=custom", "--compress=3", "--no-owner", "--no-privileges"),
        *(f"--snapshot={moment}", *left_out),
    )
    with subprocess.Popen(  # noqa: S603
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            while piece := process.stdout.read(PIECE):
                yield piece
        except GeneratorExit:
            process.kill()
            raise
        said = process.stderr.read().decode(errors="replace")
        if process.wait():
            raise Refused(f"pg_dump failed: {said.strip()}")


def _command(program: str, *options: str, database: str = "") -> tuple[list[str], dict[str, str]]:
    """A program for the site's database or another; the password is in no argument."""
    where = connection.settings_dict | ({"NAME": database} if database else {})
    arguments, environment = DatabaseClient.settings_to_cmd_args_env(where, [])
    name = arguments[-1]
    return (
        [program, *arguments[1:-1], *options, f"--dbname={name}"],
        os.environ | (environment or {}),
    )


# Restoring


def is_empty() -> bool:
    return not has_content(connection)


def _name() -> str:
    return connection.settings_dict["NAME"]


@contextmanager
def _server() -> Iterator[object]:
    """A session outside the site's database, which nobody can rename from inside."""
    told = connection.get_connection_params() | {"dbname": "postgres"}
    # How it is reached, and whether its certificate is asked for, is as for the site; its limits
    # on queries are not for this.
    told.pop("options", None)
    with closing(psycopg2.connect(**told)) as session:
        session.autocommit = True
        with session.cursor() as cursor:
            yield cursor


@contextmanager
def scratch(folder: Path | None) -> Iterator[str]:
    """The address of an empty database beside the site's; one left by whoever was killed goes."""
    name = f"{_name()}_{'verifying' if folder else 'restoring'}"[:63]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datcollate, datctype FROM pg_database WHERE datname = current_database()"
        )
        collate, letters = cursor.fetchone()
    connection.close()
    with _server() as cursor:
        _drop(cursor, name)
        try:
            cursor.execute(
                sql.SQL(
                    "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'"
                    " LC_COLLATE {} LC_CTYPE {}"
                ).format(sql.Identifier(name), sql.Literal(collate), sql.Literal(letters))
            )
        except errors.InsufficientPrivilege:
            raise Refused(
                "It is restored into a database beside, and the role of DATABASE_URL may make none:"
                " let a superuser run ALTER ROLE … CREATEDB (docs/operating.md)."
            ) from None
        cursor.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(OURS))
        )
    try:
        yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{quote(name)}").geturl()
    finally:
        with _server() as cursor:
            _drop(cursor, name)


def _drop(cursor: object, name: str) -> None:
    """Drop a database of ours, and no other. Raises Refused."""
    cursor.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
    )
    found = cursor.fetchone()
    if not found:
        return
    if found[0] != OURS:
        raise Refused(f"There is a database {name} that was not made for this: rename or drop it.")
    cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def load(file: Path, url: str) -> None:
    name = unquote(urlsplit(url).path.lstrip("/"))
    command, environment = _command(
        *("pg_restore", "--no-owner", "--no-privileges", "--no-comments", "--exit-on-error"),
        "--single-transaction",
        database=name,
    )
    done = subprocess.run(  # noqa: S603
        [*command, str(file)], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise Refused(f"pg_restore failed: {done.stderr.strip()}")


def require_stopped() -> None:
    """Raises Refused where somebody is connected to the site's database."""
    connection.close()
    _require_alone(_name())


def _require_alone(name: str) -> None:
    """Whoever has just left is still there for a moment."""
    for _attempt in range(ATTEMPTS):
        with _server() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
                " AND backend_type = 'client backend'",
                [name],
            )
            if not cursor.fetchone()[0]:
                return
        time.sleep(PAUSE)
    raise Refused("The site is running: stop it, with its workers and run_due, and try again.")


def put_in_place(url: str) -> None:
    """Two renames in one transaction: there is always one whole database of the name."""
    made, before = unquote(urlsplit(url).path.lstrip("/")), f"{_name()}_replaced"[:63]
    require_stopped()
    _require_alone(made)
    with _server() as cursor:
        _drop(cursor, before)
        cursor.execute("BEGIN")
        _rename(cursor, _name(), before, said=OURS)
        _rename(cursor, made, _name(), said=None)
        cursor.execute("COMMIT")
        _drop(cursor, before)


def _rename(cursor: object, old: str, new: str, *, said: str | None) -> None:
    names = sql.Identifier(old), sql.Identifier(new)
    cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))
    comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
    # nosemgrep: sql-with-values-in-it - psycopg2's own, which quotes
    cursor.execute(comment.format(names[1], sql.Literal(said)))
