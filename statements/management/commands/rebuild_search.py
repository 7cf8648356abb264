"""Write the search index anew, while the site runs."""

from __future__ import annotations

import time
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from statements.search import rebuilding


class Command(BaseCommand):
    help = (
        "Writes the search index anew, while the site runs. Cut off, it goes on where it was when"
        " it is run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anew", action="store_true", help="begin at the beginning")

    def handle(self, *, anew: bool, verbosity: int, **options: object) -> None:
        start, counts = time.monotonic(), dict.fromkeys(rebuilding.Kind, 0)
        for step in rebuilding.rebuild(anew=anew):
            counts[step.kind] += step.written
            self._show_progress(step, counts[step.kind])
        gone = rebuilding.forget_words()
        if verbosity:
            if self.stdout.isatty():
                self.stdout.write("")
            for kind, count in counts.items():
                self.stdout.write(f"{count:>9} {kind.label.lower()}")
            self.stdout.write(f"{gone:>9} words forgotten")
            self.stdout.write(f"{time.monotonic() - start:.1f} s")

    def _show_progress(self, step: rebuilding.Step, count: int) -> None:
        if self.stdout.isatty():
            share = 100 * step.reached // step.last
            label = step.kind.label.lower()
            self.stdout.write(f"\r{label}: {share:>3} %, {count} written   ", ending="")
            self.stdout.flush()
