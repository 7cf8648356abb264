from io import StringIO

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import TestCase

from statements.models import AuditEntry, Erasure


def make_account(name):
    password = StringIO()
    call_command("make_account", name, stdout=password, stderr=StringIO())
    return password.getvalue().strip()


class MakeAccountTests(TestCase):
    def test_the_printed_password_opens_the_admin(self):
        password = make_account("admin")

        self.assertTrue(self.client.login(username="admin", password=password))
        self.assertEqual(self.client.get("/admin/").status_code, 200)

    def test_every_account_gets_a_password_of_its_own_and_a_long_one(self):
        one, other = make_account("one"), make_account("other")

        self.assertNotEqual(one, other)
        self.assertGreaterEqual(min(len(one), len(other)), 20)

    def test_a_second_run_changes_the_password_and_nothing_else(self):
        first = make_account("admin")
        get_user_model().objects.update(first_name="Amina")
        second = make_account("admin")

        # No backup that is restored brings the first one back.
        self.assertEqual(Erasure.objects.get().kind, Erasure.Kind.CREDENTIALS)
        account = get_user_model().objects.get()
        entry = AuditEntry.objects.get()
        self.assertEqual(
            (entry.act, entry.object_id, entry.actor), ("password-replaced", account.pk, None)
        )
        self.assertEqual(
            (account.first_name, account.check_password(first), account.check_password(second)),
            ("Amina", False, True),
        )
