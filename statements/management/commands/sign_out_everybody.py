"""manage.py sign_out_everybody: end all sessions, for when somebody may have got into one."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from statements import switches


class Command(BaseCommand):
    help = (
        "Ends every session at once: staff sign in again with all they have, and who opened a"
        " private link opens it again."
    )

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{switches.sign_out_everybody()} sessions were ended.")
