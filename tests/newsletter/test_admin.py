"""What administrators see of followers: how many there are."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from statements.models import Mailing
from tests.factories import make_demand, make_event, make_follow_request, make_follower

PAGE = "/admin/statements/sitesettings/followers/"


class CountsTests(TestCase):
    def setUp(self):
        self.client.force_login(get_user_model().objects.create_superuser("boss"))

    def begin(self, follower, **ago):
        moment = timezone.now()
        return Mailing.objects.create(
            follower=follower,
            rhythm="daily",
            told_from=moment,
            told_until=moment,
            claimed_at=moment - timedelta(**ago),
        )

    def test_they_are_counted_and_no_address_stands_there(self):
        amina = make_follower(make_event(), email="amina@example.org", rhythm="weekly")
        make_follower(make_demand(), email="bo@example.org", rhythm="change")
        make_follower(email="cy@example.org")
        make_follow_request(email="di@example.org")
        old = self.begin(amina, minutes=10)
        begun = self.begin(amina, minutes=1)
        page = self.client.get(PAGE)

        self.assertContains(page, "3 addresses follow")
        self.assertContains(page, "1 address is not confirmed yet.")
        for row in (
            "<td>0</td><td>1</td><td>0</td>",
            "<td>0</td><td>0</td><td>1</td>",
            "<td>1</td><td>0</td><td>0</td>",
            "<td>2</td><td>0</td><td>0</td><td>0</td>",
        ):
            self.assertContains(page, row, html=False)
        self.assertContains(page, old.handle)
        self.assertNotContains(page, begun.handle)
        self.assertNotContains(page, "example.org")
        for one in (amina.handle, amina.seed, amina.email_digest):
            self.assertNotContains(page, one)

    def test_the_first_page_says_when_nobody_knows_whether_a_mail_left(self):
        self.assertNotContains(self.client.get("/admin/"), "whether it left")
        self.begin(make_follower(), minutes=10)

        self.assertContains(
            self.client.get("/admin/"), "1 mail of which nobody knows whether it left"
        )

    def test_it_costs_the_same_however_many_there_are(self):
        self.client.get(PAGE)
        counts = []
        for _round in range(2):
            with CaptureQueriesContext(connection) as found:
                self.client.get(PAGE)
            counts.append(len(found))
            for _number in range(3):
                self.begin(make_follower(make_event()), minutes=10)
        self.assertEqual(counts[0], counts[1])

    def test_no_noun_of_the_admin_is_a_follower(self):
        for noun in ("follower", "following", "followrequest", "mailing"):
            self.assertEqual(self.client.get(f"/admin/statements/{noun}/").status_code, 404)
