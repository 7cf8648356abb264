"""One database's side of a measurement: measures what a line asks for."""

from __future__ import annotations

import json
import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from tests.bench import pages
from tests.bench.clock import as_served, keep_connection, timed

EACH = 5
BARE = 60


class Worker:
    def __init__(self) -> None:
        self.client, self.bare = Client(), Client()
        editor = get_user_model().objects.get_or_create(
            username="bench", defaults={"is_staff": True, "is_superuser": True}
        )[0]
        self.editor = Client()
        self.editor.force_login(editor)
        self.pages = {
            name: (client, address)
            for client, addresses in (
                (self.client, pages.addresses()),
                (self.editor, pages.admin_addresses()),
            )
            for name, address in addresses.items()
        }

    def survey(self) -> dict[str, dict[str, int]]:
        """Status, queries and bytes of each page; the first fetch warms what is built once."""
        found = {}
        for name, (client, address) in self.pages.items():
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                response = client.get(address)
            found[name] = {
                "status": response.status_code,
                "queries": len(queries),
                "bytes": len(response.content),
            }
        as_served()
        return found

    def unit(self) -> list[tuple[float, float, float]]:
        with override_settings(MIDDLEWARE=[], ROOT_URLCONF="tests.bench.bare"):
            self.bare.get("/")
            return [timed(lambda: self.bare.get("/")) for _n in range(BARE)]

    def page(self, name: str) -> list[tuple[float, float, float]]:
        client, address = self.pages[name]
        return [timed(lambda: client.get(address)) for _n in range(EACH)]

    def answer(self, wanted: str) -> object:
        acts = {"survey": self.survey, "bare": self.unit}
        return acts[wanted]() if wanted in acts else self.page(wanted)


def main() -> None:
    keep_connection()
    worker = Worker()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(worker.answer(line.strip())) + "\n")
        sys.stdout.flush()


main()
