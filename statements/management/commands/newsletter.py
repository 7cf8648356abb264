"""manage.py newsletter: how many follow, and mails of which nobody knows whether they left."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser

from statements.models import Mailing
from statements.newsletter import mailings
from statements.newsletter.counting import counts


class Command(BaseCommand):
    help = (
        "Counts followers and the mails to them, and lists those that are unsettled: whoever was"
        " sending them was stopped. Look for their numbers in the log of the mail server, and say"
        " with --left or --not-left what became of them: what did not leave is told with the next"
        " mail."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--left", nargs="+", default=[], metavar="NUMBER")
        parser.add_argument("--not-left", nargs="+", default=[], metavar="NUMBER")

    def handle(
        self, *args: object, left: list[str], not_left: list[str], **options: object
    ) -> None:
        acts = [(mailings.did_leave, one) for one in left]
        acts += [(mailings.did_not_leave, one) for one in not_left]
        unknown = [handle for act, handle in acts if not act(handle)]
        for name, number in counts():
            self.stdout.write(f"{name}: {number}")
        for mailing in Mailing.objects.unsettled():
            self.stdout.write(f"unsettled since {mailing.claimed_at:%Y-%m-%d %H:%M}: {mailing}")
        if unknown:
            raise CommandError(f"Not among those that are unsettled: {', '.join(unknown)}")
