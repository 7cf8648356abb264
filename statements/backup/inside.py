"""What is done in a restored database before anybody reads it. A process of its own:

    python -m statements.backup.inside

It is told what to do in a line of its standard input, and ends where that ends: nobody waits for
it any more. Its environment names that database and that folder of files, and no setting of it
leads to the site's own: so what is only verified cannot touch what is served.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import django


class Wrong(Exception):
    """The backup is not what it says that it is."""


def main() -> int:
    django.setup()
    from statements.backup.places import Refused
    from statements.erasures import Unreadable

    order = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_who_asked, daemon=True).start()
    try:
        said = {"done": _do(order)}
    except (Wrong, Refused, Unreadable) as wrong:
        said = {"refused": str(wrong)}
    _say(said)
    return 0


def _end_with_who_asked() -> None:
    """Whoever restores next works in the same place."""
    # Not by sys.stdin, which Python wants for itself when it ends.
    while os.read(0, 1024):
        pass
    os._exit(1)


def _say(said: dict) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def _do(order: dict) -> dict:
    from django.core.management import call_command

    from statements.auditing import workflow as auditing
    from statements.backup import contents
    from statements.data import workflow as dumps
    from statements.privacy import workflow as privacy

    step = _step()
    step("counting")
    _compare(order["contents"], contents.survey("default", lambda table, count: step(table)))
    step("migrating")
    call_command("migrate", interactive=False, verbosity=0)
    step("audit log")
    verdict = auditing.verify()
    broken = verdict.broken is not None
    look = [f"the audit log is not whole: entry {verdict.broken}"] if broken else []
    step("erasures")
    done, lacking, cut_off = _replay(order)
    if lacking:
        look.append(
            f"{lacking} erasures that were written before this backup are not in the file that was"
            " given: it is older than the backup, or another site's"
        )
    if cut_off:
        look.append(f"{cut_off} lines of the erasures are cut off or damaged")
    calmed = {} if order["is_moved"] else _calm()
    # Its files are not in the backup.
    dumps.drop()
    erased = {name: count for name, count in privacy.erase_due().items() if count}
    auditing.record("restore-backup", code=order["made_at"][:19])
    if not broken and (after := auditing.verify()).broken is not None:
        raise Wrong(f"The audit log broke while erasures were done again: {after.broken}")
    return {
        "entries": verdict.count,
        "erased": erased,
        "replayed": dict(done.counts),
        "calmed": calmed,
        "look": look + done.look,
        "lacks_erasures": bool(lacking),
    }


def _step() -> Callable[[str], None]:
    return lambda what: _say({"step": what})


def _compare(told: dict, found: dict) -> None:
    for table in sorted({*told["rows"], *found["rows"]}):
        rows, there = told["rows"].get(table), found["rows"].get(table)
        if rows != there:
            raise Wrong(f"{table} has {there} rows, and the backup says {rows}.")
        if told["digests"].get(table) != found["digests"].get(table):
            raise Wrong(f"What stands in {table} is not what stood there when it was made.")
    if told["sha256"] != found["sha256"]:
        raise Wrong("What stands in the tables is not what stood there when it was made.")


def _replay(order: dict) -> tuple:
    """What was erased since: all that the files tell and the database does not know of."""
    from django.utils import timezone

    from statements import erasures
    from statements.backup import replaying
    from statements.models import Erasure

    told, cut_off = {}, 0
    for path in order["erasures"]:
        found, broken = erasures.read(Path(path))
        told |= found
        cut_off += broken
    known = dict(Erasure.objects.values_list("pk", "written_at"))
    lacking = sum(written is not None and pk not in told for pk, written in known.items())
    new = [line for pk, line in told.items() if pk not in known]
    done = replaying.replay(new)
    # What the file of this machine does not have yet is written into it by the next run_due.
    Erasure.objects.bulk_create(new, batch_size=erasures.MANY)
    own: set[UUID] = set()
    if order["own"] and Path(order["own"]).exists():
        own = set(erasures.read(Path(order["own"]))[0])
    Erasure.objects.update(written_at=None)
    keys = sorted(own, key=str)
    for first in range(0, len(keys), erasures.MANY):
        some = Erasure.objects.filter(pk__in=keys[first : first + erasures.MANY])
        some.update(written_at=timezone.now())
    return done, lacking if order["erasures"] else 0, cut_off


def _calm() -> dict[str, int]:
    """Nothing is published or sent by what was decided before the backup: it may have happened
    since, or been taken back."""
    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    from statements.models import Following, ReleaseSet, Statement, Text
    from statements.publishing import releases, review, standing

    calmed = {"texts": 0, "sets": 0, "standings": 0}
    for text in Text.objects.scheduled().select_related("approved_revision"):
        review.unschedule(text.approved_revision)
        calmed["texts"] += 1
    for release in ReleaseSet.objects.scheduled():
        releases.unschedule(release, by=None)
        calmed["sets"] += 1
    for statement in Statement.objects.filter(next_standing__in=Statement.READABLE):
        standing.unschedule_standing(statement)
        calmed["standings"] += 1
    calmed["letters"] = DBTaskResult.objects.exclude(finished_at__isnull=False).delete()[0]
    Following.objects.update(told_until=timezone.now())
    return {name: count for name, count in calmed.items() if count}


if __name__ == "__main__":
    sys.exit(main())
