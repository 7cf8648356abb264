"""A site to scan: the demo content, the settings of production, gunicorn on this machine alone."""

import contextlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

from tests.operating.front import ROOT

ACCOUNT = "scanner"
# What gunicorn would refuse for its length alone reaches the site.
LONG = ("--limit-request-line", "0", "--limit-request-field_size", "0")
# A line of the log that tells of a fault, and the last one of a traceback.
FAULT = r"^(?:\S+ \S+ (?:ERROR|CRITICAL) .+|\w+(?:\.\w+)*(?:Error|Exception)\b.*)$"


class Site:
    """Nothing leaves it: mail goes into a folder, and it asks no other host."""

    def __init__(self):
        self.here = Path(tempfile.mkdtemp(prefix="scan-"))
        # Held from now on: it takes a while until the site is ready to listen.
        self.door = socket.socket()
        self.door.bind(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        kept = ("PATH", "HOME", "DATABASE_URL")
        self.environment = {
            **{name: os.environ[name] for name in kept if name in os.environ},
            "SECRET_KEY": "scans-only-" + "x" * 50,
            "SITE_URL": self.url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "STATIC_ROOT": f"{self.here}/static",
            "MEDIA_ROOT": f"{self.here}/media",
            "DATA_ROOT": f"{self.here}/data",
            "BACKUP_ROOT": f"{self.here}/backup",
            "EMAIL_URL": f"file://{self.here}/mail",
            "NEWSLETTER_OPEN": "1",
            "SUBMISSION_ATTACHMENTS": "1",
            "PDF_ATTACHMENTS": "1",
            # What would turn a scanner away before it has tried anything.
            "API_REQUESTS": "0",
            "PROOF_OF_WORK_BITS": "1",
            "STAFF_MFA_REQUIRED": "0",
            "BIND": f"fd://{self.door.fileno()}",
            # Nothing is remembered: each request is answered anew.
            "KEPT_MEGABYTES": "0",
        }
        self.environment.setdefault("DATABASE_URL", f"sqlite:///{self.here}/site.sqlite3")
        self.database = self.environment["DATABASE_URL"]
        self.log = self.here / "site.log"

    def __enter__(self):
        self.manage("migrate", "--no-input", "--verbosity", "0")
        self.manage("collectstatic", "--no-input", "--verbosity", "0")
        self.manage("load_demo", "--verbosity", "0")
        self.manage("dump_public")
        self.password = re.search(r"\S{16,}", self.manage("make_account", ACCOUNT)).group()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "tests.scan.wsgi:application", *LONG],
                cwd=ROOT,
                env=self.environment,
                pass_fds=[self.door.fileno()],
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                if self.ask("GET", "/readyz").status == 200:
                    return self
            time.sleep(0.2)
        raise AssertionError(self.log.read_text())

    def __exit__(self, *fault):
        self.process.terminate()
        self.process.wait(60)
        self.door.close()
        shutil.rmtree(self.here, ignore_errors=True)

    def manage(self, *arguments):
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        answer.words = answer.read().decode(errors="replace")
        connection.close()
        return answer

    def faults(self):
        """What went wrong within the site meanwhile: no scanner may make that happen."""
        return re.findall(FAULT, self.log.read_text(errors="replace"), re.MULTILINE)

    def sign_in(self):
        """The cookies of somebody on the staff who may do everything."""
        page = self.ask("GET", "/account/sign-in/")
        cookies = given(page)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.words).group(1)
        form = {"csrfmiddlewaretoken": token, "login": ACCOUNT, "password": self.password}
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": written(cookies),
            "Referer": f"{self.url}/account/sign-in/",
        }
        signed = self.ask("POST", "/account/sign-in/", urllib.parse.urlencode(form), headers)
        assert signed.status == 302, signed.words
        return written(cookies | given(signed))


def given(answer):
    """The cookies that come with an answer."""
    found = answer.headers.get_all("Set-Cookie") or []
    return dict(one.split(";")[0].split("=", 1) for one in found)


def written(cookies):
    return "; ".join(f"{name}={value}" for name, value in cookies.items())
