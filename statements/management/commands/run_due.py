"""manage.py run_due: do what is due by now. Run it every minute."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from statements import mail
from statements.privacy import workflow as privacy
from statements.publishing import due
from statements.submissions import digest


class Command(BaseCommand):
    help = (
        "Publishes what is scheduled, changes standings that are scheduled, erases what was kept"
        " long enough, tells moderators once a day what waits, and sends the letters that could"
        " not be sent at once. Run it every minute; once more does no harm."
    )

    def handle(self, *args: object, **options: object) -> None:
        done = due.do_due(timezone.now())
        if done.published or done.standings:
            self.stdout.write(f"Published: {done.published}, standings changed: {done.standings}")
        counts = ", ".join(f"{name} {count}" for name, count in privacy.erase_due().items())
        self.stdout.write(f"Erased: {counts}")
        if letters := digest.send_digests():
            self.stdout.write(f"Moderators told what waits: {letters}")
        if letters := mail.send_due():
            self.stdout.write(f"Letters that waited: {letters}")
        if done.refused:
            raise CommandError(f"Could not be done: {', '.join(done.refused)}")
