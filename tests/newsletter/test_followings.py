"""What is kept of who follows what: with consent, of one thing, and of the one that stays."""

from django.db import IntegrityError, transaction
from django.test import TestCase

from statements.ledger import merging
from statements.models import Following
from statements.organisations import workflow as organisations
from tests.admin.signed_in import make_staff
from tests.factories import (
    make_demand,
    make_event,
    make_follow_request,
    make_follower,
    make_organisation,
)


class MergedTests(TestCase):
    def test_who_followed_either_follows_the_one_that_stays_once(self):
        boss = make_staff("boss", "Publishers")
        for make, merge in (
            (make_organisation, organisations.merge),
            (make_demand, merging.merge),
        ):
            with self.subTest(make.__name__):
                gone, into = make(), make()
                only = make_follower(gone)
                both = make_follower(gone, into, rhythm="weekly")
                request = make_follow_request(gone)
                merge(gone, into, by=boss)

                kept = f"{into._meta.model_name} {into.pk}"
                for follower in (only, both):
                    self.assertEqual([str(one) for one in follower.followings.all()], [kept])
                request.refresh_from_db()
                self.assertEqual(str(request), kept)


class ConstraintTests(TestCase):
    def test_the_database_keeps_no_following_without_consent_or_of_two_things(self):
        make_follower()
        event, union = make_event(), make_organisation()
        for change in (
            {"consent_version": ""},
            {"event": event, "organisation": union},
            {"rhythm": "change"},
            {"rhythm": "hourly"},
        ):
            with self.subTest(change), self.assertRaises(IntegrityError), transaction.atomic():
                Following.objects.update(**change)
