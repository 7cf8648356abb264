"""Migrations that run while the site does."""

from io import StringIO
from unittest import mock, skipUnless

import psycopg2
from django.core.management import call_command
from django.core.management.commands.migrate import Command as OfDjango
from django.db import OperationalError, connection, transaction
from django.test import TransactionTestCase

from statements.management.commands import migrate


@skipUnless(connection.vendor == "postgresql", "SQLite has one writer at a time")
class LockTests(TransactionTestCase):
    def setUp(self):
        self.other = psycopg2.connect(**connection.get_connection_params())
        self.addCleanup(self.other.close)
        with self.other.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM statements_text")
        self.enterContext(mock.patch.object(migrate, "LOCK_MILLISECONDS", 50))
        self.enterContext(mock.patch.object(OfDjango, "handle", self.alter))
        self.tried = 0

    @transaction.atomic
    def alter(self, *args, **options):
        self.tried += 1
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE statements_text IN ACCESS EXCLUSIVE MODE")

    def timeout(self):
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            return cursor.fetchone()[0]

    def test_it_is_given_up_and_tried_again_until_the_table_is_free(self):
        said, before = StringIO(), self.timeout()
        with mock.patch.object(migrate.time, "sleep", lambda seconds: self.other.rollback()):
            call_command("migrate", stdout=said)

        self.assertEqual(self.tried, 2)
        self.assertEqual(said.getvalue().count("It is tried again."), 1)
        self.assertEqual(self.timeout(), before)

    def test_it_ends_with_an_error_where_the_table_is_never_free(self):
        with (
            mock.patch.object(migrate.time, "sleep"),
            mock.patch.object(migrate, "TRIES", 3),
            self.assertRaisesMessage(OperationalError, "lock timeout"),
        ):
            call_command("migrate", verbosity=0)
        self.assertEqual(self.tried, 3)
