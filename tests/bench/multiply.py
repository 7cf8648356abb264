"""Make a large archive of a filled one, in plain SQL, on PostgreSQL; never where work is kept.

    createdb -T bench100k bench1m
    python -m tests.bench.multiply postgres://…/bench1m 10

Every statement is there that many times afterwards, with its texts, versions, links and rows of the
index, so that words keep their shares; events, organisations and demands stay as many as they were.
Addresses are made distinct, and nothing else: a page of such an archive is for its speed alone.
"""

from __future__ import annotations

import sys
import time
from urllib.parse import urlsplit

import psycopg2

PREFIX = "statements_"
TABLES = (
    *("statement", "text", "revision", "authorship", "statement_events", "statement_places"),
    *("tagging", "demandasmade", "quotation", "naming", "searchentry"),
    "searchlinks",
)
# Keys that no constraint of the database points from: by them a row of the index is found.
FURTHER = {("searchentry", "number"), ("searchentry", "statement_id")}
OTHERWISE = {"slug": "slug || '-' || copy", "import_fingerprint": "NULL"}
# Room between the keys of two copies.
STEP = 1_000_000

COLUMNS = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'
"""
# The primary key, and what points at one of the tables.
KEYS = """
    SELECT attname FROM pg_constraint
    JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey)
    WHERE conrelid = %s::regclass AND cardinality(conkey) = 1
    AND (contype = 'p' OR contype = 'f' AND confrelid = ANY (%s::regclass[]))
"""
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY (%s::regclass[]) AND NOT indisunique
"""


def main(address: str, times: int) -> None:
    if not urlsplit(address).path.strip("/"):
        sys.exit("Name the database.")
    connection = psycopg2.connect(address)
    tables = [PREFIX + name for name in TABLES]
    with connection, connection.cursor() as cursor:
        # Without triggers, those of foreign keys among them; indexes are made afterwards.
        cursor.execute("SET session_replication_role = replica; SET maintenance_work_mem = '1GB'")
        cursor.execute(INDEXES, [tables])
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        for table in tables:
            _say(f"{table}: {_multiply(cursor, table, tables, times)} rows")
        for name, definition in indexes:
            cursor.execute(definition)
            _say(name)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    _say("vacuumed and analysed")


def _multiply(cursor: object, table: str, tables: list[str], times: int) -> int:
    cursor.execute(KEYS, [table, tables])
    keys = {name for (name,) in cursor.fetchall()}
    keys |= {column for name, column in FURTHER if PREFIX + name == table}
    cursor.execute(COLUMNS, [table])
    columns = [name for (name,) in cursor.fetchall()]
    others = OTHERWISE | {key: f"{key} + copy * {STEP}" for key in keys}
    values = ", ".join(others.get(column, column) for column in columns)
    # Of the index the rows of texts alone.
    rows = f"{table} WHERE statement_id IS NOT NULL" if table.endswith("searchentry") else table
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)})"  # noqa: S608 - names of our own
        f" SELECT {values} FROM generate_series(1, {times - 1}) AS copy, {rows}"
    )
    number = cursor.rowcount
    if "id" in columns:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608
        )
    return number


def _say(words: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
