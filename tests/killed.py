"""Processes that are killed with -9, and others that work on the same database after them."""

import contextlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


class OtherProcesses:
    """For a TransactionTestCase: `self.folder` is for the test's files."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def database(self):
        """The database of the tests; one in memory is copied into a file, for others to open."""
        name = str(connection.settings_dict["NAME"])
        if connection.vendor == "postgresql":
            return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        path = self.folder / "site.sqlite3"
        if not path.exists():
            with contextlib.closing(sqlite3.connect(path)) as file:
                connection.ensure_connection()
                connection.connection.backup(file)
        return f"sqlite:///{path}"

    def start_process(self, *command, **variables):
        own = {"DATABASE_URL": self.database(), **variables}
        return subprocess.Popen(
            [sys.executable, *command],
            env=os.environ | own,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run_process(self, *command, **variables):
        """(exit status, what it wrote, what it wrote as errors)"""
        process = self.start_process(*command, **variables)
        out, err = process.communicate(timeout=90)
        return process.returncode, out, err
