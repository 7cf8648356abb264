"""Who may see, write and publish in the form of a statement."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import TestCase
from django.urls import reverse

from tests.admin.posting import LIST, posted_from
from tests.factories import make_text

# What is asked here is the same on any database.
pytestmark = pytest.mark.once


class PermissionTests(TestCase):
    def staff(self, *codenames):
        user = get_user_model().objects.create_user("staff", "", "password", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        self.client.force_login(user)
        return user

    def test_staff_without_permissions_get_none(self):
        self.staff()
        text = make_text()
        french = make_text(statement=text.statement, language="fr")

        for address in (
            LIST,
            f"{LIST}add/",
            f"{LIST}{text.statement_id}/change/",
            f"{LIST}{text.statement_id}/delete/",
            f"{LIST}tags/",
            f"{LIST}places/",
            f"/admin/statements/text/{french.pk}/change/",
            f"/admin/statements/text/add/?statement={text.statement_id}",
        ):
            with self.subTest(address=address):
                self.assertEqual(self.client.get(address).status_code, 404)

    def test_visitors_are_asked_to_sign_in(self):
        text = make_text()

        response = self.client.get(f"{LIST}{text.statement_id}/change/")

        self.assertRedirects(
            response,
            f"{reverse('admin:login')}?next={LIST}{text.statement_id}/change/",
            fetch_redirect_response=False,
        )

    def test_who_may_only_look_sees_no_form(self):
        self.staff("view_statement")
        text = make_text("Seen", body="<p>Read me.</p>")

        response = self.client.get(f"{LIST}{text.statement_id}/change/")

        self.assertContains(response, "Seen")
        self.assertNotContains(response, "Save draft")
        self.assertNotContains(response, "ckeditortype")
        refused = self.client.post(f"{LIST}{text.statement_id}/change/", {"title": "X"})
        self.assertEqual(refused.status_code, 404)

    def test_who_may_write_but_not_publish_saves_a_draft(self):
        self.staff("change_statement", "view_statement")
        text = make_text("Old")
        page = f"{LIST}{text.statement_id}/change/"
        response = self.client.get(page)
        self.assertNotContains(response, "Save and publish")

        self.client.post(page, posted_from(response) | {"title": "New", "_publish": "1"})

        text.refresh_from_db()
        self.assertEqual((text.live_revision.title, text.working_revision.title), ("Old", "New"))
