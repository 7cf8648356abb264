"""manage.py run_due: do what is due by now. Run it every day, or more often."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from statements.privacy import workflow
from statements.submissions import digest


class Command(BaseCommand):
    help = (
        "Erase what was kept long enough, and tell moderators what waits. Run it every day;"
        " once more does no harm."
    )

    def handle(self, *args: object, **options: object) -> None:
        counts = ", ".join(f"{name} {count}" for name, count in workflow.erase_due().items())
        self.stdout.write(f"Erased: {counts}")
        if letters := digest.send_digests():
            self.stdout.write(f"Moderators told what waits: {letters}")
