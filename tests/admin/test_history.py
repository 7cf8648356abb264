import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from statements.models import (
    AuditEntry,
    Decision,
    Event,
    Person,
    Quotation,
    Revision,
    SafetyCheck,
    Statement,
)
from statements.publishing import review, workflow
from statements.safety import workflow as safety
from tests.admin.posting import LIST, EditorCase
from tests.admin.signed_in import make_staff
from tests.factories import make_demand_made, make_event, make_naming, make_person, make_text

# What is asked here is the same on any database.
pytestmark = pytest.mark.once


class HistoryTests(EditorCase):
    def setUp(self):
        super().setUp()
        self.text = make_text("Old title", body="<p>Pay the nurses.</p>")
        workflow.save_words(
            self.text,
            {"title": "New title", "body": "<p>Pay the doctors.</p>"},
            by=self.user,
            based_on=self.text.working_revision_id,
            why="The doctors asked",
        )
        self.text.refresh_from_db()
        self.page = f"{LIST}{self.text.statement_id}/"

    def test_it_lists_who_changed_the_words_when_and_why(self):
        page = self.client.get(f"{self.page}history/")

        self.assertContains(page, "The doctors asked")
        self.assertContains(page, "<td>ed</td>", html=True)
        self.assertContains(page, "public now")
        self.assertContains(page, f"revisions/{self.text.live_revision_id}/")

    def test_a_revision_is_shown_with_what_it_changed(self):
        page = self.client.get(f"{self.page}revisions/{self.text.working_revision_id}/")

        self.assertContains(page, "doctors</ins>")
        self.assertContains(page, "nurses</del>")

    def test_any_two_are_compared_and_a_draft_with_what_visitors_read(self):
        first = self.text.live_revision
        second = self.text.working_revision
        third = workflow.save_words(
            self.text, {"title": "New title", "body": "<p>Pay all.</p>"}, based_on=second.pk
        )
        page = f"{self.page}revisions/{third.pk}/"

        self.assertContains(self.client.get(page), "nurses</del>")
        asked = self.client.get(page, {"with": second.pk})
        self.assertContains(asked, "doctors</del>")
        self.assertNotContains(asked, "nurses")
        back = self.client.get(f"{self.page}revisions/{first.pk}/", {"with": third.pk})
        self.assertContains(back, "nurses</ins>")
        other = make_text().live_revision_id
        self.assertEqual(self.client.get(page, {"with": other}).status_code, 404)

    def test_a_long_history_takes_no_more_queries(self):
        text = self.text
        page = f"{self.page}revisions/{text.live_revision_id}/?with={text.working_revision_id}"
        self.client.get(page)
        with CaptureQueriesContext(connection) as queries:
            self.assertContains(self.client.get(page), "<option", count=1)
        for title in ("Third", "Fourth"):
            based_on = self.text.working_revision_id
            workflow.save_words(self.text, {"title": title}, based_on=based_on)
        with self.assertNumQueries(len(queries)):
            self.assertContains(self.client.get(page), "<option", count=3)

    def test_an_older_one_is_restored_as_a_new_one_and_visitors_see_nothing_of_it(self):
        first, second = self.text.live_revision, self.text.working_revision
        review.submit(second)
        page = f"{self.page}revisions/{first.pk}/"
        self.assertContains(self.client.get(page), "Restore these words as the draft")

        answer = self.client.post(page, {"working_revision": second.pk}, follow=True)

        self.assertContains(answer, "These words are the draft now.")
        self.text.refresh_from_db()
        restored = self.text.working_revision
        self.assertEqual(restored.words, first.words)
        self.assertEqual((restored.by, self.text.state), (self.user, "draft"))
        self.assertTrue(restored.why.startswith("Restored from "))
        self.assertEqual(self.text.live_revision, first)
        self.assertEqual(list(Decision.objects.values_list("entry__act", flat=True))[0], "save")

    def test_what_somebody_else_saved_meanwhile_is_not_undone(self):
        first, second = self.text.live_revision, self.text.working_revision
        workflow.save_words(self.text, {"title": "Newest"}, based_on=second.pk)

        answer = self.client.post(
            f"{self.page}revisions/{first.pk}/", {"working_revision": second.pk}, follow=True
        )

        self.assertContains(answer, "Nothing was restored.")
        self.text.refresh_from_db()
        self.assertEqual(self.text.working_revision.title, "Newest")

    def test_who_only_reads_restores_nothing(self):
        self.client.force_login(make_staff("moderator", "Moderators"))
        page = f"{self.page}revisions/{self.text.live_revision_id}/"

        self.assertNotContains(self.client.get(page), "Restore these words")
        data = {"working_revision": self.text.working_revision_id}
        self.assertEqual(self.client.post(page, data).status_code, 404)
        self.assertEqual(self.text.revisions.count(), 2)

    def test_the_revision_of_another_text_is_not_found_here(self):
        other = make_text()

        page = self.client.get(f"{self.page}revisions/{other.live_revision_id}/")

        self.assertEqual(page.status_code, 404)

    def test_staff_without_permission_see_neither_revision_nor_preview(self):
        self.client.force_login(
            get_user_model().objects.create_user("staff", "", "password", is_staff=True)
        )

        for end in ("history/", "preview/", f"revisions/{self.text.live_revision_id}/"):
            with self.subTest(end=end):
                self.assertEqual(self.client.get(f"{self.page}{end}").status_code, 404)


