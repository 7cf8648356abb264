"""A replica that stands still: a copy of the tests' database as it was at one moment."""

import tempfile
from contextlib import suppress
from pathlib import Path

from django.db import connection, connections
from django.test import TransactionTestCase, override_settings

from statements import replica
from statements.replica import DEFAULT, REPLICA


class Replicated(TransactionTestCase):
    def setUp(self):
        super().setUp()
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        self.copies = 0
        # It is not there when the class is set up, and nothing in it is to be taken away.
        type(self).databases = {DEFAULT, REPLICA}
        self.addCleanup(setattr, type(self), "databases", {DEFAULT})
        self.addCleanup(self.end_replica)

    def replicate(self):
        """It has now what the database has, under a name that tells where a page was made."""
        self.end_replica()
        self.copies += 1
        one = connections[DEFAULT].settings_dict
        if connection.vendor == "sqlite":
            name = str(Path(self.folder) / f"{self.copies}.sqlite3")
            self.execute(f"VACUUM INTO '{name}'")
        else:
            name = f"{one['NAME']}_replica"
            connection.close()
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
                cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{one["NAME"]}"')
        connections.settings[REPLICA] = one | {"NAME": name}
        with override_settings(KEPT_MEGABYTES=0), connections[REPLICA].cursor() as cursor:
            cursor.execute("UPDATE statements_event SET name = 'From the replica'")

    def lose_replica(self):
        lost = connections.settings[REPLICA]
        with suppress(AttributeError):
            connections[REPLICA].close()
            del connections[REPLICA]
        where = {"NAME": f"{self.folder}/nowhere/db"} if connection.vendor == "sqlite" else {}
        connections.settings[REPLICA] = lost | {"HOST": "127.0.0.1", "PORT": "1"} | where

    def end_replica(self):
        replica._away_until = 0.0
        if not replica.is_there():
            return
        name = connections.settings[REPLICA]["NAME"]
        connections[REPLICA].close()
        del connections[REPLICA]
        del connections.settings[REPLICA]
        if connection.vendor == "postgresql":
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')

    def execute(self, sql):
        with connection.cursor() as cursor:
            cursor.execute(sql)
