"""The site starts anew with a clock that is a day off, and where summer time begins and ends; and
the clock jumps while it runs."""

from __future__ import annotations

import os
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.utils import timezone

from statements.models import AuditEntry, Submission, Text
from statements.publishing import review
from statements.submissions.states import PURPOSE
from statements.tokens import find
from tests import factories
from tests.chaos.ground import LEFT_OUT
from tests.chaos.load import KEPT, MADE, Inbox, ask, faults_in, finish, mail_server
from tests.chaos.people import Person
from tests.chaos.processes import Site, run_due

# Seconds before the hour that does not exist in Europe, and before the one that is there twice.
CLOCKS = ("+1d", "-1d", "@2026-03-29 02:59:50", "@2026-10-25 02:59:50", "+0")
# A second, and what a page takes.
LONGEST = 1.5
# In seconds: an hour on and back, as where summer time is made by hand, and a day.
JUMPS = {"an hour on": 3600, "an hour back": -3600, "a day on": 86_400, "back": 0}


class Clock:
    """What the processes that it is put under take for the time."""

    def __init__(self, folder: Path, library: Path) -> None:
        self.file, self.library = folder / "clock", library
        self.set("+0")

    def set(self, words: str) -> None:
        draft = self.file.with_suffix(".new")
        draft.write_text(f"{words}\n")
        draft.replace(self.file)

    @contextmanager
    def over(self) -> Iterator[None]:
        """Processes that are started here."""
        own = {"LD_PRELOAD": str(self.library), "FAKETIME_TIMESTAMP_FILE": str(self.file)}
        os.environ |= own | {"TZ": "Europe/Berlin"}
        try:
            yield
        finally:
            for name in (*own, "TZ"):
                del os.environ[name]


def schedule() -> Text:
    text = factories.make_text(published=False)
    factories.pass_safety(text.statement)
    now = timezone.now()
    review.schedule(text.working_revision, at=now + timedelta(hours=12), now=now)
    return text


def is_signed_in(client: Client) -> bool:
    name = settings.SESSION_COOKIE_NAME
    request = urllib.request.Request(
        f"{settings.SITE_URL}/admin/", headers={"Cookie": f"{name}={client.cookies[name].value}"}
    )
    with urllib.request.urlopen(request, timeout=60) as got:
        return "/account/" not in got.url


def start_anew(site: Site, clock: Clock, words: str, log: Path) -> Site:
    site.stop()
    clock.set(words)
    with clock.over():
        return Site(log)


def run(
    site: Site, clock: Clock, text: Text, client: Client, log: Path
) -> tuple[Site, list[str], list[Person]]:
    faults, people = [], []
    if not is_signed_in(client):
        faults.append("Nobody is signed in at all")
    for number, words in enumerate(CLOCKS):
        person = Person(number)
        # Whoever is turned away for once comes again.
        person.is_patient = True
        # The form is opened under one clock, and sent under the next.
        sending = threading.Thread(target=person.send)
        sending.start()
        time.sleep(2)
        site = start_anew(site, clock, words, log)
        sending.join()
        people.append(person)
        answers = [(path, *ask(path)) for path in (*KEPT, *MADE, "/readyz") * 3]
        faults += [f"{words}: {path} was answered {one}" for path, one, _ in answers if one != 200]
        with clock.over():
            run_due()
        is_public = Text.objects.get(pk=text.pk).is_public
        if not is_public:
            faults.append(f"{words}: what was scheduled is not public")
        is_in = is_signed_in(client)
        print(f"{words}: taken {bool(person.token)}, public {is_public}, signed in {is_in}")
        if not person.token:
            faults.append(f"{words}: who sent was not taken")
        # It lasts for eight hours.
        if is_in != (words != "+1d"):
            faults.append(f"{words}: signed in {is_in}")
    return site, faults, people


def jump(client: Client, folder: Path, log: Path, first: int) -> tuple[list[str], list[Person]]:
    """The clock of a running site jumps while a form is open, and before a text is published."""
    file, faults, people = folder / "jump", [], []
    file.write_text("0")
    os.environ["CHAOS_JUMP"] = str(file)
    site = Site(log, "tests.chaos.jumping:application")
    try:
        for number, (words, seconds) in enumerate(JUMPS.items(), first):
            person = Person(number)
            person.is_patient = True
            sending = threading.Thread(target=person.send)
            sending.start()
            time.sleep(2)
            file.write_text(str(seconds))
            sending.join()
            people.append(person)
            answers = [(path, *ask(path)) for path in (*KEPT, *MADE, "/readyz") * 3]
            faults += [
                f"{words}: {path} was answered {one}" for path, one, _ in answers if one != 200
            ]
            title = f"Published after the clock went {words}"
            factories.make_text(title)
            connection.close()
            shown = until_shown(title)
            is_in = is_signed_in(client)
            print(
                f"{words}: taken {bool(person.token)}, shown after {shown:.1f} s, signed in {is_in}"
            )
            if not person.token:
                faults.append(f"{words}: who sent was not taken")
            if shown > LONGEST:
                faults.append(f"{words}: what was published is shown after {shown:.1f} s")
            if is_in and words == "a day on":
                faults.append(f"{words}: somebody is signed in")
    finally:
        site.stop()
    return faults, people


def until_shown(title: str) -> float:
    """Seconds until every process has it in the list."""
    began = last = time.monotonic()
    while time.monotonic() < last + 1 and last < began + 30:
        with urllib.request.urlopen(f"{settings.SITE_URL}/statements/", timeout=60) as got:
            if title not in got.read().decode():
                last = time.monotonic()
        time.sleep(0.02)
    return last - began


def main() -> int:
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if not library:
        print("Left out: there is no faketime. On Debian: sudo apt install faketime")
        return LEFT_OUT
    folder = Path(os.environ["CHAOS_FOLDER"])
    clock, log, text = Clock(folder, library), folder / "log", schedule()
    os.environ["STAFF_MFA_REQUIRED"] = "0"
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(get_user_model().objects.create_superuser("ed"))
    connection.close()
    with clock.over():
        site = Site(log)
    try:
        with mail_server(Inbox()):
            site, faults, people = run(site, clock, text, client, log)
            site.stop()
            more = jump(client, folder, log, len(people))
            faults, people = faults + more[0], people + more[1]
    finally:
        site.stop()
    for person in people:
        title = person.words["title"]
        found = list(Submission.objects.filter(title=title).values_list("pk", flat=True))
        if found != [find(PURPOSE, person.token)]:
            faults.append(f"{title}: there {len(found)} times, or its link does not open it")
    if AuditEntry.objects.filter(act="publish", object_id=text.pk).count() != 1:
        faults.append("What was scheduled was not published once")
    return finish([*faults, *faults_in(log)], "Forms, links, sessions and what was due behaved.")


if __name__ == "__main__":
    raise SystemExit(main())
