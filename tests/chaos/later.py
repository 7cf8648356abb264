"""Migrations of a later version run while the site goes on, and somebody holds on to a table."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import django

django.setup()

import psycopg2
from django.db import connection

from tests.chaos import checks
from tests.chaos.ground import ROOT
from tests.chaos.load import Crowd, Inbox, faults_in, finish, mail_server
from tests.chaos.processes import Site

COUNT, HELD, LONGEST = 60, 8.0, 5.0
# One that only adds, to tables that every page and every sender asks.
ADDED = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("statements", "{before}")]
    operations = [
        migrations.AddField(one, "later", models.CharField(max_length=9, default="", db_default=""))
        for one in ("text", "statement", "submission", "organisation")
    ] + [migrations.AddIndex("submission", models.Index(fields=["later"], name="later"))]
"""


def add_migration(folder: Path) -> str:
    """A package of all migrations and one more."""
    package = folder / "later_migrations"
    package.mkdir()
    for one in (ROOT / "statements" / "migrations").glob("*.py"):
        (package / one.name).symlink_to(one)
    before = max(one.stem for one in package.glob("0*.py"))
    (package / "9999_later.py").write_text(ADDED.format(before=before))
    (folder / "later_settings.py").write_text(
        "from solidarity.settings import *\n"
        'MIGRATION_MODULES = {"statements": "later_migrations"}\n'
    )
    return f"{folder}{os.pathsep}{ROOT}"


def hold(seconds: float) -> None:
    """What a long report does: it reads a table, and does not let go of it."""
    session = psycopg2.connect(os.environ["DATABASE_URL"])
    with session.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM statements_text")
        time.sleep(seconds)
    session.close()


def main() -> int:
    seed, folder = int(os.environ["CHAOS_SEED"]), Path(os.environ["CHAOS_FOLDER"])
    log, path = folder / "log", add_migration(folder)
    connection.close()
    own = os.environ | {"DJANGO_SETTINGS_MODULE": "later_settings", "PYTHONPATH": path}
    site = Site(log)
    try:
        with mail_server(Inbox()), Crowd(seed, COUNT) as crowd:
            time.sleep(4)
            holding = threading.Thread(target=hold, args=[HELD])
            holding.start()
            time.sleep(1)
            began = time.monotonic()
            manage = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity=0"]
            done = subprocess.run(manage, env=own, cwd=ROOT, capture_output=True, text=True)
            ended = time.monotonic()
            holding.join()
            time.sleep(4)
    finally:
        site.stop()
    waited = max((end - begin for begin, end, *_ in crowd.answers()), default=0)
    print(crowd.told())
    print(
        f"The table was held for {HELD:.0f} s; migrating took {ended - began:.1f} s;"
        f" the longest that a page took was {waited:.1f} s"
    )
    faults = [*crowd.faults(), *checks.submissions(crowd.people), *faults_in(log)]
    if done.returncode:
        faults.append(f"It was not migrated: {done.stderr[-500:]}")
    if waited > LONGEST:
        faults.append("Pages waited behind the migration")
    return finish(faults, "Pages went on, and the new version's tables are there.")


if __name__ == "__main__":
    raise SystemExit(main())
