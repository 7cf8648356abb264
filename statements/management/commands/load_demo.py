"""Fill the site with its demo content."""

from django.core.management.base import BaseCommand

from statements.demo import workflow


class Command(BaseCommand):
    help = "Add the demo content that is not there yet; what editors changed stays."

    def handle(self, **options: object) -> None:
        loaded = workflow.load()
        for text in loaded.made:
            self.stdout.write(f"Made: {text}")
        for text in loaded.kept:
            self.stdout.write(f"There already, left as it is: {text}")
        self.stdout.write(f"{len(loaded.made)} statements made, {len(loaded.kept)} kept.")
