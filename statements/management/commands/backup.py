"""Make one sealed file of all that the site is made of."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from statements.backup import workflow
from statements.backup.places import Refused

# Seconds between two words of how far it is.
PAUSE = 0.2
KEY = """\
{path} opens the backups that are sealed to this key, and nothing else does. Move it to where the
server is not: another machine, a stick in a drawer, two of them. Then put the line below into
BACKUP_RECIPIENTS. Whoever loses every copy of the file has no backups; whoever finds one reads all.
"""


class Command(BaseCommand):
    help = (
        "Makes a backup while the site runs: database, attached files, and settings without"
        " secrets, in one file that only those can open whose keys BACKUP_RECIPIENTS names. In a"
        " folder it takes a name of its own."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the file to make, or a folder for it")
        parser.add_argument(
            "--make-key",
            action="store_true",
            help="make no backup, but FILE with a secret key, and print the public one",
        )

    def handle(self, *, file: Path, make_key: bool, verbosity: int, **options: object) -> None:
        start = time.monotonic()
        try:
            if make_key:
                public = workflow.make_key(file)
                self.stderr.write(KEY.format(path=file))
                self.stdout.write(public)
                return
            made = workflow.make(file, shown(self))
        except Refused as refused:
            raise CommandError(str(refused)) from None
        except DatabaseError as error:
            raise CommandError(f"The database cannot be read: {error}") from None
        if made.missing:
            self.stderr.write(
                f"{made.missing} attached files that the database names are not there."
            )
        if verbosity:
            self.stdout.write(
                f"{made.path}: {made.rows} rows, {made.files} files, {made.size / 1e6:.1f} MB in"
                f" {time.monotonic() - start:.1f} s"
            )


def shown(command: BaseCommand) -> workflow.archive.Progress:
    """How far it is, on a terminal, a few times a second."""
    last = [0.0]

    def show(what: str, number: int) -> None:
        if sys.stderr.isatty() and time.monotonic() - last[0] > PAUSE:
            last[0] = time.monotonic()
            count = f"{number / 1e6:.0f} MB" if number > 1e6 else str(number or "")
            command.stderr.write(f"\r\033[K{what[:60]} {count}", ending="\r")

    return show
