"""What is done since a backup, and done again after it was restored."""

from contextlib import contextmanager

from django.db import transaction
from django.test import TestCase

from statements.auditing import workflow as auditing
from statements.backup import replaying
from statements.models import Erasure


class TakenBack(Exception):
    pass


class Replayed(TestCase):
    @contextmanager
    def since_the_backup(self):
        """What is done inside is not in the backup; its erasures are in the file."""
        self.lines = []
        before = set(Erasure.objects.values_list("pk", flat=True))
        try:
            with transaction.atomic():
                with self.captureOnCommitCallbacks():
                    yield
                self.lines = list(Erasure.objects.exclude(pk__in=before))
                raise TakenBack
        except TakenBack:
            pass

    def replay(self):
        with self.captureOnCommitCallbacks(execute=True):
            done = replaying.replay(self.lines)
        self.assertIsNone(auditing.verify().broken)
        return done

    def page(self, record):
        record.refresh_from_db()
        return self.client.get(record.get_absolute_url())
