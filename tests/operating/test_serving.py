"""How gunicorn is told to serve the site."""

import gc
import runpy
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

CONFIGURATION = Path(__file__).parents[2] / "gunicorn.conf.py"


def test_a_process_does_not_look_through_the_code_of_the_site_for_garbage():
    found = runpy.run_path(str(CONFIGURATION))
    before = gc.get_freeze_count()
    try:
        found["when_ready"](None)
        assert gc.get_freeze_count() > before + 50_000
        assert len(gc.get_objects()) < 1_000
    finally:
        gc.unfreeze()


def options_of(settings_for, *variables):
    """What a process is connected to PostgreSQL with."""
    found = settings_for(
        DATABASE_URL="postgres://db/statements", **dict(one.split("=") for one in variables)
    )
    return found.DATABASES["default"]["OPTIONS"]["options"]


def test_a_query_of_a_page_is_stopped_and_one_of_a_command_is_not(settings_for):
    for_pages = runpy.run_path(str(CONFIGURATION))["raw_env"]

    assert for_pages == ["STATEMENT_SECONDS=5"]
    added = options_of(settings_for, *for_pages).removeprefix(options_of(settings_for))
    assert added == " -c statement_timeout=5s -c idle_in_transaction_session_timeout=10s"


@pytest.mark.django_db
def test_postgresql_understands_it(settings_for):
    if connection.vendor != "postgresql":
        pytest.skip("it is asked of PostgreSQL")
    options = options_of(settings_for, "STATEMENT_SECONDS=1")
    with (
        psycopg2.connect(**connection.get_connection_params() | {"options": options}) as other,
        other.cursor() as cursor,
        pytest.raises(psycopg2.errors.QueryCanceled),
    ):
        cursor.execute("SELECT pg_sleep(3)")
