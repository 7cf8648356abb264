"""How far the replica of the database follows, in words for whoever runs the site."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.db import DatabaseError, InterfaceError, connections

from statements.replica import DEFAULT, REPLICA

# Seconds within which it has to have what the database had when it was asked.
LAG = 2
REACHED = "SELECT pg_wal_lsn_diff(%s, pg_last_wal_replay_lsn())"


def problems() -> Iterator[str]:
    """What is wrong with it, and what to do; nothing where it follows."""
    try:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute("SELECT pg_is_in_recovery()")
            if not cursor.fetchone()[0]:
                yield (
                    "is a database of its own, which follows none: let DATABASE_REPLICA_URL lead to"
                    " one made by pg_basebackup, or take it away"
                )
                return
    except (DatabaseError, InterfaceError) as error:
        yield (
            f"does not answer ({str(error).strip()}): look at DATABASE_REPLICA_URL, and whether"
            " its server runs; pages come from the database itself meanwhile"
        )
        return
    if behind := _behind():
        yield (
            f"is {behind / 1024:,.0f} kB behind: see on the database whether it is in"
            " pg_stat_replication, and on the replica whether its log names a conflict or a full"
            " disk; pages come from the database itself meanwhile"
        )


def _behind() -> int:
    """Bytes of its log that it does not have after some time."""
    with connections[DEFAULT].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn()")
        (written,) = cursor.fetchone()
    end = time.monotonic() + LAG
    while True:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(REACHED, [written])
            (missing,) = cursor.fetchone()
        if missing <= 0 or time.monotonic() > end:
            return max(missing, 0)
        time.sleep(0.05)
