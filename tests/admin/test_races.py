"""Editors who do the same in the same moment: nobody waits for ever, nobody gets an error."""

import threading
from functools import partial
from unittest import mock, skipUnless

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client, TransactionTestCase

from statements.models import Demand, Event, Organisation, Person, Text
from statements.publishing import slugs
from tests.admin.posting import posted_from
from tests.admin.signed_in import rows
from tests.factories import make_event, make_text
from tests.publishing import test_races


@skipUnless(connection.vendor == "postgresql", "SQLite has one writer at a time")
class FormRaceTests(TransactionTestCase):
    def test_a_statement_its_translation_and_previews_saved_at_once_get_answers(self):
        user = get_user_model().objects.create_superuser("ed")
        text = make_text()
        french = make_text(statement=text.statement, language="fr", published=False)
        pages = (
            f"/admin/statements/statement/{text.statement_id}/",
            f"/admin/statements/text/{french.pk}/",
        )

        editor = Client()
        editor.force_login(user)
        # Beforehand, since the test client mixes up the contexts of pages rendered at once.
        forms = [posted_from(editor.get(f"{page}change/")) for page in pages]

        def act(number):
            of, page = number % 2, pages[number % 2]
            if number % 4 > 1:
                return editor.get(f"{page}preview/").status_code
            saved = Text.objects.select_related("statement").get(pk=(text, french)[of].pk)
            data = forms[of] | {
                "title": f"Title {number}",
                "working_revision": saved.working_revision_id,
                "edition": (saved.statement, saved)[of].edition,
                "_publish": "1",
            }
            return editor.post(f"{page}change/", data).status_code

        answers = test_races.at_once([lambda n=n: act(n) for n in range(24)])

        # 200 is the page that shows what another editor saved.
        self.assertLessEqual(set(answers), {200, 302}, answers)
        self.assertIn(302, answers)
        self.assertTrue(Text.objects.get(pk=french.pk).is_public)


GIVEN = {"language": "en", "slug": "", "edition": "0"} | rows("names")
FORMS = {
    Event: {"name": "N", "type": "strike"} | GIVEN,
    Organisation: {"name": "N"} | GIVEN,
    Demand: {"wording": "N", "kind": "labour"} | GIVEN | rows("demand_people") | rows("letters"),
    Person: {"name": "N", "shown_as": "full"} | GIVEN,
}
EDITORS = 4
# Our form's refusal, or the model's where the other one saved while ours was being checked.
TAKEN = r"Another record has, or had, this address: <a href=|with this Address already exists\."


@skipUnless(connection.vendor == "postgresql", "SQLite has one writer at a time")
class AddressRaceTests(TransactionTestCase):
    """Each editor's form has found the address free before any of them saves."""

    def setUp(self):
        self.user = get_user_model().objects.create_superuser("ed")

    def editor(self):
        client = Client()
        client.force_login(self.user)
        return client

    def answers(self, *posts):
        """What each post answers, when none goes on before all have looked for the address."""
        all_have_looked, seen = threading.Barrier(len(posts)), threading.local()
        look = slugs.slug_is_taken

        def look_and_wait(*args, **options):
            found = look(*args, **options)
            if not hasattr(seen, "waited"):
                seen.waited = True
                all_have_looked.wait(30)
            return found

        acts = [partial(self.editor().post, page, data) for page, data in posts]
        with mock.patch("statements.publishing.slugs.slug_is_taken", look_and_wait):
            return test_races.at_once(acts)

    def assert_one_got_it(self, answers, refusal):
        saved = [one for one in answers if getattr(one, "status_code", 0) == 302]
        refused = [one for one in answers if getattr(one, "status_code", 0) == 200]
        self.assertEqual((len(saved), len(refused)), (1, EDITORS - 1), answers)
        for response in refused:
            self.assertRegex(response.content.decode(), refusal)

    def test_an_address_typed_by_several_goes_to_one_and_the_others_are_told(self):
        for model, fields in FORMS.items():
            with self.subTest(model.__name__):
                page = f"/admin/statements/{model._meta.model_name}/add/"
                data = fields | {"slug": "wanted"}

                self.assert_one_got_it(self.answers(*[(page, data)] * EDITORS), TAKEN)
                self.assertEqual(model.objects.filter(slug="wanted").count(), 1)

    def test_an_address_made_of_a_name_is_another_one_for_each(self):
        for model, fields in FORMS.items():
            with self.subTest(model.__name__):
                page = f"/admin/statements/{model._meta.model_name}/add/"
                answers = self.answers(*[(page, fields)] * EDITORS)

                self.assertEqual([one.status_code for one in answers], [302] * EDITORS)
                self.assertEqual(
                    sorted(model.objects.values_list("slug", flat=True)), ["n", "n-2", "n-3", "n-4"]
                )

    def test_records_that_are_to_get_one_address_do_not_share_it(self):
        data = FORMS[Event] | {"slug": "wanted"}
        events = [make_event() for _n in range(EDITORS)]
        posts = [(f"/admin/statements/event/{event.pk}/change/", data) for event in events]

        self.assert_one_got_it(self.answers(*posts), TAKEN)

    def test_statements_that_are_to_get_one_address_do_not_share_it(self):
        page = "/admin/statements/statement/add/"
        data = posted_from(self.editor().get(page)) | {"title": "T", "slug": "wanted"}

        self.assert_one_got_it(
            self.answers(*[(page, data)] * EDITORS),
            "Another record has, or had, this address: <a href=",
        )
        self.assertEqual(Text.objects.filter(slug="wanted").count(), 1)
