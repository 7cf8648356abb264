"""The processes of a run: the web server, those who publish, who kills them, and what is due."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.chaos.ground import ROOT


class Site:
    """gunicorn, as it is started in use."""

    def __init__(self, log: Path, *application: str) -> None:
        with log.open("a") as file:
            command = [sys.executable, "-m", "gunicorn", *application]
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=file, stderr=file)
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{settings.SITE_URL}/healthz", timeout=5).close()
                return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        self.stop()
        raise SystemExit("The site does not start.")

    def workers(self) -> list[int]:
        own = self.process.pid
        return [int(pid) for pid in Path(f"/proc/{own}/task/{own}/children").read_text().split()]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)


class Publisher:
    """A publishing worker; another one takes its place when it is killed."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.start()

    def start(self) -> None:
        with self.log.open("a") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.publisher"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
            )

    def publish(self, pk: int) -> bool:
        """Whether it said that this text is public before it was killed."""
        try:
            self.process.stdin.write(f"{pk}\n")
            self.process.stdin.flush()
            said = self.process.stdout.readline()
        except BrokenPipeError:
            said = ""
        if said != f"{pk}\n":
            self.process.communicate()
            self.start()
        return said == f"{pk}\n"

    def stop(self) -> None:
        self.process.communicate()


class Killer(threading.Thread):
    """Kills one of all workers about every second, as a machine without memory does."""

    def __init__(self, site: Site, publishers: list[Publisher]) -> None:
        super().__init__()
        self.site, self.publishers = site, publishers
        self.killed: Counter[str] = Counter()
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(random.uniform(0.5, 1.5)):
            found = [("web workers", pid) for pid in self.site.workers()]
            found += [("publishing workers", one.process.pid) for one in self.publishers]
            kind, pid = random.choice(found)
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            self.killed[kind] += 1

    def stop(self) -> None:
        self.over.set()
        self.join()


def run_due(*, later: timedelta = timedelta(0)) -> None:
    """Some time later: as if what was begun, and is to wait, had begun earlier by as much."""
    now = timezone.now()
    # What waits for no moment has one that is out of reach.
    waiting = DBTaskResult.objects.filter(run_after__lt=now + timedelta(days=30))
    waiting.update(run_after=F("run_after") - later)
    begun = DBTaskResult.objects.exclude(started_at=None)
    begun.update(started_at=F("started_at") - later)
    command = [sys.executable, "manage.py", "run_due"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
