"""A small disk with all that a site on SQLite writes is full, and is then mounted read only."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import django

from tests.chaos.ground import LEFT_OUT, ROOT

# Room for the site and some hundred submissions.
MEGABYTES = 16


def main() -> int:
    disk = Path(os.environ["CHAOS_FOLDER"]) / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", disk]
    if subprocess.run(mount, check=False, stderr=subprocess.DEVNULL).returncode:
        print("Left out: whoever runs this may not mount a disk. Run it as root.")
        return LEFT_OUT
    try:
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
    finally:
        subprocess.run(["umount", disk], check=False)


if __name__ == "__main__":
    raise SystemExit(main())
