"""Say whether what became of demands and persons is what their updates say, and counts hold."""

import sys
from collections.abc import Iterator

from django.core.management.base import BaseCommand, CommandError

from statements.ledger import workflow
from statements.models import Demand, Person
from statements.publishing import links

MOST_NAMED = 20


class Command(BaseCommand):
    help = (
        "Compares the stored state of every demand and every person with the one that follows from"
        " their updates, and how many make a demand with those who do. Names those that differ by"
        " their numbers. Changes nothing."
    )

    def handle(self, **options: object) -> None:
        count = 0
        for words in self.found():
            count += 1
            if count <= MOST_NAMED:
                self.stderr.write(words)
            elif sys.stderr.isatty() and count % 1000 == 0:
                self.stderr.write(f"{count} so far")
        if count:
            raise CommandError(f"{count} stored states or counts differ from their rows.")
        self.stdout.write(
            f"{Demand.objects.count()} demands and {Person.objects.count()} persons,"
            " and every stored state is what the updates say."
        )

    def found(self) -> Iterator[str]:
        for noun, number in workflow.differences():
            yield f"The stored state of {noun} {number} is not what its updates say."
        for number in links.miscounted():
            yield f"Not as many make demand {number} as is stored."
