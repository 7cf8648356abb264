from datetime import timedelta
from unittest import mock

from django.contrib.auth import get_user_model
from django.test import Client, TestCase
from django.utils import timezone

from statements.models import Presence
from tests.factories import make_text


class PresenceTests(TestCase):
    def setUp(self):
        self.text = make_text(published=False)
        self.translation = make_text(language="fr", statement=self.text.statement, published=False)
        self.address = f"/admin/statements/statement/{self.text.statement_id}"
        self.amina, self.bo = self.signed_in("amina"), self.signed_in("bo")

    def signed_in(self, name):
        client = Client()
        client.force_login(get_user_model().objects.create_superuser(name))
        return client

    def words(self, client, address=None):
        return client.post(f"{address or self.address}/open/").json()["words"]

    def test_two_who_have_a_form_open_are_told_of_each_other(self):
        self.assertContains(self.amina.get(f"{self.address}/change/"), f"{self.address}/open/")
        self.assertEqual(self.words(self.amina), "")
        self.assertEqual(self.words(self.bo), "Others who have this open: amina")
        self.assertEqual(self.words(self.amina), "Others who have this open: bo")

    def test_another_form_of_the_same_statement_is_not_meant(self):
        self.words(self.amina)

        self.assertEqual(self.words(self.bo, f"/admin/statements/text/{self.translation.pk}"), "")

    def test_whoever_is_silent_for_two_minutes_is_gone_and_forgotten_after_a_day(self):
        self.words(self.amina)
        later = timezone.now() + timedelta(minutes=3)
        with mock.patch("django.utils.timezone.now", return_value=later):
            self.assertEqual(self.words(self.bo), "")
        self.assertEqual(Presence.objects.count(), 2)

        Presence.objects.update(seen_at=timezone.now() - timedelta(days=2))
        Presence.objects.filter(user__username="bo").delete()
        self.words(self.bo)

        self.assertEqual([one.user.username for one in Presence.objects.all()], ["bo"])

    def test_a_page_that_is_open_keeps_no_session_alive(self):
        self.words(self.amina)
        for minutes in (20, 40):
            later = timezone.now() + timedelta(minutes=minutes)
            with mock.patch("time.time", return_value=later.timestamp()):
                answer = self.amina.post(f"{self.address}/open/")
            self.assertEqual(answer.status_code, 200 if minutes == 20 else 302)
