"""manage.py take_bounce < MAIL: what the mail server hands over that came to the return path."""

import sys

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from statements.newsletter import bounces

# sysexits.h: the mail server is to keep it, and to try again.
TRY_AGAIN = 75


class Command(BaseCommand):
    help = (
        "Reads from its standard input a mail that came to NEWSLETTER_RETURN_PATH. Where it reports"
        " that a mailbox is gone, that counts for the mail it was about; after the third such mail"
        " nobody writes to that address any more, and it is erased."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to", default="", help="the address that it came to, where the mail server tells"
        )

    def handle(self, *args: object, to: str, **options: object) -> None:
        try:
            outcome = bounces.take(sys.stdin.buffer.read(bounces.LONGEST), to)
        except DatabaseError as error:
            # Nothing of the error: it could have what was read in it.
            raise CommandError("The database is away.", returncode=TRY_AGAIN) from error
        self.stdout.write(outcome.value)
