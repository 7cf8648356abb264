"""manage.py run_due: do what is due by now. Run it every day, or more often."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from statements import mail
from statements.privacy import workflow
from statements.submissions import digest


class Command(BaseCommand):
    help = (
        "Erase what was kept long enough, tell moderators what waits, and send the letters that"
        " could not be sent at once. Run it every day, or every few minutes: it does no harm."
    )

    def handle(self, *args: object, **options: object) -> None:
        counts = ", ".join(f"{name} {count}" for name, count in workflow.erase_due().items())
        self.stdout.write(f"Erased: {counts}")
        if letters := digest.send_digests():
            self.stdout.write(f"Moderators told what waits: {letters}")
        if letters := mail.send_due():
            self.stdout.write(f"Letters that waited: {letters}")
