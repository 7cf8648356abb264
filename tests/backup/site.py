"""A site of its own for a test: a database that others can open, folders, and keys for backups."""

import json
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pyrage
from django.db import connection

from tests.killed import OtherProcesses

KEY = pyrage.x25519.Identity.generate()


class OwnSite(OtherProcesses):
    """For a TransactionTestCase. What is written in the test's process is the site's content."""

    def setUp(self):
        super().setUp()
        self.identity = self.folder / "identity"
        self.identity.write_text(f"{KEY}\n")
        self.media = self.folder / "media"
        self.backups = self.folder / "backups"
        self.backups.mkdir()

    def manage(self, *command, **variables):
        """(exit status, what it wrote, what it wrote as errors) of manage.py in use."""
        return self.run_process("manage.py", *command, **self.variables() | variables)

    def variables(self):
        return {
            "DJANGO_SETTINGS_MODULE": "solidarity.settings",
            "MEDIA_ROOT": str(self.media),
            "DATA_ROOT": str(self.folder / "data"),
            "BACKUP_ROOT": str(self.folder / "root"),
            "ERASURES_FILE": str(self.folder / "erasures.jsonl"),
            "BACKUP_RECIPIENTS": str(KEY.to_public()),
        }

    def back_up(self, name="one.age"):
        """The database of the test as it is now, in a file."""
        if connection.vendor == "sqlite":
            (self.folder / "site.sqlite3").unlink(missing_ok=True)
        code, _out, err = self.manage("backup", str(self.backups / name))
        self.assertEqual((code, err), (0, ""))
        return self.backups / name

    def restore(self, path, *options, **variables):
        return self.manage(
            "restore", str(path), "--identity", str(self.identity), *options, **variables
        )

    def elsewhere(self):
        """Settings of another machine, with an empty database."""
        folder = self.folder / f"elsewhere-{secrets.token_hex(3)}"
        folder.mkdir()
        return {
            "DATABASE_URL": self.empty_database(folder),
            "MEDIA_ROOT": str(folder / "media"),
            "BACKUP_ROOT": str(folder / "root"),
            "ERASURES_FILE": str(folder / "erasures.jsonl"),
        }

    def empty_database(self, folder):
        if connection.vendor == "sqlite":
            return f"sqlite:///{folder}/site.sqlite3"
        name = f"{connection.settings_dict['NAME']}_{folder.name[-6:]}"
        self.on_server(f'CREATE DATABASE "{name}"')
        self.addCleanup(self.on_server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()

    def on_server(self, words):
        own = urlsplit(os.environ["DATABASE_URL"])._replace(path="/postgres").geturl()
        session = psycopg2.connect(own)
        session.autocommit = True
        with session.cursor() as cursor:
            cursor.execute(words)
            found = cursor.fetchall() if cursor.description else []
        session.close()
        return found

    def ask(self, expression, **variables):
        """What an expression is in a process of another machine."""
        words = f"import json; from statements.models import *; print(json.dumps({expression}))"
        code, out, err = self.manage("shell", "--no-imports", "-v0", "-c", words, **variables)
        self.assertEqual(code, 0, err)
        return json.loads(out.splitlines()[-1])


def unpacked(path: Path) -> bytes:
    """What is inside a backup, as it stands there."""
    return pyrage.decrypt(path.read_bytes(), [KEY])
