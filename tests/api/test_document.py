"""The OpenAPI document tells the truth, and so does the page that explains it.

Schemathesis asks whatever the document lets it, and what it does not. Here that is a part of it, to
be quick; all of it, and with as many inventions as one likes:

    SCHEMATHESIS=200 .venv/bin/python -m pytest tests/api/test_document.py
    .venv/bin/st run http://127.0.0.1:8000/api/v1/openapi.json --checks all --max-examples 200
"""

import json
import os
import re
from html import unescape

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import TestCase
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounded
from schemathesis import GenerationMode
from schemathesis.config import GenerationConfig

from solidarity.wsgi import application
from statements.records.explained import explained
from statements.records.nouns import NOUNS
from tests.api.asked import API, Asks
from tests.factories import make_text
from tests.routes import PLAIN, TAKEN_BACK, make_example_site

# What is asked here is the same on any database.
pytestmark = pytest.mark.once

INVENTED = int(os.environ.get("SCHEMATHESIS", "0"))
# Of a thousand cases that schemathesis has for whatever a document says, one in so many.
PART = 1 if INVENTED else 8
# The server would compress, and this client reads nothing compressed.
PLAINLY = {"Accept-Encoding": "identity"}
RECORDS = {
    "statements": ("no-evictions", "taken-back", "nothing"),
    "events": ("rent-strike", "nothing"),
    "organisations": ("tenants",),
    "demands": ("lower-rents",),
    "people": ("amina", "~0"),
    "tags": ("housing",),
    "places": ("FR",),
    "tombstones": (str(TAKEN_BACK), "x"),
}


class TruthTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_example_site()
        make_text("Keine Räumungen", slug="deutsch", language="de")

    def setUp(self):
        # A request would close the connection that the transaction of the tests is in.
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
            self.addCleanup(signal.connect, close_old_connections)
        schema = schemathesis.openapi.from_wsgi(f"{API}openapi.json", application)
        self.operations = [result.ok() for result in schema.get_all_operations()]
        self.cases = lambda operation: schema.iter_coverage_cases(
            operation,
            generation_modes=list(GenerationMode),
            generation_config=GenerationConfig(),
        )

    def test_every_address_is_in_the_document(self):
        self.assertEqual(
            {operation.label for operation in self.operations},
            {
                f"GET /{route.replace('<', '{').replace('>', '}')}"
                for route in PLAIN
                if route.startswith("api/v1/") and route != "api/v1/openapi.json"
            },
        )

    def test_what_is_there_is_answered_as_it_says(self):
        for operation in self.operations:
            noun = operation.path.removeprefix(API).partition("/")[0]
            slugs = RECORDS[noun] if operation.path.endswith("{slug}/") else [None]
            for slug in slugs:
                with self.subTest(operation.label, slug=slug):
                    path = {"slug": slug} if slug else {}
                    operation.Case(path_parameters=path).call_and_validate(headers=PLAINLY)

    def test_what_it_allows_is_answered_and_what_it_does_not_is_refused(self):
        asked = 0
        for operation in self.operations:
            for number, case in enumerate(self.cases(operation)):
                if number % PART == 0:
                    with self.subTest(operation.label, number=number):
                        case.call_and_validate(headers=PLAINLY)
                    asked += 1
        self.assertGreater(asked, 1000 / PART)

    def test_nothing_that_can_be_invented_breaks_it(self):
        for operation in self.operations:
            for mode in GenerationMode:

                @bounded(
                    max_examples=INVENTED or 2,
                    deadline=None,
                    derandomize=not INVENTED,
                    database=None,
                    phases=[Phase.generate],
                    suppress_health_check=list(HealthCheck),
                )
                @given(case=operation.as_strategy(mode))
                def ask(case):
                    case.call_and_validate(headers=PLAINLY)

                with self.subTest(operation.label, mode=mode):
                    ask()


class PageTests(Asks, TestCase):
    def test_the_page_has_every_field_filter_and_address(self):
        page = unescape(self.client.get(API).content.decode())

        for noun in NOUNS:
            self.assertIn(f'href="http://testserver{API}{noun.name}/"', page)
            for field in explained(noun.record):
                self.assertIn(f'<code dir="ltr">{field.name}</code>', page)
                self.assertIn(str(field.description), page)
        document = self.ask("openapi.json")
        for operations in document["paths"].values():
            for parameter in operations["get"]["parameters"]:
                if parameter["in"] == "query":
                    self.assertIn(f'<code dir="ltr">{parameter["name"]}</code>', page)
                    self.assertIn(parameter["description"], page)

    def test_the_page_leads_to_nothing_that_is_not_there(self):
        page = self.client.get(f"/de{API}").content.decode()

        anchors = set(re.findall('href="#([^"]+)"', page))
        self.assertGreater(len(anchors), 10)
        self.assertLessEqual(anchors, set(re.findall('id="([^"]+)"', page)))
        self.assertIn("Erklärungen", page)
        self.assertNotIn("<script", page)

    def test_every_parameter_of_the_document_is_explained_and_it_names_the_site(self):
        document = self.ask("openapi.json")

        self.assertEqual(document["servers"], [{"url": "http://testserver"}])
        lacking = [
            (path, parameter["name"])
            for path, operations in document["paths"].items()
            for parameter in operations["get"]["parameters"]
            if parameter["in"] == "query" and not parameter.get("description")
        ]
        self.assertEqual(lacking, [])
        # Whatever the language of whoever asks first.
        self.assertNotIn("Erklärung", json.dumps(document, ensure_ascii=False))
