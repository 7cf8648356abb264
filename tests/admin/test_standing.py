import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import TestCase

from statements.models import Correction, Statement
from statements.publishing import standing
from tests.factories import make_text

# What is asked here is the same on any database.
pytestmark = pytest.mark.once


class StandingPageTests(TestCase):
    def setUp(self):
        self.text = make_text("Lower the rents")
        self.address = f"/admin/statements/statement/{self.text.statement_id}/standing/"
        self.client.force_login(get_user_model().objects.create_superuser("editor"))

    def test_an_editor_withdraws_a_statement_and_readers_are_told_why(self):
        self.assertContains(
            self.client.get(f"/admin/statements/statement/{self.text.statement_id}/change/"),
            self.address,
        )
        response = self.client.post(
            self.address, {"to": "withdrawn", "note": "The union asked for it."}, follow=True
        )

        self.assertContains(response, "Now: Withdrawn by its organisation.")
        entry = Correction.objects.get()
        self.assertEqual(
            (entry.kind, entry.note, entry.language),
            ("withdrawal", "The union asked for it.", "en"),
        )

    def test_what_is_missing_is_said_and_what_was_typed_stays(self):
        for said, error in (
            ({"to": "retracted"}, "Readers are told why"),
            ({"to": "taken-down", "note": "Typed before."}, "A take-down needs a reason."),
            ({"note": "Typed before."}, "This field is required."),
        ):
            with self.subTest(said):
                response = self.client.post(self.address, said)
                self.assertContains(response, error)
                self.assertContains(response, said.get("note", ""))
        self.assertEqual(Statement.objects.get().standing, "current")

    def test_a_move_that_somebody_made_first_is_not_made_twice(self):
        standing.change_standing(self.text.statement, "withdrawn", note="First.")

        response = self.client.post(self.address, {"to": "withdrawn", "note": "Second."})

        self.assertContains(response, "Select a valid choice.")
        self.assertEqual([one.note for one in Correction.objects.all()], ["First."])

    def test_a_draft_has_none_and_only_who_may_publish_changes_it(self):
        draft = make_text(published=False).statement_id
        self.assertEqual(
            self.client.get(f"/admin/statements/statement/{draft}/standing/").status_code, 404
        )
        reader = get_user_model().objects.create_user("reader", is_staff=True)
        group = Group.objects.create(name="Readers")
        reader.groups.add(group)
        self.client.force_login(reader)

        self.assertEqual(self.client.post(self.address, {"to": "archived"}).status_code, 404)
        self.assertEqual(self.text.statement.standing, "current")
