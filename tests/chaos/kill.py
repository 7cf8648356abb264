"""Kill web workers and publishing workers while people send and publish; then look what is there.

    createdb NAME
    python -m tests.chaos.kill postgres:///NAME [N]

The database is to be empty. N submissions (300, if nothing is said) are sent through the public
form and N drafts are published. Ends with 1 where anything is lost, half done or there twice.
"""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def environment(database: str, folder: str) -> dict[str, str]:
    """The site as it is in use, but for the work that browsers do before they send a form."""
    host, mail_port = f"127.0.0.1:{free_port()}", str(free_port())
    return {
        "DJANGO_SETTINGS_MODULE": "solidarity.settings",
        "DJANGO_DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATABASE_URL": database,
        "SITE_URL": f"http://{host}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "BIND": host,
        "WEB_CONCURRENCY": "2",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "PROOF_OF_WORK_BITS": "8",
        # The people come from networks of their own.
        "TRUSTED_PROXY_COUNT": "1",
        "STATIC_ROOT": f"{folder}/static",
        "MEDIA_ROOT": f"{folder}/media",
    }


def main(database: str, count: str = "300") -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= environment(database, folder)
        for command in (["migrate"], ["collectstatic", "--no-input"]):
            manage = [sys.executable, "manage.py", *command, "--verbosity=0"]
            subprocess.run(manage, cwd=ROOT, check=True)
        django.setup()
        # It imports the models.
        from tests.chaos import run

        return run.run(int(count), Path(folder) / "log")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    raise SystemExit(main(*sys.argv[1:]))
