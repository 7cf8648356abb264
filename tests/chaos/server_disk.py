"""The disk of PostgreSQL is full, to the last byte, and has room again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress

import django

from tests.chaos.ground import LEFT_OUT, ROOT, PostgreSQL, free_port, small_disk

# What an empty server takes, two files of its log of changes, and some hundred submissions.
MEGABYTES = 140


def main() -> int:
    with small_disk(MEGABYTES) as disk:
        if not disk:
            return LEFT_OUT
        server = PostgreSQL(disk / "postgresql", free_port())
        try:
            server.make()
            server.start()
            server.execute("CREATE DATABASE site")
            os.environ["DATABASE_URL"] = server.url("site")
            manage = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
            subprocess.run(manage, cwd=ROOT, check=True)
            django.setup()
            print(f"{shutil.disk_usage(disk).free >> 20} MB of {MEGABYTES} are free")
            # It imports the models.
            from tests.chaos import filling

            return filling.run_on_a_server(disk, server)
        finally:
            with suppress(subprocess.CalledProcessError):
                server.stop("immediate")


if __name__ == "__main__":
    raise SystemExit(main())
