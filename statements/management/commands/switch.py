"""manage.py switch: shut or open what strangers and staff may send, at once, with no restart."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from statements import switches

# What the settings of the site close, no switch opens.
BY_SETTING = {"submissions": "SUBMISSIONS_OPEN", "following": "NEWSLETTER_OPEN"}


class Command(BaseCommand):
    help = (
        "Shows what is shut, or turns a switch, in every process and at once: submissions,"
        " following or changes open or closed; proof-of-work usual, or so many zero bits."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", choices=switches.FIELDS)
        parser.add_argument("to", nargs="?", metavar="open|closed|usual|BITS")

    def handle(self, *args: object, name: str | None, to: str | None, **options: object) -> None:
        if name:
            try:
                switches.turn(name, self.value(name, to or ""))
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
        for one, value in switches.state().items():
            self.stdout.write(f"{one}: {self.words(one, value)}")

    def value(self, name: str, to: str) -> int:
        if name == "proof-of-work":
            if to == "usual" or to.isdecimal():
                return 0 if to == "usual" else int(to)
            raise CommandError("Say proof-of-work usual, or how many zero bits.")
        if to in ("open", "closed"):
            return int(to == "closed")
        raise CommandError(f"Say {name} open, or {name} closed.")

    def words(self, name: str, value: int) -> str:
        if name == "proof-of-work":
            return f"{value} bits at least" if value else "usual"
        if name in BY_SETTING and not getattr(settings, BY_SETTING[name]):
            return f"closed by {BY_SETTING[name]}"
        return "closed" if value else "open"
