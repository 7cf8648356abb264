from django.conf import settings
from django.test import TestCase

from statements.models import Statement
from statements.publishing import slugs, standing, workflow
from tests.factories import make_event, make_organisation, make_person, make_text
from tests.pages.shown import words_of

Standing = Statement.Standing
TITLE = "Lower the rents of Example Harbour"


class NoticeTests(TestCase):
    def setUp(self):
        self.event = make_event(slug="strike")
        union = make_organisation("Dockers of Example", slug="dockers")
        self.text = make_text(
            TITLE,
            slug="rents",
            body="<p>Rents are wages.</p>",
            organisations=[union],
            events=[self.event],
        )

    def take_back(self, to, **said):
        standing.change_standing(self.text.statement, to, **said)

    def test_a_withdrawn_statement_leaves_a_notice_at_its_address(self):
        self.take_back(Standing.WITHDRAWN, note="The dockers no longer stand by it.")

        response = self.client.get("/statements/rents/")

        words = words_of(response)
        self.assertContains(response, "<h1>This statement was withdrawn")
        self.assertContains(response, '<meta name="robots" content="noindex">')
        self.assertIn("The dockers no longer stand by it.", words)
        self.assertIn("Dockers of Example", words)
        self.assertNotIn(TITLE, words)
        self.assertNotIn("Rents are wages", words)

    def test_what_is_taken_down_names_nobody(self):
        self.take_back(Standing.TAKEN_DOWN, reason="safety")

        words = words_of(self.client.get("/statements/rents/"))

        self.assertIn("For the safety of people", words)
        for one in ("Dockers", TITLE, "wages"):
            self.assertNotIn(one, words)

    def test_it_leaves_every_list_and_its_versions(self):
        self.take_back(Standing.RETRACTED, note="It was not theirs.")

        for address in ("/", "/statements/", "/events/strike/", "/organisations/dockers/"):
            with self.subTest(address):
                self.assertNotContains(self.client.get(address), TITLE)
        for address in ("/statements/rents/versions/", "/statements/rents/versions/1/"):
            with self.subTest(address):
                self.assertRedirects(self.client.get(address), "/statements/rents/")

    def test_a_former_address_leads_to_the_notice(self):
        slugs.change_slug(self.text, "lower-rents")
        self.take_back(Standing.WITHDRAWN, note="Not ours any more.")

        self.assertRedirects(
            self.client.get("/statements/rents/"), "/statements/lower-rents/", status_code=301
        )

    def test_put_back_it_is_read_again_and_the_register_says_both(self):
        self.take_back(Standing.RETRACTED, note="It was not theirs.")
        self.take_back(Standing.CURRENT, note="It was theirs after all.")

        self.assertContains(self.client.get("/statements/rents/"), "Rents are wages.")
        words = words_of(self.client.get("/corrections/"))
        self.assertLess(words.index("It was theirs after all."), words.index("It was not theirs."))

    def test_an_archived_one_is_readable_away_from_the_home_page(self):
        self.take_back(Standing.ARCHIVED)

        self.assertNotContains(self.client.get("/"), TITLE)
        self.assertContains(self.client.get("/statements/"), TITLE)
        self.assertContains(self.client.get("/statements/rents/"), "This statement is archived")


class RegisterTests(TestCase):
    def setUp(self):
        self.text = make_text(TITLE, slug="rents", body="<p>Rents are wages.</p>")

    def publish(self, text=None, change="correction", note="Our copy had left out a word."):
        text = text or self.text
        text.refresh_from_db()
        words = text.working_revision.words
        revision = workflow.save_words(
            text,
            words | {"body": words["body"] + "<p>More.</p>"},
            based_on=text.working_revision_id,
        )
        return workflow.publish(revision, change=change, note=note)

    def test_a_further_version_needs_a_kind_and_a_note(self):
        for change, note in (("", "Note."), ("correction", " "), ("nonsense", "Note.")):
            with self.subTest(change), self.assertRaises(workflow.ChangeNotNamed):
                self.publish(change=change, note=note)
            self.text.refresh_from_db()
            self.assertEqual(self.text.live_revision.number, 1)

    def test_a_correction_stands_in_the_register_on_the_text_and_in_its_history(self):
        self.publish()

        for address in ("/corrections/", "/statements/rents/", "/statements/rents/versions/"):
            with self.subTest(address):
                response = self.client.get(address)
                self.assertContains(response, "Our copy had left out a word.")
                self.assertContains(response, "/statements/rents/versions/2/")

    def test_a_typographical_change_is_in_the_history_alone(self):
        self.publish(change="typographical", note="")

        self.assertContains(self.client.get("/corrections/"), "Nothing was corrected")
        self.assertContains(self.client.get("/statements/rents/versions/"), "Typographical")

    def test_an_entry_about_what_was_taken_down_tells_neither_title_nor_address(self):
        self.publish()
        standing.change_standing(self.text.statement, Standing.TAKEN_DOWN, reason="law")

        for address in ("/corrections/", "/feeds/corrections.atom"):
            with self.subTest(address):
                response = self.client.get(address)
                self.assertContains(response, "y order of a court or an authority")
                for one in (TITLE, "rents"):
                    self.assertNotContains(response, one)

    def test_a_note_conceals_whom_the_text_conceals(self):
        person = make_person("Amina Example", shown_as="withheld")
        text = make_text(slug="free", body="<p>Free Amina Example.</p>")
        text.namings.create(person=person, spelling="Amina Example")
        self.publish(text, note="Amina Example was misspelt.")

        for address in ("/corrections/", "/feeds/corrections.atom", "/statements/free/"):
            with self.subTest(address):
                response = self.client.get(address)
                self.assertContains(response, "was misspelt")
                self.assertNotContains(response, "Amina")

    def test_the_feed_is_valid_and_leads_to_the_texts(self):
        self.publish()

        response = self.client.get("/feeds/corrections.atom", headers={"host": "localhost"})

        self.assertEqual(response["Content-Type"], "application/atom+xml; charset=utf-8")
        self.assertContains(response, f"Correction: {TITLE}")
        self.assertContains(response, f'<link href="{settings.SITE_URL}/statements/rents/"')
        self.assertContains(response, "<id>tag:testserver,2026:correction-")

    def test_the_number_of_queries_is_the_same_for_few_and_for_many(self):
        def asked():
            with self.assertNumQueries(11):
                self.client.get("/corrections/")

        self.publish()
        asked()
        for number in range(3):
            self.publish(make_text(slug=f"text-{number}"))
        asked()
