"""What the admin lets each role do, and how it says what it does not."""

import pytest
from django.test import TestCase

from statements.auditing import workflow as auditing
from statements.models import AuditEntry
from statements.publishing import workflow
from tests.admin.posting import posted_from
from tests.admin.signed_in import make_staff
from tests.factories import make_text
from tests.test_rights import accepted

# What is asked here is the same on any database.
pytestmark = pytest.mark.once


class WritingTests(TestCase):
    def test_an_editor_saves_drafts_and_is_not_offered_to_publish(self):
        text = make_text("No evictions", published=False)
        self.client.force_login(make_staff("amina", "Editors"))
        address = f"/admin/statements/statement/{text.statement_id}/change/"

        page = self.client.get(address)
        self.assertContains(page, "Save draft")
        self.assertNotContains(page, "_publish")
        self.client.post(
            address, posted_from(page) | {"title": "No evictions, ever", "_publish": "1"}
        )

        text.refresh_from_db()
        self.assertEqual(text.working_revision.title, "No evictions, ever")
        self.assertFalse(text.is_public)

    def test_a_moderator_reads_drafts_and_saves_nothing(self):
        text = make_text("No evictions", published=False, body="<p>Lower <b>the</b> rents.</p>")
        make_text("Keine Räumung", language="de", statement=text.statement, published=False)
        self.client.force_login(make_staff("amina", "Moderators"))
        address = f"/admin/statements/statement/{text.statement_id}/change/"

        page = self.client.get(address)
        self.assertContains(page, "No evictions")
        self.assertContains(page, "<p>Lower <b>the</b> rents.</p>")
        self.assertContains(page, "English")
        translation = text.statement.texts.get(language="de")
        other = self.client.get(f"/admin/statements/text/{translation.pk}/change/")
        self.assertContains(other, "Keine Räumung")
        self.assertContains(other, "<p>Words.</p>")
        for shown in (page, other):
            self.assertNotContains(shown, "Select a passage")
            self.assertNotContains(shown, "Add a translation")
        self.assertNotContains(page, "Save draft")
        self.assertEqual(self.client.post(address, {"title": "Mine"}).status_code, 404)


class FourEyesTests(TestCase):
    def setUp(self):
        self.one = make_staff("one", "Publishers", "Moderators")
        self.text = accepted(self.one)
        self.address = f"/admin/statements/statement/{self.text.statement_id}/change/"

    def test_who_wrote_the_draft_is_told_that_another_publishes_it(self):
        self.client.force_login(self.one)

        page = self.client.get(self.address)
        self.assertContains(page, "You wrote the draft: somebody else publishes it.")
        self.assertNotContains(page, 'name="_publish"')
        again = self.client.post(self.address, posted_from(page) | {"_publish": "1"})
        self.assertContains(again, "published by somebody who did not write")
        self.text.refresh_from_db()
        self.assertFalse(self.text.is_public)

    def test_another_publishes_what_is_there_and_not_what_they_typed(self):
        self.client.force_login(make_staff("other", "Publishers"))
        page = self.client.get(self.address)

        typed = self.client.post(
            self.address, posted_from(page) | {"title": "Mine", "_publish": "1"}
        )
        self.assertContains(typed, "published by somebody who did not write")
        self.client.post(self.address, posted_from(page) | {"_publish": "1"})

        self.text.refresh_from_db()
        self.assertEqual(self.text.live_revision, self.text.working_revision)
        self.assertEqual(self.text.live_revision.by, self.one)

    def test_a_translation_that_is_typed_and_published_at_once_is_refused(self):
        other = make_staff("other", "Publishers")
        workflow.publish(self.text.working_revision, by=other)
        self.client.force_login(other)
        address = f"/admin/statements/text/add/?statement={self.text.statement_id}"

        page = self.client.get(address)
        typed = posted_from(page) | {
            "language": "de",
            "title": "Titel",
            "body": "Wort",
            "_publish": "1",
        }
        response = self.client.post(address, typed)

        self.assertContains(response, "published by somebody who did not write")
        self.assertEqual(self.text.statement.texts.count(), 1)


class LogTests(TestCase):
    def test_an_auditor_reads_the_log_and_changes_nothing_of_it(self):
        auditor = make_staff("auditor", "Auditors")
        auditing.record("sign-in", auditor, by=auditor)
        text = make_text()
        self.client.force_login(auditor)

        page = self.client.get("/admin/statements/auditentry/")
        self.assertContains(page, "sign-in")
        self.assertContains(page, "publish")
        found = self.client.get("/admin/statements/auditentry/", {"q": f"text {text.pk}"})
        self.assertContains(found, "publish")
        self.assertNotContains(found, "sign-in")
        one = AuditEntry.objects.first()
        for address in ("add/", f"{one.pk}/delete/"):
            response = self.client.get(f"/admin/statements/auditentry/{address}")
            self.assertEqual(response.status_code, 404)
        changed = self.client.post(f"/admin/statements/auditentry/{one.pk}/change/", {"act": "x"})
        self.assertEqual(changed.status_code, 404)
        self.assertEqual(self.client.get("/admin/statements/statement/").status_code, 404)

    def test_the_log_takes_as_many_queries_for_three_entries_as_for_one(self):
        auditor = make_staff("auditor", "Auditors")
        self.client.force_login(auditor)
        auditing.record("sign-in", auditor, by=auditor)
        self.client.get("/admin/statements/auditentry/")
        with self.assertNumQueries(6):
            self.client.get("/admin/statements/auditentry/")
        for name in ("one", "other"):
            auditing.record("sign-in", by=make_staff(name))
        with self.assertNumQueries(6):
            self.client.get("/admin/statements/auditentry/")
