"""Say whether what became of demands and persons is what their updates say."""

import sys

from django.core.management.base import BaseCommand, CommandError

from statements.ledger import workflow
from statements.models import Demand, Person

MOST_NAMED = 20


class Command(BaseCommand):
    help = (
        "Compares the stored state of every demand and every person with the one that follows from"
        " their updates, and names those that differ by their numbers. Changes nothing."
    )

    def handle(self, **options: object) -> None:
        count = 0
        for noun, number in workflow.differences():
            count += 1
            if count <= MOST_NAMED:
                self.stderr.write(
                    f"The stored state of {noun} {number} is not what its updates say."
                )
            elif sys.stderr.isatty() and count % 1000 == 0:
                self.stderr.write(f"{count} so far")
        if count:
            raise CommandError(f"{count} stored states differ from their updates.")
        self.stdout.write(
            f"{Demand.objects.count()} demands and {Person.objects.count()} persons,"
            " and every stored state is what the updates say."
        )
