"""A small disk with all that a site on SQLite writes is full, and is then mounted read only."""

from __future__ import annotations

import os
import subprocess
import sys

import django

from tests.chaos.ground import LEFT_OUT, ROOT, small_disk

# Room for the site and some hundred submissions.
MEGABYTES = 16


def main() -> int:
    with small_disk(MEGABYTES) as disk:
        if not disk:
            return LEFT_OUT
        (disk / "tmp").mkdir()
        os.environ |= {
            "DATABASE_URL": f"sqlite:///{disk}/site.sqlite3",
            "MEDIA_ROOT": f"{disk}/media",
            "DATA_ROOT": f"{disk}/data",
            "BACKUP_ROOT": f"{disk}/backup",
            "TMPDIR": f"{disk}/tmp",
        }
        manage = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(manage, cwd=ROOT, check=True)
        django.setup()
        # It imports the models.
        from tests.chaos import filling

        return filling.run(disk)


if __name__ == "__main__":
    raise SystemExit(main())
