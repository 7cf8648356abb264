"""Restore a backup, or say whether it could be."""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from statements.backup import restoring
from statements.backup.places import Refused
from statements.management.commands.backup import shown
from statements.uploads import are_in_a_bucket

WORD = "replace"


class Command(BaseCommand):
    help = (
        "Puts a backup in the place of an empty database and its files, migrates it, and erases"
        " and withholds again what was since it was made. With --verify it does all that in a"
        " place of its own, says what it found, and throws it away."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--identity", type=Path, required=True, help="the file with the secret key"
        )
        parser.add_argument(
            "--verify", action="store_true", help="only find out; nothing of the site is touched"
        )
        parser.add_argument(
            "--erasures",
            type=Path,
            action="append",
            default=[],
            help="what was erased or withheld since (ERASURES_FILE); may be given several times",
        )
        parser.add_argument(
            "--moved",
            action="store_true",
            help="the site was stopped before the backup: nothing was erased since, and what is"
            " scheduled or waits to be sent goes on",
        )
        parser.add_argument(
            "--without-erasures",
            action="store_true",
            help="go on without knowing what was erased or withheld since",
        )
        parser.add_argument(
            "--other-keys", action="store_true", help="take one made with keys that are lost"
        )
        parser.add_argument(
            "--replace", action="store_true", help="also where the database is not empty"
        )
        parser.add_argument("--no-input", action="store_true", help="ask nothing")

    def handle(self, *, file: Path, verify: bool, **options: object) -> None:
        start = time.monotonic()
        try:
            if options["replace"] and not verify and not options["no_input"]:
                self._ask()
            done = restoring.restore(
                restoring.Order(
                    path=file,
                    identity=options["identity"],
                    erasures=options["erasures"],
                    is_without_erasures=options["without_erasures"],
                    is_moved=options["moved"],
                    is_other_site=options["other_keys"],
                    may_replace=options["replace"],
                    is_verified_only=verify,
                ),
                shown(self),
            )
        except Refused as refused:
            raise CommandError(str(refused)) from None
        except DatabaseError as error:
            raise CommandError(f"The database of DATABASE_URL is not there: {error}") from None
        self._tell(done, time.monotonic() - start, is_verified=verify)

    def _ask(self) -> None:
        """Raises Refused."""
        if restoring.is_empty():
            return
        files = settings.MEDIA_ROOT
        if are_in_a_bucket():
            files = f"the bucket {default_storage.bucket_name}"
        self.stderr.write(
            f"Everything in {settings.DATABASES['default']['NAME']} and {files} is"
            f" replaced, and gone. Type “{WORD}” to go on:"
        )
        try:
            said = input().strip()
        except EOFError:
            said = ""
        if said != WORD:
            raise Refused("Nothing was done.")

    def _tell(self, done: restoring.Restored, seconds: float, *, is_verified: bool) -> None:
        inside = done.done
        say = self.stdout.write
        say(f"Made at {done.made_at}: {done.rows} rows, {done.files} files, as they were.")
        if done.missing:
            say(f"{done.missing} files were missing when it was made.")
        say(f"Audit log: {inside['entries']} entries.")
        for words, counts in (
            ("Erased or withheld again", inside["replayed"]),
            ("Erased because its time has come", inside["erased"]),
            ("Not to be published or sent by itself any more", inside["calmed"]),
        ):
            if counts:
                say(f"{words}: {', '.join(f'{name} {count}' for name, count in counts.items())}")
        for one in inside["look"]:
            self.stderr.write(self.style.WARNING(f"Look: {one}."))
        if is_verified:
            say(f"It can be restored ({seconds:.1f} s). Nothing of it was kept.")
            if inside["look"]:
                raise CommandError("It can be restored, and the above has to be looked at.")
            return
        say(f"Restored ({seconds:.1f} s). Before you start the site, look at docs/operating.md.")
