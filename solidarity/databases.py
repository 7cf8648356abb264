"""Where the records are: the database that is written to, and a replica of it if there is one."""

from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from solidarity import env

# WAL and IMMEDIATE: four writers at once without "database is locked";
# FULL: an acknowledged write survives a power cut; secure_delete: what is erased is gone.
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        " PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON"
    ),
}
# PostgreSQL guesses that walking a tree of events is costly, and then takes seconds to compile
# a query that runs in milliseconds. And it takes a row found by an index for as costly as a
# turning disk would make it, and reads whole tables instead. And its parallel workers take as
# long to start as the queries of a page take to run. And it plans the first five times anew what
# statements/prepared.py has it plan once. DATABASE_URL may say otherwise.
POSTGRESQL = (
    "-c jit=off -c random_page_cost=1.1 -c max_parallel_workers_per_gather=0"
    " -c plan_cache_mode=force_generic_plan"
)
# One that does not answer is away: pages say so, and those that are kept go on.
TIMEOUT = 5
# A replica is done without: nobody waits for longer, be it for its name, for a connection, or on
# one whose other end is gone.
PATIENCE = {
    "connect_timeout": 2,
    "tcp_user_timeout": 2000,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 2,
}


def configured(base: Path) -> dict[str, dict]:
    """Django's DATABASES."""
    one = _parsed(env.text("DATABASE_URL", f"sqlite:///{base / 'var' / 'site.sqlite3'}"))
    found = {"default": one}
    if is_sqlite(one):
        one["OPTIONS"] = SQLITE
    else:
        _limit(one)
    if address := env.text("DATABASE_REPLICA_URL"):
        replica = _parsed(address)
        if is_sqlite(one) or is_sqlite(replica):
            raise ImproperlyConfigured("DATABASE_REPLICA_URL needs PostgreSQL, as DATABASE_URL too")
        replica["OPTIONS"] = PATIENCE | replica.get("OPTIONS", {})
        _limit(replica)
        # Tests make no database for it.
        replica["TEST"] = {"MIRROR": "default"}
        found["replica"] = replica
    return found


def is_sqlite(one: dict) -> bool:
    return one["ENGINE"].endswith("sqlite3")


def _parsed(address: str) -> dict:
    return dj_database_url.parse(address, conn_max_age=60, conn_health_checks=True)


def _limit(one: dict) -> None:
    options = one.setdefault("OPTIONS", {})
    options.setdefault("connect_timeout", TIMEOUT)
    if env.flag("DATABASE_POOLED"):
        # Of what a session knows nothing lasts, and it is the pooler that makes sessions: what is
        # set below, PgBouncer sets by its connect_query. Nor is a query planned for a connection.
        one["DISABLE_SERVER_SIDE_CURSORS"] = True
        one["CONN_MAX_AGE"] = 0
        return
    ours = POSTGRESQL
    # Where pages are made: whoever asks for so long, or holds on to what others wait for, is cut
    # off. Commands may take their time.
    if seconds := env.number("STATEMENT_SECONDS"):
        ours += f" -c statement_timeout={seconds}s"
        ours += f" -c idle_in_transaction_session_timeout={2 * seconds}s"
    options["options"] = f"{ours} {options.get('options', '')}".strip()
