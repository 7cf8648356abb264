"""What cannot be undone asks for the password again (R-AU5)."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import TestCase

from statements.models import Person, Statement, Text
from tests.admin.signed_in import confirm, make_staff
from tests.factories import make_person, make_text

# What is asked here is the same on any database.
pytestmark = pytest.mark.once

PASSWORD = "a long enough password"


class ConfirmTests(TestCase):
    def setUp(self):
        self.boss = User.objects.create_superuser("boss", password=PASSWORD)
        self.client.force_login(self.boss)

    def test_deleting_asks_first_and_then_does_it(self):
        statement = make_text(published=False).statement
        translation = make_text(
            language="de", published=False, statement=make_text(published=False).statement
        )
        for address, rows in (
            (f"statements/statement/{statement.pk}", Statement),
            (f"statements/text/{translation.pk}", Text),
            (f"statements/person/{make_person().pk}", Person),
            (f"auth/user/{make_staff('somebody').pk}", User),
            (f"auth/group/{Group.objects.create(name='Some').pk}", Group),
        ):
            with self.subTest(address):
                there, address = rows.objects.count(), f"/admin/{address}/delete/"
                self.client.logout()
                self.client.force_login(self.boss)
                to_confirm = "/account/confirm/?next=" + address.replace("/", "%2F")
                sent = self.client.post(address, {"post": "yes"})
                self.assertRedirects(sent, to_confirm)
                self.assertEqual(rows.objects.count(), there)

                back = self.client.post(to_confirm, {"password": PASSWORD})
                self.assertRedirects(back, address)
                self.client.post(address, {"post": "yes"})
                self.assertEqual(rows.objects.count(), there - 1)

    def test_accounts_and_roles_ask_before_their_forms_open(self):
        other = make_staff("other")
        for address in (
            f"/admin/auth/user/{other.pk}/change/",
            f"/admin/auth/user/{other.pk}/password/",
            "/admin/auth/user/add/",
            f"/admin/auth/group/{Group.objects.first().pk}/change/",
        ):
            with self.subTest(address):
                self.client.logout()
                self.client.force_login(self.boss)
                to_confirm = "/account/confirm/?next=" + address.replace("/", "%2F")
                for answer in (self.client.get(address), self.client.post(address, {})):
                    self.assertRedirects(answer, to_confirm)
                confirm(self.client)
                self.assertEqual(self.client.get(address).status_code, 200)

    def test_no_page_deletes_accounts_or_roles_all_at_once(self):
        confirm(self.client)
        make_staff("other")
        for noun, rows in (("user", User), ("group", Group)):
            chosen = [str(pk) for pk in rows.objects.values_list("pk", flat=True)]
            there = len(chosen)
            data = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
            self.client.post(f"/admin/auth/{noun}/", data)

            self.assertEqual(rows.objects.count(), there)

    def test_who_may_not_is_not_asked(self):
        self.client.force_login(make_staff("moderator", "Moderators"))
        text, person = make_text(published=False), make_person()
        for address in (
            f"/admin/statements/statement/{text.statement_id}/delete/",
            f"/admin/statements/person/{person.pk}/delete/",
            f"/admin/auth/user/{self.boss.pk}/change/",
            f"/admin/auth/user/{self.boss.pk}/password/",
        ):
            self.assertEqual(self.client.get(address).status_code, 404)
