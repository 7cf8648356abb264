"""An administrator gives another account a password: the log and the note of erasures say so."""

from unittest import mock

from django.contrib.auth.models import User
from django.test import Client, TestCase

from statements.models import AuditEntry, Erasure
from tests.admin.signed_in import confirm, make_staff

NEW = "quite another long one"


class ReplacedPasswordTests(TestCase):
    def setUp(self):
        self.boss = User.objects.create_superuser("boss", password="a long enough password")
        self.other = make_staff("other")
        self.client.force_login(self.boss)
        confirm(self.client)

    def give(self, account, **changes):
        data = {"password1": NEW, "password2": NEW, "usable_password": "true"} | changes
        return self.client.post(f"/admin/auth/user/{account.pk}/password/", data)

    def entries(self):
        rows = AuditEntry.objects.order_by("number")
        return [(one.act, one.object_id, one.actor and one.actor.user) for one in rows]

    def test_whose_and_by_whom_is_in_the_log(self):
        theirs = Client()
        theirs.force_login(self.other)
        self.assertEqual(theirs.get("/admin/").status_code, 200)
        self.assertEqual(self.give(self.other).status_code, 302)

        self.other.refresh_from_db()
        self.assertTrue(self.other.check_password(NEW))
        self.assertEqual(self.entries(), [("password-replaced", self.other.pk, self.boss)])
        noted = Erasure.objects.get()
        self.assertEqual((noted.kind, noted.object_id), ("credentials", self.other.pk))
        self.assertEqual(theirs.get("/admin/").status_code, 302)
        self.assertEqual(self.client.get("/admin/").status_code, 200)

    def test_taking_it_away_is_the_same(self):
        self.give(self.other, usable_password="false", **{"unset-password": "1"})

        self.other.refresh_from_db()
        self.assertFalse(self.other.has_usable_password())
        self.assertEqual(self.entries(), [("password-replaced", self.other.pk, self.boss)])

    def test_what_is_refused_leaves_nothing(self):
        """With the form again, or with a way back to it."""
        self.assertEqual(self.give(self.other, password2="no").status_code, 200)
        self.assertEqual(self.give(self.other, usable_password="false").status_code, 302)

        self.other.refresh_from_db()
        self.assertTrue(self.other.check_password("a long enough password"))
        self.assertEqual((self.entries(), Erasure.objects.count()), ([], 0))

    def test_ones_own_is_changed_as_on_ones_own_page(self):
        self.give(self.boss)

        self.assertEqual(self.entries(), [("credentials-changed", self.boss.pk, self.boss)])
        self.assertEqual(self.client.get("/admin/").status_code, 200)

    def test_where_the_log_cannot_be_written_nothing_is_changed(self):
        with (
            mock.patch("statements.account.workflow.auditing.record", side_effect=OSError),
            self.assertRaises(OSError),
        ):
            self.give(self.other)

        self.other.refresh_from_db()
        self.assertTrue(self.other.check_password("a long enough password"))
        self.assertEqual(Erasure.objects.count(), 0)

    def test_an_account_that_is_not_there_has_none(self):
        for key in (999_999, "x"):
            page = self.client.get(f"/admin/auth/user/{key}/password/")
            self.assertEqual(page.status_code, 404, key)
