"""The audit log holds codes: whoever reads it in the admin is told what they mean."""

import ast
from pathlib import Path

import pytest
from django.test import TestCase

from statements.admin.acts import WORDED
from statements.admin.review import ACTS
from statements.auditing import workflow as auditing
from tests.admin.signed_in import make_staff
from tests.factories import make_text

# What is asked here is the same on any database.
pytestmark = pytest.mark.once

STATEMENTS = Path(__file__).parents[2] / "statements"


def recorded():
    """The codes that the code of the site writes into the log, where they stand there whole."""
    for path in STATEMENTS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            is_writing = ast.unparse(node.func) in ("auditing.record", "auditing.decide")
            for one in ast.walk(node.args[0]) if is_writing else ():
                if isinstance(one, ast.Constant) and not str(one.value).endswith("_"):
                    yield one.value


class WordedTests(TestCase):
    def test_every_act_has_words(self):
        acts = {*recorded(), *(f"submission_{act}" for act in ACTS)}

        self.assertGreater(len(acts), 30)
        self.assertEqual(acts - set(WORDED), set())

    def test_an_auditor_reads_words_and_finds_the_code_beside_them(self):
        auditor = make_staff("auditor", "Auditors")
        auditing.record("sign-in", auditor, by=auditor)
        text = make_text()
        self.client.force_login(auditor)

        page = self.client.get("/admin/statements/auditentry/")

        self.assertContains(page, "Signed in<br><code>sign-in</code>")
        self.assertContains(page, f">text {text.pk}<")
