import pytest

from statements.models import Naming, Quotation, Text
from statements.publishing import workflow
from tests.admin.posting import EditorCase, posted_from
from tests.factories import make_demand_made, make_naming, make_person, make_text

# What is asked here is the same on any database.
pytestmark = pytest.mark.once


class TranslationTests(EditorCase):
    def setUp(self):
        super().setUp()
        self.leading = make_text("No evictions", body="<p>Stop the evictions now.</p>")
        self.made = make_demand_made(self.leading, "Stop the evictions")
        self.add = f"/admin/statements/text/add/?statement={self.leading.statement_id}"

    def change(self, text, button="_continue", **changes):
        page = f"/admin/statements/text/{text.pk}/change/"
        return self.client.post(page, posted_from(self.client.get(page)) | {button: "1"} | changes)

    def test_it_stands_beside_the_text_it_is_made_from(self):
        workflow.save_words(
            self.leading,
            {"title": "Draft title", "body": "<p>Unseen.</p>"},
            based_on=self.leading.working_revision_id,
        )

        page = self.client.get(self.add)

        self.assertContains(page, "<p>Stop the evictions now.</p>", html=True)
        self.assertNotContains(page, "Unseen.")
        self.assertContains(page, f'value="{self.leading.live_revision_id}" selected')
        self.assertContains(page, "Stop the evictions</q>")

    def test_it_is_saved_with_its_translator_version_and_quotation(self):
        data = posted_from(self.client.get(self.add)) | {
            "_publish": "1",
            "language": "ar",
            "translator": "Amina Okoye",
            "title": "لا للإخلاء",
            "body": "<p>أوقفوا الإخلاء الآن.</p>",
            "quotations-0-made": self.made.pk,
            "quotations-0-words": "أوقفوا الإخلاء",
        }

        response = self.client.post(self.add, data)

        text = Text.objects.get(language="ar")
        self.assertRedirects(response, f"/admin/statements/text/{text.pk}/change/")
        self.assertEqual(
            (text.statement, text.is_leading, text.translator, text.authority, text.slug),
            (self.leading.statement, False, "Amina Okoye", "unofficial", "لا-للإخلاء"),
        )
        self.assertEqual(text.translated_from, self.leading.live_revision)
        self.assertEqual(text.live_revision.number, 1)
        self.assertEqual(
            list(text.quotations.values_list("made", "words", "in_live")),
            [(self.made.pk, "أوقفوا الإخلاء", True)],
        )

    def test_it_waits_for_the_leading_text_and_loses_nothing(self):
        leading = make_text(published=False)
        page = f"/admin/statements/text/add/?statement={leading.statement_id}"
        data = posted_from(self.client.get(page)) | {
            "_publish": "1",
            "language": "fr",
            "title": "Non",
            "body": "<p>Non.</p>",
        }

        response = self.client.post(page, data)

        self.assertContains(response, "cannot be public before the text that leads")
        self.assertContains(response, "&lt;p&gt;Non.&lt;/p&gt;")
        self.assertFalse(Text.objects.filter(language="fr").exists())

    def test_a_language_comes_once(self):
        data = posted_from(self.client.get(self.add)) | {"language": "en", "title": "T"}

        response = self.client.post(self.add, data | {"_continue": "1"})

        self.assertContains(response, "has a text in this language already")

    def test_its_quotations_and_namings_are_its_own(self):
        text = make_text(
            statement=self.leading.statement, language="fr", body="<p>Halte, dit Amina.</p>"
        )
        make_naming(self.leading, make_person("Evictions"), "evictions")
        person = make_person("Amina")

        refused = self.change(
            text, **{"quotations-0-made": self.made.pk, "quotations-0-words": "Stop"}
        )
        self.assertContains(refused, "These words are not in the text.")
        self.change(
            text,
            **{
                "quotations-0-made": self.made.pk,
                "quotations-0-words": "Halte",
                "namings-0-spelling": "Amina",
                "namings-0-person": person.pk,
            },
        )

        self.assertEqual(Quotation.objects.get(text=text).words, "Halte")
        self.assertEqual(Quotation.objects.get(text=self.leading).words, "Stop the evictions")
        self.assertEqual(Naming.objects.get(text=text).person, person)
        self.assertEqual(Naming.objects.count(), 2)

    def test_a_demand_of_another_statement_cannot_be_quoted(self):
        other = make_demand_made(make_text("Other"), "Words.")
        text = make_text(statement=self.leading.statement, language="fr")

        self.change(text, **{"quotations-0-made": other.pk, "quotations-0-words": "Words."})

        self.assertFalse(text.quotations.exists())

    def test_two_translators_at_once_are_told(self):
        text = make_text(statement=self.leading.statement, language="fr", body="<p>Un.</p>")
        page = f"/admin/statements/text/{text.pk}/change/"
        mine = posted_from(self.client.get(page))
        self.change(text, body="<p>Deux.</p>")

        refused = self.client.post(page, mine | {"_continue": "1", "body": "<p>Trois.</p>"})

        self.assertContains(refused, "Somebody else saved this")
        self.assertContains(refused, "Trois")
        text.refresh_from_db()
        self.assertEqual(text.working_revision.body, "<p>Deux.</p>")

    def test_a_translator_does_not_disturb_who_edits_the_statement(self):
        text = make_text(statement=self.leading.statement, language="fr")
        page = f"/admin/statements/statement/{self.leading.statement_id}/change/"
        mine = posted_from(self.client.get(page))
        self.change(text, title="Autre")

        response = self.client.post(page, mine | {"_continue": "1", "title": "Mine"})

        self.assertRedirects(response, page)

    def test_the_leading_text_is_edited_on_the_statement(self):
        response = self.client.get(f"/admin/statements/text/{self.leading.pk}/change/")

        self.assertRedirects(
            response, f"/admin/statements/statement/{self.leading.statement_id}/change/"
        )
