"""Web workers and publishing workers are killed with -9 while people send and publish."""

from __future__ import annotations

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue

import django

django.setup()

from django.contrib.auth import get_user_model
from django.db import connection, transaction

from statements import mail
from statements.models import Submission, Text
from tests import factories
from tests.chaos import checks
from tests.chaos.load import Inbox, finish, mail_server
from tests.chaos.people import Person
from tests.chaos.processes import Killer, Publisher, Site, run_due

COUNT = 300
SENDERS = 10
PUBLISHERS = 3


@transaction.atomic
def prepare(count: int) -> list[int]:
    """Drafts that share events, organisations and demands, so that publishing them meets."""
    get_user_model().objects.create_user("publisher")
    events = [factories.make_event() for _ in range(5)]
    unions = [factories.make_organisation() for _ in range(7)]
    demands = [factories.make_demand() for _ in range(20)]
    made = []
    for number in range(count):
        text = factories.make_text(
            published=False,
            issued=f"2020-08-{1 + number % 28:02}",
            events=[events[number % 5]],
            organisations=[unions[number % 7]],
        )
        factories.make_demand_made(text, "Words.", demand=demands[number % 20])
        factories.pass_safety(text.statement)
        made.append(text.pk)
    return made


def publish_all(publisher: Publisher, waiting: SimpleQueue[int]) -> tuple[set[int], int]:
    """Which were acknowledged, and how often a publication was cut off. Every third stays so."""
    acknowledged, cut_off = set(), 0
    while (pk := waiting.get()) is not None:
        while not publisher.publish(pk):
            cut_off += 1
            if pk % 3 == 0:
                break
        else:
            acknowledged.add(pk)
    return acknowledged, cut_off


def at_once(people: list[Person], drafts: list[int], log: Path) -> dict:
    """All send and publish, while workers are killed."""
    waiting: SimpleQueue = SimpleQueue()
    for pk in [*drafts, *[None] * PUBLISHERS]:
        waiting.put(pk)
    site, publishers = Site(log), [Publisher(log) for _ in range(PUBLISHERS)]
    killer = Killer(site, publishers)
    start = time.monotonic()
    killer.start()
    try:
        with ThreadPoolExecutor(SENDERS + PUBLISHERS) as pool:
            working = [pool.submit(publish_all, one, waiting) for one in publishers]
            sending = [pool.submit(person.send) for person in people]
        for one in sending:
            one.result()
        published = [one.result() for one in working]
    finally:
        killer.stop()
        for one in publishers:
            one.stop()
        site.stop()
    return {
        "killed": killer.killed,
        "seconds": time.monotonic() - start,
        "acknowledged": set().union(*(acknowledged for acknowledged, _cut in published)),
        "cut_off": sum(cut for _acknowledged, cut in published),
    }


def main() -> int:
    random.seed(int(os.environ["CHAOS_SEED"]))
    log = Path(os.environ["CHAOS_FOLDER"]) / "log"
    with mail_server(Inbox()) as inbox:
        people, drafts = [Person(number) for number in range(COUNT)], prepare(COUNT)
        connection.close()
        done = at_once(people, drafts, log)
        run_due()
        unsure = checks.begun()
        faults = [*checks.letters(inbox.delivered, set())]
        run_due(later=mail.STOPPED + timedelta(minutes=1))
        faults += checks.letters(inbox.delivered, unsure)
        if checks.begun():
            faults.append("Letters are still being sent")
    faults += [*checks.submissions(people), *checks.publications(done["acknowledged"])]
    faults += checks.log()
    if "Traceback" in (written := log.read_text()):
        faults.append(f"A worker failed by itself:\n{written}")
    tell(people, inbox, unsure, done)
    return finish(faults, "Nothing is lost, half done or there twice.")


def tell(people: list[Person], inbox: Inbox, unsure: set[str], done: dict) -> None:
    killed = " and ".join(f"{times} {kind}" for kind, times in sorted(done["killed"].items()))
    seen = sum(bool(person.token) for person in people)
    public = Text.objects.readable().count()
    twice = sum(times > 1 for times in inbox.delivered.values())
    print(
        f"Killed within {done['seconds']:.0f} s: {killed}\n"
        f"Submissions: {len(people)} sent, {sum(one.cut_off for one in people)} answers cut off,"
        f" {seen} acknowledged, {Submission.objects.count()} stored\n"
        f"Letters: {inbox.delivered.total()} to {len(inbox.delivered)} addresses;"
        f" sending was cut off for {len(unsure)}, {twice} of which came twice\n"
        f"Publications: {Text.objects.count()} begun, {done['cut_off']} cut off,"
        f" {len(done['acknowledged'])} acknowledged, {public} public"
    )


if __name__ == "__main__":
    raise SystemExit(main())
