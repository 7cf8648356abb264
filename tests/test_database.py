from unittest import skipUnless

from django.db import connection
from django.test import TestCase


@skipUnless(connection.vendor == "sqlite", "settings of SQLite")
class SQLiteTests(TestCase):
    def test_what_is_erased_is_overwritten(self):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete")
            self.assertEqual(cursor.fetchone(), (1,))


@skipUnless(connection.vendor == "postgresql", "settings of PostgreSQL")
class PostgreSQLTests(TestCase):
    def test_queries_are_not_compiled_for_seconds(self):
        with connection.cursor() as cursor:
            cursor.execute("SHOW jit")
            self.assertEqual(cursor.fetchone(), ("off",))

    def test_a_row_found_by_an_index_is_taken_for_what_it_costs(self):
        with connection.cursor() as cursor:
            cursor.execute("SHOW random_page_cost")
            self.assertEqual(cursor.fetchone(), ("1.1",))
