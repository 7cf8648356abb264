"""Two editors at one statement, one of them at a translation: nobody waits for ever."""

from unittest import skipUnless

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client, TransactionTestCase

from statements.models import Text
from tests.admin.test_statement_form import posted_from
from tests.factories import make_text
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
