"""manage.py run_due: do what is due by now. Run it every minute."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from statements import changes, erasures, mail
from statements.data import dumping
from statements.models import Mailing
from statements.newsletter import sending
from statements.privacy import workflow as privacy
from statements.publishing import due
from statements.submissions import digest

# For so many seconds a dump is made here, and then on next time: the others are not to wait.
DUMPING = 20


class Command(BaseCommand):
    help = (
        "Publishes what is scheduled, changes standings that are scheduled, erases what was kept"
        " long enough, tells moderators once a day what waits, sends the letters that could not be"
        " sent at once, and mails to followers, and makes a dump of the archive where the last one"
        " is old. Run it every minute; once more does no harm."
    )

    def handle(self, *args: object, **options: object) -> None:
        done = due.do_due(timezone.now())
        if done.published or done.standings:
            self.stdout.write(f"Published: {done.published}, standings changed: {done.standings}")
        counts = ", ".join(f"{name} {count}" for name, count in privacy.erase_due().items())
        self.stdout.write(f"Erased: {counts}")
        refused = [*done.refused, *self._write_erasures()]
        if letters := digest.send_digests():
            self.stdout.write(f"Moderators told what waits: {letters}")
        if letters := mail.send_due():
            self.stdout.write(f"Letters that waited: {letters}")
        self._write_to_followers()
        if dump := dumping.make_due(seconds=DUMPING):
            self.stdout.write(f"Dump of the archive: {dump}")
        changes.forget_old()
        if refused:
            raise CommandError(f"Could not be done: {', '.join(refused)}")

    def _write_erasures(self) -> list[str]:
        """What was in the way, if anything: letters do not wait for a full disk."""
        try:
            erasures.write()
        except OSError as error:
            return [f"to write to {settings.ERASURES_FILE} ({error.strerror})"]
        return []

    def _write_to_followers(self) -> None:
        done = sending.run_due()
        if done and (done.sent or done.put_off or done.refused):
            self.stdout.write(
                f"Mails to followers: sent {done.sent}, put off {done.put_off},"
                f" refused {done.refused}"
            )
        if unsettled := Mailing.objects.unsettled().count():
            self.stdout.write(
                f"Mails to followers of which nobody knows whether they left: {unsettled}"
                " (manage.py newsletter)"
            )
