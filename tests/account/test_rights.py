"""What accounts may do: given with care, and noted where it is refused (R-AU5)."""

from django.contrib.auth.models import User
from django.test import TestCase

from tests.account.test_sign_in import PASSWORD, acts, make_staff


class RightsTests(TestCase):
    def test_rights_are_given_only_by_somebody_who_was_just_asked(self):
        boss = User.objects.create_superuser("boss", password=PASSWORD)
        user = make_staff()
        address = f"/admin/auth/user/{user.pk}/change/"
        self.client.force_login(boss)
        to_confirm = "/account/confirm/?next=" + address.replace("/", "%2F")
        self.assertRedirects(self.client.get(address), to_confirm)
        self.assertRedirects(self.client.post(to_confirm, {"password": PASSWORD}), address)

        form = self.client.get(address).context["adminform"].form
        data = {
            "username": "amina",
            "is_active": "on",
            "is_staff": "on",
            "is_superuser": "on",
            "date_joined_0": form.instance.date_joined.date().isoformat(),
            "date_joined_1": form.instance.date_joined.time().isoformat("seconds"),
        }
        self.client.post(address, data)

        self.assertEqual(acts(), [("right-given", "is_superuser"), ("right-taken", "Publishers")])

    def test_what_an_account_may_not_do_is_noted_without_a_word_of_what_it_was_about(self):
        user = make_staff()
        self.client.force_login(user)
        with self.assertLogs("statements.account", "WARNING") as log:
            answer = self.client.get("/admin/statements/auditentry/?q=amina")

        self.assertEqual(answer.status_code, 404)
        refused = f"Account {user.pk} was refused statements_auditentry_changelist"
        self.assertEqual([line.getMessage() for line in log.records], [refused])
