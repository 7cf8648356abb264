"""Say whether the audit log is as it was written."""

import re
import sys

from django.core.management.base import BaseCommand, CommandError, CommandParser

from statements.auditing import workflow

REASONS = {
    "missing": "entry {number} is missing",
    "changed": "entry {number} was changed, or one before it",
    "rewritten": "entry {number} is not the one that was written down",
}
HEAD = re.compile(r"[0-9]{1,18}:[0-9a-f]{64}")


class Command(BaseCommand):
    help = (
        "Follows the chain of the audit log and names the first entry that was changed or is"
        " missing. Prints the head, NUMBER:HASH; keep it somewhere else and give it back with"
        " --known, and the last entries cannot be taken away unnoticed either."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--known", default="", help="a head that was written down: NUMBER:HASH")

    def handle(self, *args: object, known: str, **options: object) -> None:
        if known and not HEAD.fullmatch(known):
            raise CommandError("--known takes NUMBER:HASH, as this command prints it.")
        verdict = workflow.verify(known, self._progress)
        if verdict.broken is not None:
            reason = REASONS[verdict.reason].format(number=verdict.broken)
            raise CommandError(f"The audit log is not whole: {reason}.")
        self.stderr.write(f"{verdict.count} entries, and every one is as it was written.")
        self.stdout.write(verdict.head)

    def _progress(self, number: int) -> None:
        if number % 50_000 == 0 and sys.stderr.isatty():
            self.stderr.write(f"{number} entries so far")
