"""What is wrong with an installation, and what to do about it, in words for whoever runs it."""

from __future__ import annotations

import ctypes.util
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.core.files.storage import default_storage
from django.core.mail import get_connection
from django.db import connection
from django.utils import timezone

from statements import erasures, replica
from statements.backup import places
from statements.models import PublicDump, SearchEntry, SearchRebuild, Text
from statements.operating import following, parts, tasks
from statements.uploads import are_in_a_bucket

WELL, LOOK, WRONG = "well", "look", "wrong"
# A site that changes every day is backed up every day.
OLD, TOO_OLD = timedelta(days=2), timedelta(days=7)
# Seconds by which the clock of the database's machine may differ.
CLOCK = 5


@dataclass(frozen=True)
class Finding:
    subject: str
    state: str
    words: str


def examine() -> Iterator[Finding]:
    """From what all depends on to what only some do; without a database the rest is left out."""
    yield from settings_in_use()
    database = parts.database()
    if database == parts.OK:
        yield Finding("database", WELL, f"{connection.vendor}, and every migration is applied")
    else:
        yield Finding("database", WRONG, DATABASE[database])
    yield from disks()
    yield from folders()
    yield from bucket()
    if parts.kept_in_cache() != parts.OK:
        yield Finding("cache", LOOK, "does not answer: look at its server; pages go on without it")
    yield from mail()
    yield from libraries()
    if database == parts.OK:
        yield from following_replica()
        yield from clock()
        yield from due()
        yield from search()
        yield from dump()
        yield from backups()


DATABASE = {
    "away": "does not answer: look at DATABASE_URL, and whether the server runs",
    "not migrated": "is older than the code: run manage.py migrate",
}


def following_replica() -> Iterator[Finding]:
    if not replica.is_there():
        return
    found = list(following.problems())
    for words in found:
        yield Finding("replica", WRONG, words)
    if not found:
        yield Finding("replica", WELL, "follows the database")


def settings_in_use() -> Iterator[Finding]:
    """Django's own checks and ours, those for sites in use too."""
    found = [
        one for one in checks.run_checks(include_deployment_checks=True) if not one.is_silenced()
    ]
    for one in found:
        words = f"{one.msg} {one.hint or ''} ({one.id})"
        yield Finding("settings", WRONG if one.level >= checks.ERROR else LOOK, words.strip())
    if not found:
        yield Finding("settings", WELL, "fit a site in use")


def disks() -> Iterator[Finding]:
    for place, free in parts.free_space():
        words = f"{free:.0%} of the disk with {place} is free"
        if free < parts.LEAST_FREE:
            yield Finding("disk", WRONG, f"{words}: make room, or nothing can be written soon")
        elif free < 2 * parts.LEAST_FREE:
            yield Finding("disk", LOOK, f"{words}: make room before it is a twentieth")
        else:
            yield Finding("disk", WELL, words)


def folders() -> Iterator[Finding]:
    for name in ("DATA_ROOT",) if are_in_a_bucket() else ("MEDIA_ROOT", "DATA_ROOT"):
        place = Path(getattr(settings, name))
        try:
            place.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=place):
                pass
        except OSError as error:
            words = f"{name}: nothing can be written to {place} ({error.strerror})"
            yield Finding("folders", WRONG, f"{words}: give it to the user that the site runs as")
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not settings.DEBUG and not manifest.exists():
        yield Finding("folders", WRONG, "style sheets are missing: run manage.py collectstatic")


def bucket() -> Iterator[Finding]:
    if not are_in_a_bucket():
        return
    if not find_spec("storages"):
        words = "S3_BUCKET is set: install requirements-optional.lock too (script/setup does it)"
        yield Finding("bucket", WRONG, words)
        return
    # What it needs is there only where it is used.
    from statements.bucket import problems

    found = list(problems(default_storage))
    for words in found:
        yield Finding("bucket", WRONG, words)
    if not found:
        yield Finding("bucket", WELL, "takes files, gives them to the site alone, and erases them")


