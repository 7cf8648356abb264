"""Fill a database with invented content, for measuring."""

from __future__ import annotations

import time
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from statements.sample import writing

MOST = 1_000_000


class Command(BaseCommand):
    help = (
        "Fills the database with plausible invented content in several scripts. Every record is"
        " marked as an invented example; the same seed makes the same content."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--statements", type=int, default=1000, help="how many (1000)")
        parser.add_argument("--seed", type=int, default=1, help="another seed adds more (1)")

    def handle(self, *, statements: int, seed: int, verbosity: int, **options: object) -> None:
        if not 1 <= statements <= MOST:
            raise CommandError(f"--statements takes 1 to {MOST}.")
        if seed < 0:
            raise CommandError("--seed takes a whole number from 0.")
        start, counts = time.monotonic(), {}
        try:
            for counts in writing.make_sample(statements=statements, seed=seed):
                self._show_progress(counts["Statement"], statements)
        except (writing.SeedUsed, IntegrityError) as error:
            raise CommandError(
                f"Content of seed {seed} is here already; take another --seed to add more."
            ) from error
        seconds = time.monotonic() - start
        if verbosity:
            for name, count in counts.items():
                self.stdout.write(f"{count:>9} {name}")
            self.stdout.write(
                f"{statements} statements in {seconds:.1f} s, {statements / seconds:.0f} a second."
            )

    def _show_progress(self, done: int, total: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{done} of {total} statements", ending="")
            if done == total:
                self.stdout.write("")
            self.stdout.flush()
