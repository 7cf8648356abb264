"""The site starts anew with a clock that is a day off, and where summer time begins and ends."""

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
