"""Every transaction that changes what visitors may see is noted, and no other one."""

import threading
from contextlib import suppress
from unittest import skipUnless

from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import TransactionTestCase, override_settings
from django.utils import timezone

from statements import changes, limits
from statements.auditing import workflow as auditing
from statements.models import ContentChange, Event, Organisation, SiteSettings
from statements.newsletter.workflow import PRIVATE, token_of
from tests.factories import (
    make_event,
    make_follower,
    make_organisation,
    make_place,
    make_submission,
)


class Undone(Exception):
    """Nothing of it was meant."""


@override_settings(KEPT_MEGABYTES=1)
class NotingTests(TransactionTestCase):
    def changed(self, act):
        before = changes.version()
        act()
        return changes.version() != before

    def test_whoever_writes_in_whatever_way_is_noted(self):
        event, union = make_event(), make_organisation()
        table = Organisation._meta.db_table
        for act in (
            make_organisation,
            lambda: Event.objects.filter(pk=event.pk).update(name="Other"),
            lambda: Organisation.objects.bulk_create([Organisation(name="n", slug="n")]),
            lambda: event.places.add(make_place("FR")),
            lambda: connection.cursor().execute(f"UPDATE {table} SET acronym = 'A'"),
            lambda: connection.cursor().executemany(
                f"UPDATE {table} SET acronym = %s WHERE id = %s", [("B", union.pk)]
            ),
            lambda: SiteSettings.objects.create(pk=1),
            lambda: Organisation.objects.filter(pk=union.pk).delete(),
            changes.note,
        ):
            self.assertTrue(self.changed(act), act)

    def test_what_no_page_shows_is_not(self):
        for act in (
            make_submission,
            lambda: token_of(make_follower(), PRIVATE),
            lambda: auditing.record("tried"),
            lambda: limits.hit("tried", "somebody", most=3, seconds=60),
            lambda: list(Event.objects.all()),
        ):
            self.assertFalse(self.changed(act), act)

    def test_what_is_rolled_back_is_not_and_what_comes_after_it_is(self):
        def undone():
            with suppress(Undone), transaction.atomic():
                make_event()
                raise Undone

        @transaction.atomic
        def partly():
            undone()
            Organisation.objects.filter(pk=union.pk).update(acronym="A")

        union = make_organisation()
        self.assertFalse(self.changed(undone))
        self.assertTrue(self.changed(partly))

    def test_a_transaction_is_noted_once(self):
        with transaction.atomic():
            make_event()
            for _n in range(3):
                make_organisation()
            self.assertEqual(ContentChange.objects.count(), 1)

    @skipUnless(connection.vendor == "postgresql", "SQLite has one writer at a time")
    def test_one_that_ends_after_those_that_began_later_is_seen(self):
        begun, over = threading.Event(), threading.Event()

        def long():
            with transaction.atomic():
                make_event()
                begun.set()
                over.wait(30)
            connections.close_all()

        thread = threading.Thread(target=long)
        thread.start()
        begun.wait(30)
        make_event()

        def end():
            over.set()
            thread.join()

        self.assertTrue(self.changed(end))

    def test_migrating_is_noted_and_needs_no_table(self):
        self.assertTrue(self.changed(lambda: call_command("migrate", verbosity=0)))

    def test_old_notes_go_when_there_are_many_and_that_is_noted_too(self):
        now = timezone.now()
        for count, gone in ((changes.MANY - 1, 0), (changes.MANY, changes.MANY)):
            with self.subTest(count):
                ContentChange.objects.all().delete()
                old = [ContentChange(at=now - 2 * changes.OLD) for _n in range(count)]
                ContentChange.objects.bulk_create([*old, ContentChange(at=now)])
                before = changes.version()
                self.assertEqual(changes.forget_old(), gone)
                self.assertEqual(changes.version() != before, bool(gone))

    @override_settings(KEPT_MEGABYTES=0)
    def test_where_nothing_is_kept_nothing_is_noted(self):
        self.assertFalse(self.changed(make_event))
