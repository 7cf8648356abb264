"""manage.py pending: which migrations wait, and whether the site can run on meanwhile."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from statements.operating import expanding

PAUSE = 3


class Command(BaseCommand):
    help = (
        "Names the migrations that are not applied. Ends with 3 where the code from before them"
        " could stumble: then the site has to be stopped while it is migrated, and the way back"
        " is a backup."
    )

    def handle(self, *args: object, **options: object) -> None:
        is_noticed = False
        for name, stumbles in expanding.waiting():
            is_noticed = is_noticed or bool(stumbles)
            self.stdout.write(f"{name}: {'; '.join(stumbles) or 'adds only'}")
        if is_noticed:
            raise CommandError("Former code could stumble on these.", returncode=PAUSE)