class PreviewTests(EditorCase):
    def preview(self, text):
        return self.client.get(f"{LIST}{text.statement_id}/preview/")

    def test_it_is_the_visitors_page_and_stores_nothing(self):
        event = make_event("Strike of the nurses")
        text = make_text("Draft title", published=False, events=[event])
        make_demand_made(text, "Words.")

        page = self.preview(text)

        self.assertTemplateUsed(page, "pages/statement.html")
        self.assertEqual((page["X-Robots-Tag"], page["Cache-Control"]), ("noindex", "no-store"))
        self.assertNotIn("unsafe-inline", page["Content-Security-Policy"])
        text.refresh_from_db()
        self.assertFalse(text.is_public)
        self.assertFalse(Statement.objects.published().exists())
        self.assertFalse(Event.objects.published().exists())
        self.assertFalse(Revision.objects.exclude(number=None).exists())
        self.assertFalse(Quotation.objects.filter(in_live=True).exists())

    def test_it_shows_a_translation_before_its_leading_text_is_public(self):
        leading = make_text("First", published=False)
        text = make_text("Premier", statement=leading.statement, language="fr", published=False)

        page = self.client.get(f"/admin/statements/text/{text.pk}/preview/")

        self.assertTemplateUsed(page, "pages/statement.html")
        text.refresh_from_db()
        self.assertFalse(text.is_public)

    def test_open_safety_questions_do_not_stop_it_and_stay_open(self):
        person = make_person("Amina Okoye", is_at_risk=True)
        text = make_text("Free her", body="<p>Free Amina Okoye.</p>", published=False)
        make_naming(text, person)

        page = self.preview(text)

        self.assertContains(page, f"/people/{person.slug}/")
        self.assertTrue(safety.concerns(text.statement))
        self.assertFalse(SafetyCheck.objects.exists())
        self.assertFalse(Person.objects.published().exists())
        self.assertFalse(AuditEntry.objects.filter(act="answer-safety").exists())

    def test_broken_quotations_do_not_stop_it(self):
        text = make_text(body="<p>Pay us.</p>")
        make_demand_made(text, "Pay us.")
        workflow.save_words(
            text, {"title": "T", "body": "<p>No.</p>"}, based_on=text.working_revision_id
        )

        self.assertEqual(self.preview(text).status_code, 200)
        self.assertFalse(Quotation.objects.get().is_gone)