def mail() -> Iterator[Finding]:
    if "smtp" not in settings.EMAIL_BACKEND:
        yield Finding("mail", LOOK, "does not leave this machine: set EMAIL_URL to a mail server")
        return
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        one = get_connection(timeout=10)
        one.open()
        one.close()
    except OSError as error:
        words = f"{server} does not take mail ({error}): look at EMAIL_URL. Letters wait meanwhile"
        yield Finding("mail", WRONG, words)
    else:
        yield Finding("mail", WELL, f"{server} answers")


def libraries() -> Iterator[Finding]:
    if not (find_spec("weasyprint") and ctypes.util.find_library("pangoft2-1.0")):
        words = "Pango is missing: no PDF is offered; docs/install.md names the packages"
        yield Finding("libraries", LOOK, words)
    missing = [
        code
        for code, _name in settings.LANGUAGES
        for folder in settings.LOCALE_PATHS
        if not (Path(folder) / code / "LC_MESSAGES" / "django.mo").exists() and code != "en"
    ]
    if missing:
        words = f"the translations are not compiled ({', '.join(missing)}): run script/messages"
        yield Finding("libraries", WRONG, words)
    if not shutil.which("gunicorn") and not find_spec("gunicorn"):
        yield Finding("libraries", WRONG, "gunicorn is missing: install requirements.txt")


def clock() -> Iterator[Finding]:
    """What is scheduled, codes of authenticators and tokens depend on it."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    apart = abs((theirs - timezone.now()).total_seconds())
    if apart > CLOCK:
        words = f"this machine and that of the database are {apart:.0f} seconds apart: use NTP"
        yield Finding("clock", WRONG, words)


def due() -> Iterator[Finding]:
    """Whether manage.py run_due comes every minute, and a worker where one is promised."""
    if found := [f"{count} {what}" for what, count in tasks.late().items() if count]:
        does = "the worker runs (HAS_WORKER is 1) and " if settings.HAS_WORKER else ""
        words = f"{', '.join(found)} wait for more than ten minutes: see whether {does}"
        yield Finding("due", WRONG, f"{words}manage.py run_due comes every minute")
    else:
        yield Finding("due", WELL, "nothing waits for longer than it should")
    if failed := tasks.failed().count():
        words = f"{failed} tasks failed for good, or letters were given up: see “How the site runs”"
        yield Finding("due", LOOK, f"{words} in the admin")


def search() -> Iterator[Finding]:
    if SearchRebuild.objects.exists():
        words = "writing the index anew was cut off: run manage.py rebuild_search again"
        yield Finding("search", LOOK, words)
    elif Text.objects.readable().exists() and not SearchEntry.objects.exists():
        yield Finding("search", WRONG, "nothing is indexed: run manage.py rebuild_search")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
            if not cursor.fetchone():
                words = "without pg_trgm there is no “did you mean”: see docs/operating.md"
                yield Finding("search", LOOK, words)


def dump() -> Iterator[Finding]:
    made_at = PublicDump.objects.filter(folder__isnull=False).values_list("made_at", flat=True)
    oldest = timezone.now() - 2 * timedelta(hours=settings.DUMP_HOURS)
    if settings.DUMP_HOURS and (last := made_at.first()) and last < oldest:
        yield Finding("dump", LOOK, f"the last one is of {last:%Y-%m-%d}: manage.py dump_public")


def backups() -> Iterator[Finding]:
    """When the last one was made here, and whether what was erased since is kept outside."""
    last, now = places.last_backup(), timezone.now()
    if not last:
        words = "none was ever made here: manage.py backup FILE, every night (docs/operating.md)"
        yield Finding("backup", LOOK, words)
    elif now - last > OLD:
        state = WRONG if now - last > TOO_OLD else LOOK
        words = f"the last one is of {last:%Y-%m-%d}: see why manage.py backup comes no more"
        yield Finding("backup", state, words)
    else:
        yield Finding("backup", WELL, f"the last one is of {last:%Y-%m-%d %H:%M} UTC")
    if waiting := erasures.waiting():
        words = f"{waiting} erasures are not in ERASURES_FILE, and a backup would bring them back:"
        yield Finding("backup", WRONG, f"{words} see whether manage.py run_due can write there")
