"""manage.py dump_public: make a dump of the public archive, and have it served at /data/."""

from __future__ import annotations

import time
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from statements.data import dumping
from statements.data.workflow import Busy, Dropped


class Command(BaseCommand):
    help = (
        "Makes a dump of all that is public, as JSON Lines and CSV, while the site runs, and has it"
        " served at /data/. Cut off, it goes on where it was when it is run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anew", action="store_true", help="begin at the beginning")

    def handle(self, *, anew: bool, verbosity: int, **options: object) -> None:
        start, counts = time.monotonic(), {}
        try:
            for step in dumping.build(anew=anew):
                counts[step.noun.name] = step.records
                if self.stdout.isatty():
                    self.stdout.write(f"\r{step.noun.name}: {step.records}   ", ending="")
                    self.stdout.flush()
        except Busy:
            raise CommandError("Another dump is being made at this moment.") from None
        except Dropped:
            raise CommandError(
                "Something was withdrawn or withheld each time that the dump was made anew. Run"
                " this again."
            ) from None
        if verbosity:
            self._tell(counts, time.monotonic() - start)

    def _tell(self, counts: dict[str, int], seconds: float) -> None:
        if self.stdout.isatty():
            self.stdout.write("")
        for name, count in counts.items():
            self.stdout.write(f"{count:>9} {name}")
        self.stdout.write(f"{seconds:.1f} s")
