"""Make an account for the admin with a random password, and print the password once."""

import secrets

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from statements.account import workflow


class Command(BaseCommand):
    help = (
        "Makes a superuser with a random password, or gives an account that is there a new one,"
        " and prints the password. Nothing else ever shows it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="what the account is called")

    @transaction.atomic
    def handle(self, *args: object, name: str, **options: object) -> None:
        password = secrets.token_urlsafe(15)
        account, is_new = get_user_model().objects.get_or_create(
            username=name, defaults={"is_staff": True, "is_superuser": True}
        )
        account.set_password(password)
        account.save(update_fields=["password"])
        if not is_new:
            workflow.password_replaced(account)
        made = "made" if is_new else "given a new password"
        self.stderr.write(f"The account {name} was {made}.")
        self.stdout.write(password)
