"""Take the factors of an account away, for somebody who has lost phone and recovery codes."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from statements.account import workflow


class Command(BaseCommand):
    help = (
        "Takes away the authenticator app, passkeys and recovery codes of an account and signs it"
        " out. It signs in with its password alone then, and sets up a new factor."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="what the account is called")

    def handle(self, *args: object, name: str, **options: object) -> None:
        user = get_user_model().objects.filter(username=name).first()
        if not user:
            raise CommandError(f"There is no account {name}.")
        number = workflow.reset_factors(user)
        self.stdout.write(f"{number} factors of the account {name} were taken away.")
