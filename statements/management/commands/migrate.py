"""manage.py migrate: Django's own, but that on PostgreSQL no page waits for it for long.

What alters a table waits for whoever reads it, and all who come after that wait behind it. So it
gives up after a second and tries again: a migration that was given up has changed nothing.
"""

from __future__ import annotations

import time

from django.core.management.commands import migrate
from django.db import OperationalError, connections

LOCK_MILLISECONDS, PAUSE, TRIES = 1000, 2.0, 40
LOCK_NOT_AVAILABLE = "55P03"


class Command(migrate.Command):
    def handle(self, *args: object, **options: object) -> None:
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            super().handle(*args, **options)
            return
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            (before,) = cursor.fetchone()
            cursor.execute("SET lock_timeout = %s", [LOCK_MILLISECONDS])
        try:
            self._try(*args, **options)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = %s", [before])

    def _try(self, *args: object, **options: object) -> None:
        for left in reversed(range(TRIES)):
            try:
                super().handle(*args, **options)
                return
            except OperationalError as error:
                if not left or getattr(error.__cause__, "pgcode", "") != LOCK_NOT_AVAILABLE:
                    raise
            if options["verbosity"]:
                self.stdout.write("Somebody holds on to a table. It is tried again.")
            time.sleep(PAUSE)
