from unittest import skipUnless

from django.db import connection
from django.test import TestCase


@skipUnless(connection.vendor == "postgresql", "SQLite compiles no queries")
class PostgreSQLTests(TestCase):
    def test_queries_are_not_compiled_for_seconds(self):
        with connection.cursor() as cursor:
            cursor.execute("SHOW jit")
            self.assertEqual(cursor.fetchone(), ("off",))
