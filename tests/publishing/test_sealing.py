"""A former version is sealed: its number and day stay, its words go."""

from django.contrib.auth import get_user_model
from django.test import TestCase

from statements.models import AuditEntry, Correction, Revision
from statements.publishing import review, seals, workflow
from tests.factories import make_text


class SealTests(TestCase):
    def setUp(self):
        self.by = get_user_model().objects.create_superuser("publisher")
        self.text = make_text("Title", slug="no", body="<p>Call Amina at home.</p>")
        self.first = self.text.live_revision
        self.draft = self.save("<p>Call Amina, please.</p>")
        self.second = workflow.publish(self.save("<p>Call us.</p>"), change="typographical")

    def save(self, body):
        self.text.refresh_from_db()
        words = self.text.working_revision.words | {"body": body}
        return workflow.save_words(self.text, words, based_on=self.text.working_revision_id)

    def seal(self, revision):
        seals.seal(revision, by=self.by, reason="safety")

    def test_its_words_are_gone_everywhere_and_its_number_and_day_stay(self):
        day = self.first.published_at

        self.seal(self.first)

        self.first.refresh_from_db()
        self.assertEqual((self.first.number, self.first.published_at), (1, day))
        self.assertEqual(
            [*self.first.words.values(), self.first.fingerprint, self.first.own_fingerprint],
            [""] * (len(Revision.FIELDS) + 2),
        )
        for page in ("versions/", "versions/1/", "versions/2/"):
            with self.subTest(page):
                response = self.client.get(f"/statements/no/{page}")
                self.assertContains(response, "Version 1")
                self.assertNotContains(response, "Amina")
        self.assertContains(self.client.get("/statements/no/versions/1/"), "was sealed on")
        history = self.client.get("/statements/no/versions/")
        self.assertContains(history, "before is sealed")
        self.assertContains(history, "Sealed: its words are gone")
        self.assertContains(self.client.get("/statements/no/"), "Call us.")

    def test_drafts_that_led_to_it_go_too(self):
        third = workflow.publish(self.save("<p>Call.</p>"), change="typographical")

        self.seal(self.second)

        self.draft.refresh_from_db()
        third.refresh_from_db()
        self.first.refresh_from_db()
        self.assertEqual(self.draft.body, "")
        with self.assertRaises(workflow.EditedMeanwhile):
            review.restore(self.draft, by=self.by, based_on=third.pk, why="")
        self.assertEqual(third.body, "<p>Call.</p>")
        self.assertIn("Amina", self.first.body)

    def test_the_register_and_the_log_have_it(self):
        self.seal(self.first)

        entry = Correction.objects.get()
        self.assertEqual((entry.kind, entry.reason), ("sealing", "safety"))
        register = self.client.get("/corrections/")
        self.assertContains(register, "A former version sealed")
        self.assertContains(register, "For the safety of people")
        self.assertContains(self.client.get("/feeds/corrections.atom"), "sealed")
        logged = AuditEntry.objects.get(act="seal")
        self.assertEqual((logged.before, logged.code), (f"revision-{self.first.pk}", "safety"))

    def test_words_that_are_read_or_edited_and_drafts_are_not_sealed(self):
        working = self.save("<p>Not yet.</p>")
        self.seal(self.first)
        for revision in (self.second, working, self.draft, self.first):
            with self.subTest(revision.pk), self.assertRaises(seals.NotSealable):
                self.seal(revision)
        self.assertEqual(Correction.objects.count(), 1)


class SealPageTests(SealTests):
    def setUp(self):
        super().setUp()
        self.client.force_login(self.by)
        self.record = f"/admin/statements/statement/{self.text.statement_id}/revisions"

    def seal(self, revision):
        revision = Revision.objects.select_related("text").get(pk=revision.pk)
        if not seals.can_be_sealed(revision, revision.text):
            raise seals.NotSealable
        answer = self.client.post(
            f"{self.record}/{revision.pk}/", {"_seal": "x", "reason": "safety"}, follow=True
        )
        self.assertContains(answer, "Sealed: its words are gone")

    def test_a_reason_is_asked_for(self):
        address = f"{self.record}/{self.first.pk}/"
        self.assertContains(self.client.get(address), "Seal this version")

        response = self.client.post(address, {"_seal": "x", "note": "Typed before."})

        self.assertContains(response, "This field is required.")
        self.assertContains(response, "Typed before.")
        self.assertIn("Amina", Revision.objects.get(pk=self.first.pk).body)
