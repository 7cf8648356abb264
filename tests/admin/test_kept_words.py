"""What the server does about words kept in the browser (tests/browser/test_kept_words.py)."""

import pytest

from statements.models import Revision
from tests.admin.posting import posted_from
from tests.admin.signed_in import EditorTestCase
from tests.factories import make_text

# What is asked here is the same on any database.
pytestmark = pytest.mark.once

NUMBER = "0123456789abcdef"


class KeptWordsTests(EditorTestCase):
    def setUp(self):
        super().setUp()
        self.text = make_text("Title", body="<p>Pay the nurses.</p>")
        self.address = f"/admin/statements/statement/{self.text.statement_id}/change/"

    def post(self, **changes):
        return self.client.post(self.address, posted_from(self.client.get(self.address)) | changes)

    def test_taking_words_over_shows_them_and_saves_nothing(self):
        response = self.post(title="Kept", _kept="1", kept_as=NUMBER)

        self.assertContains(response, "These are the words that this browser kept.")
        self.assertContains(response, f'data-unsaved="{NUMBER}"')
        self.assertNotContains(response, "errornote")
        self.assertEqual(response.context["adminform"].form["title"].value(), "Kept")
        self.assertEqual(Revision.objects.count(), 1)

    def test_taking_words_over_publishes_nothing_either(self):
        self.post(title="Kept", _kept="1", _publish="1")

        self.assertEqual(Revision.objects.count(), 1)

    def test_what_says_saved_names_the_words_that_were(self):
        for button in ("_continue", "_save"):
            with self.subTest(button):
                saved = self.client.get(self.post(kept_as=NUMBER, **{button: "1"})["Location"])

                self.assertContains(saved, f'<li class="kept-{NUMBER} success">', count=1)

    def test_nothing_else_gets_into_the_message(self):
        for number in ("", "x" * 16, NUMBER + ' other"', NUMBER * 2, NUMBER + "\n"):
            with self.subTest(number):
                saved = self.client.get(self.post(kept_as=number, _save="1")["Location"])

                self.assertContains(saved, '<li class="success">', count=1)

    def test_a_refused_form_names_what_it_holds_and_a_fresh_one_nothing(self):
        self.assertContains(
            self.post(title="", kept_as='"><b>'), 'data-unsaved="&quot;&gt;&lt;b&gt;"'
        )
        self.assertNotContains(self.client.get(self.address), "data-unsaved")

    def test_a_window_of_its_own_keeps_nothing(self):
        self.assertNotContains(self.client.get(self.address + "?_popup=1"), 'id="kept-words"')
